"""Registering and moving on a real database: what is written, what is refused, and how many statements it takes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from hotline.clocks import services as clocks
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation import queries as organisation
from hotline.refusal import Refused
from hotline.vault import queries as vault
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Note, Order
from hotline.workorder.services import NewOrder
from hotline.workorder.views import InboxQuery
from tests.world import PHONE, World

Counter = Callable[[int], AbstractContextManager[None]]
HEAT = {"kind": "help", "matter_code": "0201001"}


@pytest.fixture
def order_id(world: World) -> int:
    """An accepted order about cold rooms, in the first town."""
    town = next(area for area in organisation.areas(world.authority_id) if area.level == "town")
    taken = world.take(**HEAT, area_code=town.code, title="锦绣家园暖气不热")
    world.move(taken.order_id, "accept", world.viewer("agent"))
    return taken.order_id


def dispatched(world: World, order_id: int, role: str = "urban") -> int:
    unit = world.unit(role)
    world.move(order_id, "dispatch", world.viewer("dispatcher"), unit_id=str(unit.id))
    return unit.id


def test_registering_takes_five_statements(world: World, count_queries: Counter) -> None:
    authority = organisation.authority(world.authority_id)
    assert authority is not None
    key = vault.open_keys([authority.key_id])[authority.key_id]
    new = NewOrder(world.authority_id, "phone", key, {"appeal": "路灯不亮"}, anonymous=True)
    workorder.register(new=new, actor=SYSTEM, at=world.at)
    with count_queries(5):
        taken = workorder.register(new=new, actor=SYSTEM, at=world.at)
    assert taken.number != ""
    assert "路灯" not in str(list(Note.objects.values_list("body", flat=True))), "texts are sealed"


def test_a_move_takes_eight_statements_at_most(world: World, order_id: int, count_queries: Counter) -> None:
    unit = world.unit("urban")
    dispatcher = world.viewer("dispatcher").actor()
    with count_queries(8):
        workorder.move(order_id=order_id, facts=said.Dispatched(unit.id), actor=dispatcher, at=world.at,
                       texts={"dispatch_opinion": "请尽快"})  # fmt: skip
    clerk = world.clerk(order_id).actor()
    with count_queries(4):
        workorder.move(order_id=order_id, facts=said.Signed(), actor=clerk, at=world.at)


def test_pages_stay_within_their_statements(world: World, order_id: int, count_queries: Counter) -> None:
    dispatched(world, order_id)
    supervisor = world.viewer("supervisor")
    orders.order(order_id, supervisor, world.at)
    for _ in range(5):
        world.take("门口的路灯坏了一个星期", phone=None, anonymous=True)
    with count_queries(10):
        orders.order(order_id, supervisor, world.at)
    with count_queries(8):
        page = orders.inbox(supervisor, InboxQuery(), world.at)
    assert page.total == 6
    with count_queries(1):
        assert orders.tally(supervisor, world.at).waiting == {"registered": 5, "dispatched": 1}
    with count_queries(1):
        assert [each.open for each in orders.by_area(supervisor, world.at)] == [1]


def test_a_refused_move_leaves_no_trace(world: World, order_id: int) -> None:
    before = (world.events(order_id), Note.objects.count(), Order.objects.get(pk=order_id).version)
    with pytest.raises(Refused) as refused:
        world.move(order_id, "dispatch", world.viewer("dispatcher"), unit_id="999999")
    assert refused.value.reasons[0].code == "unit_unknown"
    assert (world.events(order_id), Note.objects.count(), Order.objects.get(pk=order_id).version) == before


@pytest.mark.parametrize(
    ("action", "role", "typed", "status"),
    [
        ("sign", "agent", {}, 409),  # not in that state
        ("dispatch", "agent", {"unit_id": "1"}, 403),  # not an agent's to do
        ("dispatch", "leader", {"unit_id": "1"}, 403),
        ("amend", "agent", {"matter_code": "9999999"}, 422),
    ],
)
def test_refusals_have_their_status(
    world: World, order_id: int, action: str, role: str, typed: dict[str, str], status: int
) -> None:
    with pytest.raises(Refused) as refused:
        world.move(order_id, action, world.viewer(role), **typed)
    assert refused.value.status == status


def test_a_unit_sees_and_moves_its_own_orders_only(world: World, order_id: int) -> None:
    mine = dispatched(world, order_id, "urban")
    other = world.viewer("clerk", world.unit("housing"))
    with pytest.raises(Refused) as refused:
        orders.order(order_id, other, world.at)
    assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        world.move(order_id, "sign", other)
    assert refused.value.status == 404, "a stranger does not learn that it exists"
    assert orders.inbox(other, InboxQuery(), world.at).rows == ()
    clerk = world.clerk(order_id)
    assert clerk.unit_id == mine
    (row,) = orders.inbox(clerk, InboxQuery(), world.at).rows
    assert (row.order_id, row.next_action, row.person.name, row.person.phone) == (
        order_id, "sign", "张**", "138****5678",
    )  # fmt: skip
    assert orders.inbox(clerk, InboxQuery(words=PHONE), world.at).total == 1


def test_an_assisting_unit_sees_but_does_not_sign(world: World, order_id: int) -> None:
    lead, assist = world.unit("urban"), world.unit("housing")
    world.move(order_id, "dispatch", world.viewer("dispatcher"), unit_id=str(lead.id), assist_ids=[str(assist.id)])  # type: ignore[arg-type]
    helper = world.viewer("clerk", assist)
    assert [each.unit.id for each in world.order(order_id, helper).assists] == [assist.id]
    with pytest.raises(Refused) as refused:
        world.move(order_id, "sign", helper)
    assert refused.value.status == 403


def test_a_stranger_of_another_authority_finds_nothing(world: World, order_id: int) -> None:
    stranger = Actor("staff", "1", "supervisor", 10**6)
    with pytest.raises(Refused) as refused:
        workorder.move(order_id=order_id, facts=said.MarkedUrgent(), actor=stranger, at=world.at,
                       texts={"dispatch_opinion": "急"})  # fmt: skip
    assert refused.value.status == 404


def test_secrecy_hides_the_person_from_units_only(world: World) -> None:
    taken = world.take(**HEAT, secret=True)
    world.move(taken.order_id, "accept", world.viewer("agent"))
    dispatched(world, taken.order_id)
    clerk = world.order(taken.order_id, world.clerk(taken.order_id)).person
    assert (clerk.name, clerk.phone, clerk.revealable, clerk.secret) == ("", "", False, True)
    agent = world.order(taken.order_id, world.viewer("agent")).person
    assert (agent.name, agent.revealable) == ("张**", True)


def test_actions_are_drawn_from_the_law(world: World, order_id: int) -> None:
    found = {action.action: action for action in world.order(order_id, world.viewer("dispatcher")).actions}
    assert found["dispatch"].allowed
    assert found["dispatch"].primary
    assert [field.name for field in found["dispatch"].fields][:2] == ["unit_id", "assist_ids"]
    assert not found["redispatch"].allowed
    assert found["redispatch"].reasons[0].code == "not_in_state"
    assert world.order(order_id, world.viewer("leader")).actions == ()


def test_lists_filter_search_and_sort(world: World, order_id: int) -> None:
    supervisor = world.viewer("supervisor")
    unit = dispatched(world, order_id)
    light = world.take("滨河路的路灯坏了", phone=None, anonymous=True, kind="complaint").order_id
    world.walk()

    def found(**asked: object) -> list[int]:
        return [row.order_id for row in orders.inbox(supervisor, InboxQuery(**asked), world.at).rows]  # type: ignore[arg-type]

    assert found() == [order_id, light], "what runs out first comes first, what has no clock last"
    assert found(order_by="newest") == [light, order_id]
    assert found(states=("registered",)) == [light]
    assert found(matter="0201") == [order_id]
    assert found(unit_id=unit) == [order_id]
    assert found(words="路灯") == [light]
    assert found(words="灯") == [], "one character is no word"
    assert found(words="5678") == [order_id]
    assert found(words=Order.objects.get(pk=light).number.lower()) == [light]
    assert found(overdue=True) == []
    world.pass_time(days=30)
    assert found(overdue=True) == [order_id]
    assert found(per_page=1, page=2) == [light]


def test_limits_passed_are_noted_once(world: World, order_id: int) -> None:
    dispatched(world, order_id)
    world.at += timedelta(days=60)
    assert clocks.note_passed(at=world.at) == 3
    assert clocks.note_passed(at=world.at) == 0
    assert [event.kind for event in world.events(order_id)].count("clock.limit_passed") == 3

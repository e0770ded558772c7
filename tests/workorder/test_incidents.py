"""Incidents: one cause, many orders; what is said reaches everybody once, in few statements, and names nobody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from hotline.contact.models import Message
from hotline.ledger import queries as ledger
from hotline.ledger import services as ledgers
from hotline.ledger.record import Actor, Stream
from hotline.organisation import queries as organisation
from hotline.refusal import Refused
from hotline.workorder import incident as thinking
from hotline.workorder import queries, services
from hotline.workorder.models import IncidentNotice, Order
from tests.walks.steps import accept, dispatch_to, reply, sign
from tests.world import World

Counter = Callable[[int], AbstractContextManager[None]]
GAS, LEAK, WATER = "0203001", "0203002", "0202001"
WORDS = "城北片区停气，抢修人员已到场。"


def county(world: World) -> str:
    """The one county."""
    return next(area.code for area in organisation.areas(world.authority_id) if area.level == "county")


def towns(world: World) -> tuple[str, ...]:
    """Its towns."""
    return tuple(area.code for area in organisation.areas(world.authority_id).children(county(world)))


def call(world: World, number: int = 0, matter_code: str = GAS, **said: object) -> int:
    """Somebody calls about the gas; everybody from another number."""
    given = {"phone": f"139{number:08d}", "area_code": towns(world)[0], "kind": "help", **said}
    return world.take("家里停气了，做不了饭。", matter_code=matter_code, **given).order_id


def opened(world: World, order_id: int | None = None, **said: object) -> int:
    """An incident on a new order."""
    given: dict[str, object] = {"area_codes": [towns(world)[0]], "words": WORDS, **said}
    actor = world.viewer("agent").actor()
    return services.open_incident(order_id=order_id or call(world), actor=actor, at=world.at, **given)  # type: ignore[arg-type]


def kinds(incident_id: int) -> list[str]:
    return [event.kind for event in ledger.timeline(Stream("incident", incident_id))]


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def told(template: str) -> set[int]:
    """The orders whose residents were told by this template."""
    return set(Message.objects.filter(template=template).values_list("stream_id", flat=True))


def test_an_incident_is_opened_announced_and_found(world: World, count_queries: Counter) -> None:
    head = call(world)
    soon = world.at + timedelta(hours=8)
    incident_id = opened(world, head, words_en="Gas is off in the north.", expected_at=soon)
    with count_queries(1):
        (found,) = queries.active(world.authority_id, world.at)
    assert (found.id, found.head_id, found.matter_code, found.area_codes) == (
        incident_id, head, GAS, (towns(world)[0],),
    )  # fmt: skip
    assert (found.joined, found.expected_at, found.joinable) == (1, soon, True)
    assert found.announcement is not None
    assert (found.announcement.words, found.announcement.words_en) == (WORDS, "Gas is off in the north.")
    assert found.news is None
    assert kinds(incident_id) == ["incident.opened", "incident.announced"]
    world.walk()
    assert told("incident_joined") == {head}
    found_by_order = queries.incident_of(head)
    assert found_by_order is not None
    assert found_by_order.id == incident_id
    assert ledgers.verify().ok


def test_the_ledger_holds_no_words(world: World) -> None:
    incident_id = opened(world)
    services.progress(incident_id=incident_id, words="已恢复一半。", actor=world.viewer("agent").actor(), at=world.at)
    told_by = ledger.timeline(Stream("incident", incident_id))
    assert "城北" not in repr(told_by)
    assert all(len(str(event.facts["words"])) == 64 for event in told_by if "words" in event.facts)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"words": ""}, "words_missing"),
        ({"words": "停" * 501}, "words_too_long"),
        ({"words": "停气了，请打 13812345678 找老王。"}, "words_personal"),
        ({"words_en": "Call 0736-7123456 please."}, "words_personal"),
        ({"words": "湘A12345 挖断了管道。"}, "words_personal"),
        ({"area_codes": []}, "areas_missing"),
        ({"area_codes": ["000000"]}, "area_unknown"),
        ({"area_codes": ["1"] * 51}, "areas_too_many"),
    ],
)
def test_what_everybody_reads_is_checked(world: World, said: dict[str, object], code: str) -> None:
    head = call(world)
    with pytest.raises(Refused) as refused:
        opened(world, head, **said)
    assert code in codes(refused)
    assert queries.incident_of(head) is None


def test_all_that_is_wrong_is_said_at_once(world: World) -> None:
    order_id = world.take("家里停气了。").order_id
    with pytest.raises(Refused) as refused:
        opened(world, order_id, words="", area_codes=[], expected_at=world.at - timedelta(minutes=1))
    assert set(codes(refused)) == {"matter_missing", "areas_missing", "words_missing", "expected_past"}


def test_the_number_that_has_to_go_is_named(world: World) -> None:
    with pytest.raises(Refused) as refused:
        opened(world, words="停气了，请打 13812345678。")
    assert refused.value.reasons[0].params["said"] == "13812345678"


def test_an_order_carries_one_incident_at_a_time(world: World) -> None:
    head = call(world)
    opened(world, head)
    with pytest.raises(Refused) as refused:
        opened(world, head)
    assert codes(refused) == ["incident_exists"]


def test_nothing_stands_on_an_order_that_is_answered_or_merged(world: World) -> None:
    member, head = call(world, 1), call(world, 2)
    services.merge(head_id=head, member_ids=[member], actor=world.viewer("agent").actor(), at=world.at)
    with pytest.raises(Refused) as refused:
        opened(world, member)
    assert codes(refused) == ["head_answered"]


@pytest.mark.parametrize("role", ["caller_back", "grid_worker", "leader", "admin"])
def test_who_does_not_speak_for_the_hotline_opens_none(world: World, role: str) -> None:
    head = call(world)
    with pytest.raises(Refused) as refused:
        services.open_incident(
            order_id=head, area_codes=towns(world)[:1], words=WORDS, actor=world.viewer(role).actor(), at=world.at
        )
    assert refused.value.status == 403


def test_a_resident_opens_none(world: World) -> None:
    head = call(world)
    mine = Actor("resident", id=f"order:{head}")
    with pytest.raises(Refused) as refused:
        services.open_incident(order_id=head, area_codes=towns(world)[:1], words=WORDS, actor=mine, at=world.at)
    assert refused.value.status == 403


def test_a_unit_speaks_for_what_it_leads_and_for_nothing_else(world: World) -> None:
    head = call(world)
    accept(world, head, GAS)
    dispatch_to(world, head, world.unit("gas").id)
    stranger, own = world.viewer("clerk", world.unit("water")), world.clerk(head)
    with pytest.raises(Refused) as refused:
        services.open_incident(
            order_id=head, area_codes=towns(world)[:1], words=WORDS, actor=stranger.actor(), at=world.at
        )
    assert refused.value.status == 404, "it does not even learn that there is such an order"
    incident_id = services.open_incident(
        order_id=head, area_codes=towns(world)[:1], words=WORDS, actor=own.actor(), at=world.at
    )
    with pytest.raises(Refused) as refused:
        services.progress(incident_id=incident_id, words="好了", actor=stranger.actor(), at=world.at)
    assert refused.value.status == 404
    services.progress(incident_id=incident_id, words="正在抢修。", actor=own.actor(), at=world.at)


def test_joining_keeps_every_caller(world: World) -> None:
    incident_id, agent = opened(world), world.viewer("agent")
    members = [call(world, number) for number in range(1, 4)]
    moved = services.join(incident_id=incident_id, order_ids=members, actor=agent.actor(), at=world.at)
    assert {each.state for each in moved} == {"merged"}
    (view,) = queries.active(world.authority_id, world.at)
    assert view.joined == 4
    page = queries.incident(incident_id, agent)
    assert page.states == {"registered": 1, "merged": 3}
    assert [each.id for each in page.orders] == [view.head_id, *members]
    world.walk()
    assert told("incident_joined") == {view.head_id, *members}
    assert not told("merged"), "one message, not two"


def test_plain_merging_is_told_as_such(world: World) -> None:
    head, member = call(world, 1), call(world, 2)
    services.merge(head_id=head, member_ids=[member], actor=world.viewer("agent").actor(), at=world.at)
    world.walk()
    assert told("merged") == {member}
    assert not told("incident_joined")


def test_a_resident_joins_with_their_own_appeal_only_what_is_an_incident(world: World) -> None:
    head, mine, other = call(world, 1), call(world, 2), call(world, 3)
    me = Actor("resident", id=f"order:{mine}")
    with pytest.raises(Refused) as refused:
        services.merge(head_id=head, member_ids=[mine], actor=me, at=world.at)
    assert "no_incident" in codes(refused)
    incident_id = opened(world, head)
    with pytest.raises(Refused) as refused:
        services.join(incident_id=incident_id, order_ids=[other], actor=me, at=world.at)
    assert "not_own_appeal" in codes(refused)
    (moved,) = services.join(incident_id=incident_id, order_ids=[mine], actor=me, at=world.at)
    assert moved.state == "merged"


def test_progress_and_restoration_reach_three_hundred_in_few_statements(world: World, count_queries: Counter) -> None:
    head = call(world)
    incident_id, agent = opened(world, head), world.viewer("agent").actor()
    model = Order.objects.get(pk=call(world, 1))
    services.join(incident_id=incident_id, order_ids=[model.pk], actor=agent, at=world.at)
    model.refresh_from_db()
    for number in range(299):  # the same household has called again and again
        model.pk, model.number = None, f"{model.number[:12]}X{number:04d}"
        model.save(force_insert=True)
    world.walk()
    with count_queries(9):
        services.progress(incident_id=incident_id, words="已修好一半。", actor=agent, at=world.at)
    events = [
        event
        for order_id in Order.objects.filter(head_id=head).values_list("pk", flat=True)
        for event in ledger.timeline(Stream("order", order_id), kinds=["order.incident_progressed"])
    ]
    assert len(events) == 300
    with count_queries(9):
        services.tell_notices(events=events, at=world.at)
    services.tell_notices(events=events, at=world.at)
    assert Message.objects.filter(template="incident_progress").count() == 300, "each once, however often it is asked"
    with count_queries(9):
        services.restore(incident_id=incident_id, words="已恢复供气。", actor=agent, at=world.at)
    world.walk()
    assert len(told("incident_restored")) == 301
    assert len(told("incident_progress")) == 301


def test_who_took_the_appeal_back_is_told_nothing_more(world: World) -> None:
    incident_id, agent, gone = opened(world), world.viewer("agent"), call(world, 1)
    services.join(incident_id=incident_id, order_ids=[gone], actor=agent.actor(), at=world.at)
    world.move(gone, "withdraw", Actor("resident", id=f"order:{gone}"), reason="solved_already")
    services.progress(incident_id=incident_id, words="已修好一半。", actor=agent.actor(), at=world.at)
    world.walk()
    (view,) = queries.active(world.authority_id, world.at)
    assert view.joined == 1
    assert told("incident_progress") == {view.head_id}


def test_an_announcement_is_said_anew_without_a_message(world: World) -> None:
    incident_id, agent = opened(world), world.viewer("dispatcher").actor()
    services.progress(incident_id=incident_id, words="在修。", actor=agent, at=world.at)
    services.announce(incident_id=incident_id, words="城北和城东停气。", actor=agent, at=world.at)
    (view,) = queries.active(world.authority_id, world.at)
    assert view.announcement is not None
    assert view.announcement.words == "城北和城东停气。"
    assert [each.kind for each in view.notices] == ["announcement", "progress", "announcement"]
    assert kinds(incident_id)[-1] == "incident.announced"


def test_two_who_speak_at_once_hear_of_each_other(world: World) -> None:
    incident_id, agent = opened(world), world.viewer("agent").actor()
    (seen,) = {view.version for view in queries.active(world.authority_id, world.at)}
    services.progress(incident_id=incident_id, words="在修。", actor=agent, at=world.at, seen=seen)
    with pytest.raises(Refused) as refused:
        services.progress(incident_id=incident_id, words="在修。", actor=agent, at=world.at, seen=seen)
    assert refused.value.status == 409
    assert IncidentNotice.objects.count() == 2


def test_what_is_restored_is_joined_by_nobody_and_restored_once(world: World) -> None:
    incident_id, agent = opened(world), world.viewer("agent").actor()
    services.restore(incident_id=incident_id, words="已恢复供气。", actor=agent, at=world.at)
    assert queries.near(world.authority_id, GAS, towns(world)[0], world.at) is None
    for verb in (
        lambda: services.join(incident_id=incident_id, order_ids=[call(world, 1)], actor=agent, at=world.at),
        lambda: services.restore(incident_id=incident_id, words="又恢复。", actor=agent, at=world.at),
        lambda: services.widen(incident_id=incident_id, area_codes=[towns(world)[1]], actor=agent, at=world.at),
    ):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.status == 409
    assert len(queries.active(world.authority_id, world.at)) == 1, "for a day it is still told that it is over"
    assert not queries.active(world.authority_id, world.at + timedelta(hours=25))


def test_widening_covers_what_lies_below(world: World) -> None:
    incident_id, agent = opened(world), world.viewer("agent").actor()
    first, second, *_ = towns(world)
    assert queries.near(world.authority_id, GAS, second, world.at) is None
    services.widen(incident_id=incident_id, area_codes=[second], actor=agent, at=world.at)
    assert queries.active(world.authority_id, world.at)[0].area_codes == (first, second)
    services.widen(incident_id=incident_id, area_codes=[county(world)], actor=agent, at=world.at)
    assert queries.active(world.authority_id, world.at)[0].area_codes == (county(world),), "it holds the towns already"
    assert kinds(incident_id)[-2:] == ["incident.widened", "incident.widened"]


def test_near_knows_what_belongs_to_it(world: World, count_queries: Counter) -> None:
    incident_id = opened(world)
    first, second, *_ = towns(world)
    asked = {
        (GAS, first): incident_id,
        ("0203005", first): incident_id,  # the same group of matters
        (GAS, county(world)): incident_id,  # the place is not known closely enough
        (GAS, ""): incident_id,
        (GAS, second): None,
        (WATER, first): None,
        (LEAK, first): None,  # a leak must not wait among those whose gas is only cut off
        ("", first): None,
    }
    for (matter, area), wanted in asked.items():
        found = queries.near(world.authority_id, matter, area, world.at)
        assert (found.id if found else None) == wanted, (matter, area)
    with count_queries(1):
        queries.near(world.authority_id, GAS, first, world.at)


def test_the_nearest_of_several_is_offered(world: World) -> None:
    first, second, *_ = towns(world)
    wide = opened(world, call(world, 1), area_codes=[county(world)])
    other = opened(world, call(world, 2, "0203005"), area_codes=[first])
    assert {queries.near(world.authority_id, GAS, place, world.at).id for place in (first, second)} == {wide}  # type: ignore[union-attr]
    assert queries.near(world.authority_id, "0203005", first, world.at).id == other  # type: ignore[union-attr]


def test_what_came_before_can_be_joined_at_one_stroke(world: World, count_queries: Counter) -> None:
    before = [call(world, number) for number in range(1, 4)]
    elsewhere, other = call(world, 5, area_code=towns(world)[1]), call(world, 6, WATER)
    incident_id, dispatcher = opened(world), world.viewer("dispatcher")
    view = queries.incident_view(incident_id, world.authority_id)
    with count_queries(3):
        found = queries.candidates(view, dispatcher)
    assert [each.order_id for each in found] == before
    assert not {elsewhere, other, view.head_id} & {each.order_id for each in found}
    assert found[0].title
    services.join(incident_id=incident_id, order_ids=before, actor=dispatcher.actor(), at=world.at)
    assert queries.candidates(queries.incident_view(incident_id, world.authority_id), dispatcher) == ()


def test_an_incident_closes_when_nobody_waits_any_more(world: World) -> None:
    head, member = call(world, 1), call(world, 2)
    accept(world, head, GAS)
    dispatch_to(world, head, world.unit("gas").id)
    sign(world, head)
    incident_id, agent = opened(world, head), world.viewer("agent").actor()
    services.join(incident_id=incident_id, order_ids=[member], actor=agent, at=world.at)
    reply(world, head)
    world.walk()
    assert queries.near(world.authority_id, GAS, towns(world)[0], world.at) is None, "an answered head takes nobody in"
    caller = world.viewer("caller_back")
    for order_id in (head, member):
        assert services.close_incidents(at=world.at) == 0
        world.move(order_id, "record_result", caller, contacted="yes", solved="yes", satisfaction="satisfied")
        world.move(order_id, "close", caller)
        world.walk()
    assert services.close_incidents(at=world.at) == 1
    assert services.close_incidents(at=world.at) == 0
    assert kinds(incident_id)[-1] == "incident.closed"
    (listed,) = queries.listed(world.authority_id, world.at)
    assert (listed.state, listed.closed_at) == ("closed", world.at)
    assert not queries.active(world.authority_id, world.at)


def test_elsewhere_there_is_no_such_incident(world: World) -> None:
    incident_id = opened(world)
    with pytest.raises(Refused) as refused:
        queries.incident_view(incident_id, world.authority_id + 10**6)
    assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        services.join(incident_id=incident_id + 10**6, order_ids=[1], actor=world.viewer("agent").actor(), at=world.at)
    assert refused.value.status == 404


def test_labels_name_every_state_and_notice() -> None:
    assert set(thinking.STATE_LABELS) == {"open", "restored", "closed"}
    assert set(thinking.NOTICE_LABELS) == set(services.incidents.PAST)

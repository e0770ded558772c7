"""What happens to orders because time passes or the rules around them change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from hotline.ledger.record import SYSTEM
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Order
from hotline.workorder.services.alike import move_alike
from tests.world import World, small_pack

Counter = Callable[[int], AbstractContextManager[None]]


def waiting(world: World) -> int:
    order_id = world.take(kind="help", matter_code="0201001").order_id
    world.move(order_id, "accept", world.viewer("agent"))
    world.move(order_id, "dispatch", world.viewer("dispatcher"), unit_id=str(world.unit("urban").id))
    clerk = world.clerk(order_id)
    world.move(order_id, "sign", clerk)
    world.move(order_id, "pause", clerk, reason="access", guidance="请约定上门时间。")
    return order_id


def state(order_id: int) -> str:
    return orders.codes([order_id])[order_id].state


def test_what_waits_for_its_resident_goes_on_after_the_days_that_the_city_gives(world: World) -> None:
    order_id = waiting(world)
    days = policies.current(world.authority_id, world.at).handling.pause_days
    world.pass_time(days=days - 1)
    assert workorder.resume_due(at=world.at) == 0
    world.pass_time(days=2)
    assert workorder.resume_due(at=world.at) == 1
    assert state(order_id) == "signed"
    reply = next(c for c in world.order(order_id, world.clerk(order_id)).clocks if c.kind == "reply")
    assert reply.due_at > world.at, "the days of waiting do not count against the unit"


def test_the_residents_word_lets_the_clock_go_on(world: World) -> None:
    order_id = waiting(world)
    world.pass_time(days=3)
    world.move(order_id, "supplement", world.viewer("agent"), supplement="周六上午在家。")
    assert state(order_id) == "signed"


def test_what_can_no_longer_be_opened_again_is_archived(world: World) -> None:
    order_id = world.take().order_id
    world.move(order_id, "decline", world.viewer("agent"), reason="no_substance", guidance="请说明具体情况。")
    days = policies.current(world.authority_id, world.at).handling.reopen_days
    world.pass_time(days=days - 1)
    assert workorder.archive_due(at=world.at) == 0
    world.pass_time(days=2)
    assert workorder.archive_due(at=world.at) == 1
    order = Order.objects.get(pk=order_id)
    assert (order.state, order.outcome) == ("archived", "declined")
    assert workorder.archive_due(at=world.at) == 0


def test_new_rules_reach_only_what_nobody_was_given_yet(world: World) -> None:
    undecided = world.take(kind="help", matter_code="0201001").order_id
    given = waiting(world)
    before = orders.codes([given])[given].policy_version_id
    pack = small_pack()
    changed = replace(pack, handling=replace(pack.handling, reopen_days=pack.handling.reopen_days + 7))
    version = publishing.publish(pack=changed, authority_id=world.authority_id, at=world.at)
    world.walk()
    found = orders.codes([undecided, given])
    assert (found[undecided].policy_version_id, found[given].policy_version_id) == (version, before)
    (event,) = [each for each in world.events(undecided) if each.kind == "order.policy_adopted"]
    assert event.facts["policy_version_id"] == version


def test_small_moves_are_written_together(world: World, count_queries: Counter) -> None:
    ids = [world.take(f"第{n}件").order_id for n in range(12)]
    area = next(iter(small_pack().areas)).code
    moves = dict.fromkeys(ids, said.Rerouted(area_code=area))
    move_alike(moves={ids[0]: said.Rerouted(area_code=area)}, actor=SYSTEM, at=world.at)
    with count_queries(5):
        assert len(move_alike(moves=moves, actor=SYSTEM, at=world.at)) == 12
    assert set(Order.objects.values_list("area_code", "version")) == {(area, 2), (area, 3)}
    with pytest.raises(ValueError, match="one by one"):
        move_alike(moves={ids[0]: said.Signed()}, actor=SYSTEM, at=world.at)

"""A resident's story, told through the services: cold rooms, from the first word to the last."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hotline.callback import services as callback
from hotline.channels.file import services as outbox
from hotline.clocks import queries as clocks
from hotline.dispatch import queries as suggestions
from hotline.dispatch import services as dispatch
from hotline.handling import services as handling
from hotline.ledger import services as ledger
from hotline.refusal import Refused
from hotline.residents import services as residents
from hotline.understanding import queries as readings
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder.views import InboxQuery
from tests.world import PHONE, TEXT, World


def replied(world: World, solved: bool = True) -> said.Replied:
    return said.Replied(True, False, True, solved, world.at, "" if solved else "needs_time")


REPLY_TEXTS = {
    "reply_public": "已上门清洗过滤器，复测室温20度。",
    "reply_internal": "更换过滤器一只。",
    "contacted_number": "6118",
}


def to_reply(world: World, order_id: int) -> None:
    """From registered to replied, by the people whose turn it is."""
    world.walk()
    world.move(order_id, "amend", world.viewer("agent"), kind="help", matter_code="0201001")
    world.move(order_id, "accept", world.viewer("agent"))
    world.walk()
    found = suggestions.suggestion(order_id)
    assert found is not None
    dispatch.decide(order_id=order_id, unit_id=found.units[0].unit_id, viewer=world.viewer("dispatcher"), at=world.at)
    world.pass_time(minutes=20)
    clerk = world.clerk(order_id)
    handling.act(order_id=order_id, facts=said.Signed(), viewer=clerk, at=world.at)
    world.pass_time(hours=5)
    handling.act(order_id=order_id, facts=replied(world), texts=REPLY_TEXTS, viewer=clerk, at=world.at)


def test_an_appeal_walks_all_the_way(world: World) -> None:
    taken = world.take(TEXT)
    assert orders.prove(number=taken.number, code="00000000") is None or taken.query_code == "00000000"
    mine = orders.prove(number=taken.number, code=taken.query_code)
    assert mine is not None
    assert mine.order_id == taken.order_id

    world.walk()
    reading = readings.readings([taken.order_id])[taken.order_id]
    assert reading.matters[0].value.startswith("0201"), "heating"
    assert reading.urgency.value in {"urgent", "critical"}
    to_reply(world, taken.order_id)

    dispatched = next(event for event in world.events(taken.order_id) if event.kind == "order.dispatched")
    assert dispatched.facts["rank"] == 1, "what was suggested and what was taken stand in the event"
    caller = world.viewer("caller_back")
    for _ in range(2):
        world.pass_time(hours=3)
        callback.act(
            order_id=taken.order_id, facts=said.CallbackAttempted("no_answer"), actor=caller.actor(), at=world.at
        )
    result = said.ResultRecorded(contacted=True, solved=True, satisfaction="very_satisfied")
    moved = callback.act(order_id=taken.order_id, facts=result, actor=caller.actor(), at=world.at)
    assert moved.state == "closed"

    order = world.order(taken.order_id, world.viewer("supervisor"))
    assert (order.state, order.outcome, order.solved, order.attempts) == ("closed", "solved", True, 2)
    assert {clock.kind: clock.outcome for clock in order.clocks} == {
        "sign": "met", "contact": "met", "reply": "met", "callback": "met",
    }  # fmt: skip
    kinds = [event.kind for event in world.events(taken.order_id)]
    assert kinds == [
        "order.registered", "order.read", "order.amended", "order.accepted", "order.dispatched", "order.signed",
        "order.replied", "order.callback_attempted", "order.callback_attempted", "order.result_recorded",
        "order.closed",
    ]  # fmt: skip
    proof = ledger.verify()
    assert proof.ok
    assert not clocks.running("order").exists()


def test_the_resident_is_told_and_reads_the_answer(world: World, data_dir: Path) -> None:
    taken = world.take(TEXT)
    to_reply(world, taken.order_id)
    world.walk()
    outbox.deliver_due(at=world.at)
    (day,) = (data_dir / "outbox").glob("*.jsonl")
    lines = [json.loads(line) for line in day.read_text().splitlines()]
    told = [line["template"] for line in lines]
    assert told == ["registered", "dispatched", "replied"]
    assert taken.number in lines[0]["body"]
    assert taken.query_code in lines[0]["body"]
    public = orders.public(taken.order_id, world.at)
    assert public.texts["reply_public"] == REPLY_TEXTS["reply_public"]
    assert "更换过滤器" not in repr(public), "the internal text is nobody's business outside"
    assert PHONE not in repr(public)


def test_not_solved_goes_back_and_comes_again(world: World) -> None:
    taken = world.take(TEXT)
    to_reply(world, taken.order_id)
    mine = orders.prove(number=taken.number, code=taken.query_code)
    assert mine is not None
    unhappy = said.ResultRecorded(contacted=False, solved=False, satisfaction="dissatisfied")
    assert callback.act(order_id=taken.order_id, facts=unhappy, actor=mine.actor, at=world.at).state == "evaluated"
    with pytest.raises(Refused) as refused:
        world.move(taken.order_id, "close", world.viewer("caller_back"))
    assert refused.value.reasons[0].code == "unsolved"
    world.move(taken.order_id, "rework", world.viewer("caller_back"), reason="not_contacted", callback_remark="请联系")
    order = world.order(taken.order_id, world.clerk(taken.order_id))
    assert (order.state, order.rounds, order.solved) == ("dispatched", 1, None)
    assert [clock.kind for clock in order.clocks if clock.outcome == ""] == ["sign", "reply"]


def test_two_people_and_one_order(world: World) -> None:
    """The second is told what changed, and nothing of the first is overwritten."""
    taken = world.take(TEXT, kind="help", matter_code="0201001")
    agent, supervisor = world.viewer("agent"), world.viewer("supervisor")
    seen = world.order(taken.order_id, agent).version
    world.move(taken.order_id, "amend", supervisor, seen=seen, kind="complaint")
    with pytest.raises(Refused) as refused:
        world.move(taken.order_id, "amend", agent, seen=seen, kind="consult")
    assert refused.value.status == 409
    assert refused.value.reasons[0].params["action"] == "核对更正"
    assert world.order(taken.order_id, agent).kind == "complaint"


def test_forgetting_a_resident(world: World) -> None:
    """Their key is gone: nothing can be read or found, and the ledger still verifies."""
    taken = world.take(TEXT, place="锦绣家园7栋")
    world.walk()
    supervisor = world.viewer("supervisor")

    def found(words: str) -> int:
        return orders.inbox(supervisor, InboxQuery(words=words), world.at).total

    assert (found("暖气"), found(PHONE), found("5678"), found(taken.number)) == (1, 1, 1, 1)
    resident = world.order(taken.order_id, supervisor).person.resident_id
    assert resident is not None
    residents.erase(resident_id=resident, actor=supervisor.actor(), at=world.at)
    world.walk()
    assert (found("暖气"), found(PHONE), found("5678"), found(taken.number)) == (0, 0, 0, 1)
    order = world.order(taken.order_id, supervisor)
    assert order.texts == {}
    assert order.person.erased
    assert readings.readings([taken.order_id]) == {}
    assert ledger.verify().ok

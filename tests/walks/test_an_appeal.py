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
from tests.walks.steps import ask, own_clocks, refused
from tests.world import PHONE, TEXT, World


def replied(city: World, solved: bool = True) -> said.Replied:
    return said.Replied(True, False, True, solved, city.at, "" if solved else "needs_time")


REPLY_TEXTS = {
    "reply_public": "已上门清洗过滤器，复测室温20度。",
    "reply_internal": "更换过滤器一只。",
    "contacted_number": "6118",
}


def to_reply(city: World, order_id: int) -> None:
    """From registered to replied, by the people whose turn it is."""
    city.walk()
    city.move(order_id, "amend", city.viewer("agent"), kind="help", matter_code="0201001")
    city.move(order_id, "accept", city.viewer("agent"))
    city.walk()
    found = suggestions.suggestion(order_id)
    assert found is not None
    dispatch.decide(order_id=order_id, unit_id=found.units[0].unit_id, viewer=city.viewer("dispatcher"), at=city.at)
    city.pass_time(minutes=20)
    clerk = city.clerk(order_id)
    handling.act(order_id=order_id, facts=said.Signed(), viewer=clerk, at=city.at)
    city.pass_time(hours=5)
    handling.act(order_id=order_id, facts=replied(city), texts=REPLY_TEXTS, viewer=clerk, at=city.at)


def test_an_appeal_walks_all_the_way(city: World) -> None:
    taken = city.take(TEXT)
    assert orders.prove(number=taken.number, code="00000000") is None or taken.query_code == "00000000"
    mine = orders.prove(number=taken.number, code=taken.query_code)
    assert mine is not None
    assert mine.order_id == taken.order_id

    city.walk()
    reading = readings.readings([taken.order_id])[taken.order_id]
    assert reading.matters[0].value.startswith("0201"), "heating"
    assert reading.urgency.value in {"urgent", "critical"}
    to_reply(city, taken.order_id)

    dispatched = next(event for event in city.events(taken.order_id) if event.kind == "order.dispatched")
    assert dispatched.facts["rank"] == 1, "what was suggested and what was taken stand in the event"
    caller = city.viewer("caller_back")
    for _ in range(2):
        city.pass_time(hours=3)
        callback.act(
            order_id=taken.order_id, facts=said.CallbackAttempted("no_answer"), actor=caller.actor(), at=city.at
        )
    assert ask(city, taken.order_id, caller.actor()) == "closed"

    order = city.order(taken.order_id, city.viewer("supervisor"))
    assert (order.state, order.outcome, order.solved, order.attempts) == ("closed", "solved", True, 2)
    kinds = own_clocks(city, "sign", "contact", "reply", "callback")
    assert {clock.kind: clock.outcome for clock in order.clocks} == dict.fromkeys(kinds, "met")
    assert [event.kind for event in city.events(taken.order_id)] == [
        "order.registered", "order.read", "order.amended", "order.accepted", "order.dispatched", "order.signed",
        "order.replied", "order.callback_attempted", "order.callback_attempted", "order.result_recorded",
        "order.closed",
    ]  # fmt: skip
    proof = ledger.verify()
    assert proof.ok
    assert not clocks.running("order").exists()


def test_the_resident_is_told_and_reads_the_answer(city: World, data_dir: Path) -> None:
    taken = city.take(TEXT)
    to_reply(city, taken.order_id)
    city.walk()
    outbox.deliver_due(at=city.at)
    (day,) = (data_dir / "outbox").glob("*.jsonl")
    lines = [json.loads(line) for line in day.read_text().splitlines()]
    told = [line["template"] for line in lines]
    assert told == ["registered", "dispatched", "replied"]
    assert taken.number in lines[0]["body"]
    assert taken.query_code in lines[0]["body"]
    public = orders.public(taken.order_id, city.at)
    assert public.texts["reply_public"] == REPLY_TEXTS["reply_public"]
    assert "更换过滤器" not in repr(public), "the internal text is nobody's business outside"
    assert PHONE not in repr(public)


def test_not_solved_goes_back_and_comes_again(city: World) -> None:
    taken = city.take(TEXT)
    to_reply(city, taken.order_id)
    mine = orders.prove(number=taken.number, code=taken.query_code)
    assert mine is not None
    assert ask(city, taken.order_id, mine.actor, solved=False) == "evaluated"
    assert "unsolved" in refused(city, taken.order_id, "close", city.viewer("caller_back"))
    city.move(taken.order_id, "rework", city.viewer("caller_back"), reason="not_contacted", callback_remark="请联系")
    order = city.order(taken.order_id, city.clerk(taken.order_id))
    assert (order.state, order.rounds, order.solved) == ("dispatched", 1, None)
    assert [clock.kind for clock in order.clocks if clock.outcome == ""] == ["sign", "contact", "reply"]


def test_two_people_and_one_order(city: World) -> None:
    """The second is told what changed, and nothing of the first is overwritten."""
    taken = city.take(TEXT, kind="help", matter_code="0201001")
    agent, supervisor = city.viewer("agent"), city.viewer("supervisor")
    seen = city.order(taken.order_id, agent).version
    city.move(taken.order_id, "amend", supervisor, seen=seen, kind="complaint")
    with pytest.raises(Refused) as found:
        city.move(taken.order_id, "amend", agent, seen=seen, kind="consult")
    assert found.value.status == 409
    assert found.value.reasons[0].params["action"] == "核对更正"
    assert city.order(taken.order_id, agent).kind == "complaint"


def test_forgetting_a_resident(city: World) -> None:
    """Their key is gone: nothing can be read or found, and the ledger still verifies."""
    taken = city.take(TEXT, place="锦绣家园7栋")
    city.walk()
    supervisor = city.viewer("supervisor")

    def found(words: str) -> int:
        return orders.inbox(supervisor, InboxQuery(words=words), city.at).total

    assert (found("暖气"), found(PHONE), found("5678"), found(taken.number)) == (1, 1, 1, 1)
    resident = city.order(taken.order_id, supervisor).person.resident_id
    assert resident is not None
    residents.erase(resident_id=resident, actor=supervisor.actor(), at=city.at)
    city.walk()
    assert (found("暖气"), found(PHONE), found("5678"), found(taken.number)) == (0, 0, 0, 1)
    order = city.order(taken.order_id, supervisor)
    assert order.texts == {}
    assert order.person.erased
    assert readings.readings([taken.order_id]) == {}
    assert ledger.verify().ok

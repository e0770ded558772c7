"""The five ways out of intake, and the answer at once: nobody is silently turned away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.clocks import queries as clocks
from hotline.intake import services as intake
from hotline.intake.exits import ExitChoice
from hotline.knowledge import queries as knowledge
from hotline.ledger import services as ledger
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from tests.walks.steps import told
from tests.world import World

EXITS = [
    (ExitChoice("emergency", line="119", phoned=True), "transferred", "119"),
    (ExitChoice("legal_route", route="litigation"), "referred", ""),
    (ExitChoice("refuse", reason="outside_city"), "declined", ""),
    (ExitChoice("abuse"), "declined", ""),
]


@pytest.mark.parametrize(("choice", "state", "words"), EXITS, ids=lambda value: getattr(value, "exit", None))
def test_who_is_not_taken_on_hears_why_and_where_to_go(
    city: World, data_dir: Path, choice: ExitChoice, state: str, words: str
) -> None:
    taken = city.take("隔壁楼道起火了，有浓烟，请马上派人。")
    moved = intake.decide_exit(order_id=taken.order_id, choice=choice, viewer=city.viewer("agent"), at=city.at)
    assert moved.state == state
    assert [line["template"] for line in told(city, data_dir)] == ["registered", state]
    public = orders.public(taken.order_id, city.at)
    assert (public.state, public.outcome) == (state, state)
    assert words in public.texts["guidance"]
    assert public.texts["guidance"]
    assert not clocks.running("order").exists()
    with pytest.raises(Refused) as refused:
        city.move(taken.order_id, "accept", city.viewer("agent"))
    assert refused.value.status == 409, "what has left intake does not come back by itself"


def test_what_is_taken_on_waits_for_the_dispatcher(city: World) -> None:
    taken = city.take(kind="help")
    choice = ExitChoice("process")
    moved = intake.decide_exit(order_id=taken.order_id, choice=choice, viewer=city.viewer("agent"), at=city.at)
    assert moved.state == "accepted"
    assert city.order(taken.order_id, city.viewer("dispatcher")).waits_in == "dispatch"


def test_a_question_is_answered_at_once_from_a_valid_entry(city: World, data_dir: Path) -> None:
    question = "物业费没交能停水停电吗？"
    taken = city.take(question, kind="consult")
    city.walk()
    entry = knowledge.search(city.authority_id, question, city.at)[0]
    agent = city.viewer("agent")
    choice = ExitChoice("answer", entry_id=entry.id)
    moved = intake.decide_exit(order_id=taken.order_id, choice=choice, viewer=agent, at=city.at)
    assert moved.state == "closed"
    order = city.order(taken.order_id, agent)
    assert (order.outcome, order.texts["reply_public"]) == ("answered", entry.answer)
    event = city.events(taken.order_id)[-1]
    assert (event.kind, event.facts["entry_id"]) == ("order.answered", entry.id), "the ledger says on what it stands"
    assert [line["template"] for line in told(city, data_dir)] == ["registered", "answered"]
    assert ledger.verify().ok


@pytest.mark.parametrize("entry", ["expired", "unknown", "none"])
def test_an_answer_at_once_needs_an_entry_that_holds_today(city: World, entry: str) -> None:
    taken = city.take("物业费没交能停水停电吗？", kind="consult")
    found = knowledge.search(city.authority_id, "物业费没交能停水停电吗？", city.at)[0]
    entry_id = {"expired": found.id, "unknown": found.id + 10**6, "none": None}[entry]
    if entry == "expired":
        city.pass_time(days=(found.valid_until - city.at.date()) / timedelta(days=1))
    choice = ExitChoice("answer", entry_id=entry_id)
    with pytest.raises(Refused) as refused:
        intake.decide_exit(order_id=taken.order_id, choice=choice, viewer=city.viewer("agent"), at=city.at)
    assert [reason.field for reason in refused.value.reasons] == ["entry_id"]
    assert city.order(taken.order_id, city.viewer("agent")).state == "registered"

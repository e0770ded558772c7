"""How it ends: who closes, the last word, what is opened again, what is taken in at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.callback import services as callback
from hotline.workorder import facts as said
from hotline.workorder import services as workorder
from tests.walks.steps import ask, at_the_bureau, displeased, paper, pleased, refused, reply, resident, sign
from tests.world import World


def replied(city: World) -> int:
    order_id = at_the_bureau(city)
    sign(city, order_id)
    assert reply(city, order_id) == "replied"
    return order_id


def test_who_closes_and_whether_it_closes_by_itself(city: World) -> None:
    order_id, rules = replied(city), city.policy.callback
    caller = city.viewer("caller_back")
    result = said.ResultRecorded(contacted=True, solved=True, satisfaction=pleased(city))
    state = callback.act(order_id=order_id, facts=result, actor=caller.actor(), at=city.at).state
    assert state == ("closed" if rules.auto_close else "evaluated")
    if rules.auto_close:
        return
    for role in ("caller_back", "supervisor"):
        viewer = city.viewer(role)
        if role not in rules.closers:
            assert refused(city, order_id, "close", viewer) == ["not_closer"]
        else:
            assert city.move(order_id, "close", viewer) == "closed"


def test_fairly_satisfied_counts_as_the_city_counts_it(city: World) -> None:
    order_id, rules = replied(city), city.policy.callback
    [step] = [each for each in rules.scale if each.code == "basically_satisfied"]
    result = said.ResultRecorded(contacted=True, solved=True, satisfaction=step.code)
    state = callback.act(order_id=order_id, facts=result, actor=city.viewer("caller_back").actor(), at=city.at).state
    assert state == ("closed" if step.satisfied and rules.auto_close else "evaluated")


def test_only_the_steps_of_the_own_scale_are_answers(city: World) -> None:
    order_id, caller = replied(city), city.viewer("caller_back")
    known = {step.code for step in city.policy.callback.scale}
    for code in ("very_satisfied", "satisfied", "dissatisfied", "very_dissatisfied"):
        if code not in known:
            answer = {"contacted": "true", "solved": "true", "satisfaction": code}
            assert refused(city, order_id, "record_result", caller, **answer) == ["choice_unknown"]


def test_given_up_after_as_many_calls_as_the_city_asks_for(city: World) -> None:
    order_id, caller = replied(city), city.viewer("caller_back")
    for _ in range(city.policy.callback.attempts):
        assert refused(city, order_id, "give_up_callback", caller) == ["callback_first"]
        city.pass_time(hours=6)
        city.move(order_id, "attempt_callback", caller, outcome="no_answer")
    assert city.move(order_id, "give_up_callback", caller) == "closed"
    assert city.order(order_id, city.viewer("supervisor")).outcome == "unreached"


def test_sent_back_too_often_it_is_answered_for_good(city: World) -> None:
    """The last word stands on a stamped paper; after it only new facts open the matter, by a supervisor's hand."""
    order_id, supervisor = replied(city), city.viewer("supervisor")
    again = {"reason": "not_solved", "callback_remark": "请再办一次。"}
    for _ in range(city.policy.handling.escalate_rounds):
        ask(city, order_id, city.viewer("caller_back").actor(), solved=False)
        city.move(order_id, "rework", supervisor, **again)
        sign(city, order_id)
        reply(city, order_id)
    ask(city, order_id, city.viewer("caller_back").actor(), solved=False)
    assert refused(city, order_id, "rework", supervisor, **again) == ["escalate_instead"]
    final = {"basis": "solved_lawfully", "approver": "centre_head", "reply_public": "已依法办理到位，这是最终答复。"}
    assert refused(city, order_id, "final_answer", supervisor, **final) == ["paper_missing"]
    assert refused(city, order_id, "final_answer", supervisor, file_ids=["1"], **final) == ["file_unknown"]  # type: ignore[arg-type]
    file_id = str(paper(city, order_id))
    assert city.move(order_id, "final_answer", supervisor, file_ids=[file_id], **final) == "closed"  # type: ignore[arg-type]
    assert refused(city, order_id, "reopen", city.viewer("agent"), reason="new_facts") == ["final"]
    assert refused(city, order_id, "reopen", supervisor, reason="recurred") == ["final"]
    assert city.move(order_id, "reopen", supervisor, reason="new_facts", supplement="有新的检测报告。") == "accepted"


def test_opened_again_within_the_citys_days_archived_afterwards(city: World) -> None:
    order_id = replied(city)
    ask(city, order_id, city.viewer("caller_back").actor())
    days, agent = city.policy.handling.reopen_days, city.viewer("agent")
    city.pass_time(days=days)
    assert workorder.archive_due(at=city.at) == 0
    assert city.move(order_id, "reopen", agent, reason="recurred") == "accepted"
    city.move(order_id, "decline", agent, reason="same_facts_answered", guidance="已答复过，没有新情况。")
    city.pass_time(days=days, minutes=1)
    assert refused(city, order_id, "reopen", agent, reason="recurred") == ["not_in_state"]
    assert workorder.archive_due(at=city.at) == 1
    assert city.order(order_id, city.viewer("supervisor")).state == "archived"


def test_after_the_days_it_is_a_new_appeal(city: World) -> None:
    taken = city.take(area_code=city.towns()[0])
    agent = city.viewer("agent")
    city.move(taken.order_id, "amend", agent, kind="consult")
    entry = {"entry_id": "1", "reply_public": "已按规定答复。"}
    city.move(taken.order_id, "answer", agent, **entry)
    city.at += timedelta(days=city.policy.handling.reopen_days, seconds=1)
    mine = resident(city, taken)
    assert refused(city, taken.order_id, "reopen", mine, reason="recurred") == ["reopening_over"]


def test_petitions_are_sent_on_or_taken_in(city: World) -> None:
    taken, agent = city.take("征地补偿的事我要上访。"), city.viewer("agent")
    told = {"route": "petition", "guidance": "此事已由信访部门办理，请向其查询。"}
    if city.policy.intake.petition == "refer":
        assert city.move(taken.order_id, "refer", agent, **told) == "referred"
        return
    assert refused(city, taken.order_id, "refer", agent, **told) == ["petition_accepted"]
    city.move(taken.order_id, "amend", agent, kind="complaint", matter_code="0101001")
    city.move(taken.order_id, "accept", agent)
    unit = str(city.unit("petition").id)
    assert city.move(taken.order_id, "dispatch", city.viewer("dispatcher"), unit_id=unit) == "dispatched"


@pytest.mark.parametrize("role", ["caller_back", "dispatcher"])
def test_not_solved_is_closed_by_a_supervisor_with_words_only(city: World, role: str) -> None:
    order_id = replied(city)
    answer = {"contacted": "true", "solved": "false", "satisfaction": displeased(city)}
    city.move(order_id, "record_result", city.viewer("caller_back"), **answer)
    assert "unsolved" in refused(city, order_id, "close", city.viewer(role))
    supervisor = city.viewer("supervisor")
    assert refused(city, order_id, "close", supervisor) == ["close_why"]
    assert city.move(order_id, "close", supervisor, close_remark="现行政策不支持，已当面说明。") == "closed"

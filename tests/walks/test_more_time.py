"""More time: extensions, waiting for the resident, hanging, urgency; each city counts and decides otherwise."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.clocks import queries as clocks
from hotline.clocks.reckoning import prolonged
from hotline.organisation import queries as organisation
from hotline.organisation.viewer import Viewer
from hotline.policy import deadlines
from hotline.workorder import services as workorder
from hotline.workorder.queries.standing import ask_until
from tests.walks.steps import accept, at_the_bureau, bureau, clock, county_centre, refused, reply, sign, told
from tests.world import World

ASKED = {"reason": "works", "extension_reason": "配件要从外地调运。"}


def signed(city: World) -> int:
    order_id = at_the_bureau(city)
    sign(city, order_id)
    return order_id


def deciders(city: World, order_id: int) -> tuple[Viewer, Viewer, str]:
    """Who decides on more time in this city, who does not, and what these are told."""
    lead = organisation.unit_index(city.authority_id).get(bureau(city, "housing").id)
    assert lead is not None
    if city.policy.extension.approver == "hotline":
        return city.viewer("dispatcher"), city.viewer("dispatcher", county_centre(city)), "centre_decides"
    return city.viewer("dispatcher", county_centre(city)), city.clerk(order_id), "upper_decides"


def test_more_time_is_asked_for_and_decided_as_often_as_the_city_allows(city: World) -> None:
    rules, order_id = city.policy.extension, signed(city)
    decider, other, code = deciders(city, order_id)
    too_much = str(rules.each.amount + 1)
    clerk = city.clerk(order_id)
    assert refused(city, order_id, "ask_extension", clerk, extension_asked=too_much, **ASKED) == ["extension_too_long"]
    for times in range(1, rules.times + 1):
        before = clock(city, order_id, "reply").due_at
        city.move(order_id, "ask_extension", clerk, extension_asked=str(rules.each.amount), **ASKED)
        assert "extension_waits" in refused(city, order_id, "ask_extension", clerk, extension_asked="1", **ASKED)
        assert refused(city, order_id, "grant_extension", other) == [code]
        city.pass_time(minutes=10)
        city.move(order_id, "grant_extension", decider)
        now = clock(city, order_id, "reply")
        assert (now.due_at, now.extensions) == (
            prolonged(before, rules.each, clocks.calendar_of(city.policy)), times
        )  # fmt: skip
    assert "no_extension_left" in refused(city, order_id, "ask_extension", clerk, extension_asked="1", **ASKED)
    assert "nothing_asked" in refused(city, order_id, "grant_extension", decider)


def test_refused_the_clock_stays_as_it_is(city: World) -> None:
    order_id = signed(city)
    decider, _, _ = deciders(city, order_id)
    before = clock(city, order_id, "reply")
    city.move(order_id, "ask_extension", city.clerk(order_id), extension_asked="1", **ASKED)
    city.move(order_id, "refuse_extension", decider, extension_remark="可按期办结。")
    assert clock(city, order_id, "reply") == before


def test_more_time_is_asked_for_in_time(city: World) -> None:
    """A working day before in one city; in the other on the last day still, until five in the afternoon."""
    order_id = signed(city)
    rules, policy = city.policy.extension, city.policy
    until = ask_until({"reply": clock(city, order_id, "reply")}, policy)
    assert until is not None
    assert until < clock(city, order_id, "reply").due_at
    assert rules.ask_until is None or until.timetz().replace(tzinfo=None) == rules.ask_until
    clerk = city.clerk(order_id)
    city.at = until + timedelta(seconds=1)
    assert refused(city, order_id, "ask_extension", clerk, extension_asked="1", **ASKED) == ["asked_too_late"]
    city.at = until
    city.move(order_id, "ask_extension", clerk, extension_asked="1", **ASKED)


def test_waiting_for_the_resident_stops_the_clock_to_the_minute(city: World, data_dir: Path) -> None:
    order_id = signed(city)
    before = clock(city, order_id, "reply")
    paused = {"reason": "access", "guidance": "请告诉我们哪天在家。"}
    city.pass_time(minutes=17)
    assert city.move(order_id, "pause", city.clerk(order_id), **paused) == "waiting"
    assert told(city, data_dir)[-1]["template"] == "waiting"
    assert clock(city, order_id, "reply").paused_at == city.at
    city.pass_time(hours=2)
    assert city.move(order_id, "supplement", city.viewer("agent"), supplement="周六上午在家。") == "signed"
    now = clock(city, order_id, "reply")
    assert (now.paused_at, now.due_at > before.due_at) == (None, True)
    assert clock(city, order_id, "review").outcome == "met"


def test_a_wait_ends_by_itself_after_as_long_as_the_city_allows(city: World) -> None:
    order_id = signed(city)
    city.move(order_id, "pause", city.clerk(order_id), reason="documents", guidance="请带票据来。")
    review = clock(city, order_id, "review").due_at
    assert review >= city.at + timedelta(days=city.policy.handling.pause_days - 1)
    city.at = review
    assert workorder.resume_due(at=city.at) == 0
    city.pass_time(minutes=1)
    assert workorder.resume_due(at=city.at) == 1
    order = city.order(order_id, city.viewer("supervisor"))
    assert (order.state, city.events(order_id)[-1].actor.kind) == ("signed", "system")


def test_what_cannot_be_done_now_is_hung_with_a_day_to_look_again(city: World, data_dir: Path) -> None:
    order_id = signed(city)
    supervisor, most = city.viewer("supervisor"), city.policy.handling.hang_days
    hung = {"reason": "funds", "approver": "government", "guidance": "已列入明年计划，到时复查。"}
    too_far = (city.at + timedelta(days=most + 1)).isoformat()
    assert refused(city, order_id, "hang", supervisor, review_at=too_far, **hung) == ["review_day"]
    assert "not_your_role" in refused(city, order_id, "hang", city.clerk(order_id), review_at=too_far, **hung)
    day = city.at + timedelta(days=most)
    assert city.move(order_id, "hang", supervisor, review_at=day.isoformat(), **hung) == "hung"
    assert clock(city, order_id, "review").due_at == day
    assert clock(city, order_id, "reply").paused_at == city.at
    assert told(city, data_dir)[-1]["template"] == "hung"
    city.at = day
    assert city.move(order_id, "unhang", city.clerk(order_id)) == "signed"
    assert told(city, data_dir)[-1]["template"] == "unhung"
    assert reply(city, order_id) == "replied"
    assert clock(city, order_id, "reply").outcome == "met", "the wait was not the unit's"


def test_a_question_to_the_caller_stops_the_wait_for_dispatch(city: World, data_dir: Path) -> None:
    taken = city.take("那个地方又坏了。")
    agent = city.viewer("agent")
    asked = city.move(taken.order_id, "ask_supplement", agent, missing="place", guidance="请说明在哪条路、几号。")
    assert asked == "incomplete"
    assert told(city, data_dir)[-1]["template"] == "supplement_asked"
    city.pass_time(hours=5)
    city.move(taken.order_id, "supplement", agent, supplement="建设路12号门口。")
    order = city.order(taken.order_id, agent)
    assert (order.state, order.texts["supplement"]) == ("registered", "建设路12号门口。")
    assert {each.kind for each in order.clocks if each.stopped_at is None and each.paused_at is None} <= {"dispatch"}


@pytest.mark.parametrize("urgency", ["urgent", "critical"])
def test_what_turns_urgent_at_the_unit_is_due_sooner_never_later(city: World, urgency: str) -> None:
    order_id = signed(city)
    before = clock(city, order_id, "reply").due_at
    city.move(order_id, f"mark_{urgency}", city.viewer("supervisor"), dispatch_opinion="有老人受伤。")
    limit = deadlines.limit_for(city.policy, "reply", kind="help", matter_code="0101001", urgency=urgency,
                                channel="web", level="county")  # fmt: skip
    assert limit is not None
    assert clock(city, order_id, "reply").due_at == min(before, clocks.due_for(city.policy, limit, city.at))


def test_a_critical_appeal_is_dispatched_within_minutes_where_the_city_says_so(city: World) -> None:
    taken = city.take("家里闻到很浓的煤气味，燃气报警器一直响。")
    limit = deadlines.limit_for(city.policy, "dispatch", kind="", matter_code="", urgency="critical", channel="web")
    city.move(taken.order_id, "mark_critical", city.viewer("agent"), dispatch_opinion="燃气泄漏", phoned="true")
    running = clocks.running_of("order", [taken.order_id]).get(taken.order_id, {})
    if limit is None:
        assert running == {}
        return
    assert (limit.amount, limit.unit) == (3, "minutes")
    assert running["dispatch"].due_at == city.at + timedelta(minutes=3)
    city.pass_time(minutes=4)
    accept(city, taken.order_id, "0203002")
    city.move(taken.order_id, "dispatch", city.viewer("dispatcher"), unit_id=str(city.unit("gas").id))
    assert clock(city, taken.order_id, "dispatch").outcome == "late"

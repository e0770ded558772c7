"""Whose job is it? Returns, rulings, levels and help, in two cities that decide each of these otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from hotline.clocks import queries as clocks
from hotline.organisation.tree import UnitView
from hotline.policy import deadlines
from hotline.workorder.models import Assist
from tests.walks.steps import (
    DEPARTMENT_MATTER,
    accept,
    at_the_bureau,
    bureau,
    clock,
    county_centre,
    dispatch_to,
    give_back,
    refused,
    reply,
    sign,
)
from tests.world import World

REASONED = {"return_reason": "三定方案写明由其他单位主办。", "reason": "not_our_duty"}


def test_the_window_closes_and_the_unit_is_the_first_to_answer_for_it(city: World) -> None:
    """首办责任单位: what is not returned in time is accepted, in the city that says so."""
    rules = city.policy.handling
    assert rules.return_window is not None
    order_id = at_the_bureau(city)
    until = clocks.due_for(city.policy, rules.return_window, city.at)
    clerk = city.clerk(order_id)
    order = city.order(order_id, clerk)
    assert (order.return_until, order.first_by_silence) == (until, False)
    city.pass_time(seconds=(until - city.at + timedelta(minutes=1)).total_seconds())
    order = city.order(order_id, clerk)
    assert order.first_unit is not None
    assert (order.first_unit.id, order.first_by_silence) == (bureau(city, "housing").id, rules.silent_accept)
    if rules.silent_accept:
        assert "window_passed" in refused(city, order_id, "return", clerk, **REASONED)
        return
    assert give_back(city, order_id) == "returned"


def test_in_the_last_minute_of_the_window_it_may_be_returned(city: World) -> None:
    order_id = at_the_bureau(city)
    until = city.order(order_id, city.clerk(order_id)).return_until
    assert until is not None
    city.at = until
    assert give_back(city, order_id) == "returned"


def test_a_rejected_return_binds(city: World) -> None:
    order_id = at_the_bureau(city)
    sign(city, order_id)
    left = clock(city, order_id, "reply").due_at
    give_back(city, order_id)
    assert clock(city, order_id, "reply").paused_at == city.at, "nobody's clock runs while it is undecided"
    state = city.move(order_id, "reject_return", city.viewer("dispatcher"), dispatch_opinion="目录写明由贵局主办。")
    assert state == "dispatched"
    assert clock(city, order_id, "reply").due_at == left, "decided at once: nothing is lost and nothing won"
    assert "bound" in refused(city, order_id, "return", city.clerk(order_id), **REASONED)
    sign(city, order_id)
    assert reply(city, order_id) == "replied"


def test_what_was_returned_too_often_is_ruled_on(city: World) -> None:
    order_id = at_the_bureau(city)
    dispatcher, roles = city.viewer("dispatcher"), ("urban", "natres", "civil", "justice", "market")
    most = city.policy.handling.escalate_returns
    for returns, role in zip(range(1, most + 1), roles, strict=False):
        give_back(city, order_id)
        other = bureau(city, role)
        if returns < most:
            city.move(order_id, "redispatch", dispatcher, unit_id=str(other.id))
    again = {"unit_id": str(bureau(city, "petition").id)}
    assert refused(city, order_id, "redispatch", dispatcher, **again) == ["ruling_needed"]
    meeting = (city.at + timedelta(hours=3)).isoformat()
    invited = [str(bureau(city, role).id) for role in ("housing", "urban")]
    convened = city.move(
        order_id, "convene", dispatcher, meeting_at=meeting, unit_ids=invited, dispatch_opinion="谁主办？"
    )  # type: ignore[arg-type]
    assert convened == "convened"
    city.pass_time(hours=4)
    told = {"basis": "duties", "binding": "true", "dispatch_opinion": "由住建局主办。"}
    assert city.move(order_id, "rule", dispatcher, unit_id=str(bureau(city, "housing").id), **told) == "dispatched"
    order = city.order(order_id, dispatcher)
    assert (order.returns, order.bound, order.unit and order.unit.id) == (most, True, bureau(city, "housing").id)
    assert "bound" in refused(city, order_id, "return", city.clerk(order_id), **REASONED)


def test_escalated_to_a_higher_unit_it_starts_anew(city: World) -> None:
    order_id = at_the_bureau(city)
    sign(city, order_id)
    supervisor = city.viewer("supervisor")
    told = {"reason": "major", "dispatch_opinion": "请市里牵头。"}
    town = str(city.unit("town").id)
    assert "not_higher" in refused(city, order_id, "escalate", supervisor, unit_id=town, **told)
    before = clock(city, order_id, "reply").round
    assert city.move(order_id, "escalate", supervisor, unit_id=str(city.unit("gov_office").id), **told) == "dispatched"
    order = city.order(order_id, supervisor)
    assert (order.bound, order.unit and order.unit.id) == (True, city.unit("gov_office").id)
    assert clock(city, order_id, "reply").round == before + 1


def test_down_level_by_level_and_up_again(city: World) -> None:
    """City → the county's centre → a bureau, back to the centre, down to another; the answer is looked at or not."""
    order_id = city.take("物业费收得不明不白。", area_code=city.towns()[0]).order_id
    accept(city, order_id, DEPARTMENT_MATTER)
    centre, housing, urban = county_centre(city), bureau(city, "housing"), bureau(city, "urban")
    dispatch_to(city, order_id, centre.id)
    county = city.viewer("dispatcher", centre)
    assert refused(city, order_id, "sign", city.viewer("dispatcher")) == ["unit_acts"], "the county signs for itself"
    city.move(order_id, "sign", county)
    town = next(unit for unit in [city.unit("town")] if unit.parent_id == centre.id)
    assert refused(city, order_id, "hand_down", county, unit_id=str(town.id)) == ["below_floor"]
    assert city.move(order_id, "hand_down", county, unit_id=str(urban.id), days="2") == "dispatched"
    city.pass_time(minutes=30)
    assert give_back_down(city, order_id) == "signed"
    order = city.order(order_id, county)
    assert (order.unit and order.unit.id, order.returns) == (centre.id, 0), (
        "it went back to the centre, not to the city"
    )
    city.move(order_id, "hand_down", county, unit_id=str(housing.id))
    sign(city, order_id)
    reviewed = city.policy.handling.reply_review == "upper"
    assert reply(city, order_id) == ("reviewing" if reviewed else "replied")
    if not reviewed:
        return
    clerk = city.clerk(order_id)
    assert refused(city, order_id, "approve_reply", clerk) == ["upper_reviews"], "nobody approves their own answer"
    assert city.move(order_id, "send_back", county, reason="not_specific", review_remark="写明收费依据") == "signed"
    assert clock(city, order_id, "reply").paused_at is None
    reply(city, order_id)
    assert city.move(order_id, "approve_reply", county) == "replied"
    assert clock(city, order_id, "reply").outcome == "met"


def give_back_down(city: World, order_id: int) -> str:
    """What was handed down goes back to who handed it down: no window, no evidence."""
    return city.move(order_id, "return", city.clerk(order_id), **REASONED)


def test_a_shorter_limit_for_the_unit_below(city: World) -> None:
    order_id = city.take("物业费收得不明不白。", area_code=city.towns()[0]).order_id
    accept(city, order_id, DEPARTMENT_MATTER)
    dispatch_to(city, order_id, county_centre(city).id)
    county = city.viewer("dispatcher", county_centre(city))
    city.move(order_id, "sign", county)
    before = clock(city, order_id, "reply").due_at
    city.move(order_id, "hand_down", county, unit_id=str(bureau(city, "housing").id), days="1")
    shortened = clock(city, order_id, "reply").due_at
    assert shortened < before
    give_back_down(city, order_id)
    city.move(order_id, "hand_down", county, unit_id=str(bureau(city, "urban").id), days="90")
    assert clock(city, order_id, "reply").due_at == shortened, "nobody hands down more time than there is"


def test_limits_follow_the_level_and_the_channel_where_the_city_says_so(city: World) -> None:
    for channel in ("phone", "web"):
        found = [replied_by(city, unit, channel) for unit in (city.unit("gov_office"), bureau(city, "housing"))]
        levels = {rule.level for rule in city.policy.clocks.rules.values() if rule.clock == "reply" and rule.level}
        doors = {rule.channel for rule in city.policy.clocks.rules.values() if rule.clock == "reply"}
        assert (found[0] != found[1]) == (bool(levels) and channel not in doors), channel


def replied_by(city: World, unit: UnitView, channel: str) -> datetime:
    """When a unit must have answered what came by this channel; as the policy's rule says."""
    said = {"channel": channel, "phone": f"139{unit.id:08d}", "kind": "help"}
    order_id = city.take("物业费收得不明不白。", **said).order_id
    accept(city, order_id, DEPARTMENT_MATTER)
    dispatch_to(city, order_id, unit.id)
    limit = deadlines.limit_for(city.policy, "reply", kind="help", matter_code=DEPARTMENT_MATTER, urgency="normal",
                                channel=channel, level=unit.level)  # fmt: skip
    assert limit is not None
    due = clock(city, order_id, "reply").due_at
    assert due == clocks.due_for(city.policy, limit, city.at)
    return due


def test_assisting_units_have_a_limit_of_their_own_where_the_city_has_one(city: World) -> None:
    order_id = at_the_bureau(city)
    lead, helper, later = city.clerk(order_id), bureau(city, "market"), bureau(city, "urban")
    city.move(order_id, "add_assist", lead, unit_id=str(helper.id))
    rules = city.policy
    limit = deadlines.limit_for(rules, "assist", kind="help", matter_code=DEPARTMENT_MATTER, urgency="normal",
                                channel="web", level="county")  # fmt: skip
    assert help_due(order_id, helper.id) == (clocks.due_for(rules, limit, city.at) if limit else None)
    assert "assists_already" in refused(city, order_id, "add_assist", lead, unit_id=str(helper.id))
    city.move(order_id, "add_assist", lead, unit_id=str(later.id), days="2")
    assert help_due(order_id, later.id) is not None, "a length that is said holds everywhere"
    told = {"assist_reply": "已核对收费公示。"}
    assert "not_assisting" in refused(city, order_id, "assist_reply", lead, **told)
    city.pass_time(hours=2)
    city.move(order_id, "assist_reply", city.viewer("clerk", helper), **told)
    assert Assist.objects.get(order_id=order_id, unit_id=helper.id).replied_at == city.at
    sign(city, order_id)
    reply(city, order_id)
    assert not clocks.unfinished("assist").exists(), "help ends with the work"


def help_due(order_id: int, unit_id: int) -> object:
    """When the assisting unit must have answered, None where it has no limit."""
    row = Assist.objects.get(order_id=order_id, unit_id=unit_id)
    found = clocks.running_of("assist", [row.pk]).get(row.pk, {})
    return found["assist"].due_at if found else None

"""Short stories through the whole house: the wrong unit, danger, secrecy, second thoughts, another language."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.clocks import queries as clocks
from hotline.dispatch import queries as suggestions
from hotline.dispatch import services as dispatch
from hotline.ledger import services as ledger
from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.refusal import Refused
from hotline.understanding import queries as readings
from hotline.workorder import queries as orders
from hotline.workorder.views import InboxQuery
from tests.walks.steps import accept, ask, dispatch_to, give_back, refused, reply, sign, told
from tests.world import PHONE, World


def towns(city: World) -> list[str]:
    """The codes of the open city's towns."""
    found = organisation.areas(city.authority_id)
    return sorted(area.code for area in found if area.level == "town")


def resident(city: World, number: str, code: str) -> Actor:
    """The resident who holds number and code."""
    proven = orders.prove(number=number, code=code)
    assert proven is not None
    return proven.actor


def test_the_wrong_unit_gives_it_back_with_its_reason_and_another_takes_it(city: World) -> None:
    order_id = city.take(area_code=towns(city)[0]).order_id
    accept(city, order_id)
    wrong, right = city.unit("housing"), city.unit("heat")
    dispatch_to(city, order_id, wrong.id)
    city.pass_time(hours=1)
    assert "text_missing" in refused(city, order_id, "return", city.clerk(order_id), reason="not_our_duty")
    assert give_back(city, order_id, proposed_unit_id=right.id) == "returned"
    assert not clocks.running("order").exists(), "nobody's clock runs while it is undecided"
    city.walk()

    found = suggestions.suggestion(order_id)
    assert found is not None
    assert wrong.id not in [unit.unit_id for unit in found.units]
    assert found.units[0].unit_id == right.id
    dispatcher = city.viewer("dispatcher")
    dispatch.redispatch(order_id=order_id, unit_id=right.id, viewer=dispatcher, at=city.at)
    stranger = city.viewer("clerk", city.unit("gas"))
    assert refused(city, order_id, "sign", stranger) == ["no_such_order"], "they do not learn that it exists"
    sign(city, order_id)
    order = city.order(order_id, dispatcher)
    assert (order.state, order.returns, order.unit and order.unit.id) == ("signed", 1, right.id)
    assert [(clock.kind, clock.outcome) for clock in order.clocks if clock.kind == "sign"] == [
        ("sign", "cancelled"), ("sign", "met"),
    ]  # fmt: skip


def test_what_is_critical_is_seen_at_once_and_signed_within_minutes(city: World) -> None:
    taken = city.take("家里闻到很浓的煤气味，燃气报警器一直响，请马上来人。", matter_code="0203002")
    quiet = city.take("小区里的路灯有一盏不亮。", phone="13900001111")
    assert taken.exit == "emergency", "the door says: call first"
    assert quiet.exit is None
    city.walk()
    assert readings.readings([taken.order_id])[taken.order_id].urgency.value == "critical"
    first = orders.inbox(city.viewer("agent"), InboxQuery(), city.at).rows[0]
    assert (first.number, first.urgency) == (taken.number, "critical")
    accept(city, taken.order_id, "0203002")
    dispatch_to(city, taken.order_id, city.unit("gas").id)
    [clock] = [each for each in orders.public(taken.order_id, city.at).clocks if each.kind == "sign"]
    limit = city.policy.clocks.rules["sign_critical"].limit
    assert limit.unit == "minutes", "minutes of the clock, not working hours"
    assert (clock.due_at - city.at).total_seconds() == limit.amount * 60
    city.pass_time(minutes=limit.amount + 1)
    sign(city, taken.order_id)
    [clock] = [each for each in orders.public(taken.order_id, city.at).clocks if each.kind == "sign"]
    assert clock.outcome == "late"


def test_a_person_says_that_it_is_urgent(city: World) -> None:
    order_id = city.take("楼道的灯坏了，老人夜里摔倒过。").order_id
    city.move(order_id, "mark_urgent", city.viewer("agent"), urgency="urgent", dispatch_opinion="有老人摔伤")
    assert city.order(order_id, city.viewer("agent")).urgency == "urgent"
    with pytest.raises(Refused):
        city.move(order_id, "mark_urgent", city.viewer("caller_back"), urgency="critical", dispatch_opinion="急")


def test_a_secret_appeal_is_handled_and_the_unit_never_learns_whose_it_is(city: World, data_dir: Path) -> None:
    taken = city.take(secret=True, kind="help")
    accept(city, taken.order_id)
    dispatch_to(city, taken.order_id, city.unit("heat").id)
    clerk = city.clerk(taken.order_id)
    sign(city, taken.order_id)
    reply(city, taken.order_id)
    seen = city.order(taken.order_id, clerk)
    assert seen.secret
    assert (seen.person.name, seen.person.phone, seen.person.revealable) == ("", "", False)
    for shown in (seen, orders.inbox(clerk, InboxQuery(), city.at)):
        for private in ("张", PHONE, PHONE[-4:], PHONE[:3] + "****"):
            assert private not in repr(shown)
    assert orders.inbox(clerk, InboxQuery(words=PHONE), city.at).total == 0, "nor by asking for a number"
    assert orders.inbox(clerk, InboxQuery(words=PHONE[-4:]), city.at).total == 0
    assert [line["template"] for line in told(city, data_dir)] == ["registered", "dispatched", "replied"]


def test_an_anonymous_appeal_walks_too_and_is_followed_by_its_code(city: World, data_dir: Path) -> None:
    taken = city.take(anonymous=True, kind="help")
    accept(city, taken.order_id)
    dispatch_to(city, taken.order_id, city.unit("heat").id)
    sign(city, taken.order_id)
    reply(city, taken.order_id)
    for viewer in (city.clerk(taken.order_id), city.viewer("supervisor")):
        person = city.order(taken.order_id, viewer).person
        assert (person.resident_id, person.name, person.phone, person.revealable) == (None, "", "", False)
    assert told(city, data_dir) == [], "there is nobody to write to"
    mine = resident(city, taken.number, taken.query_code)
    assert ask(city, taken.order_id, mine) == "closed"
    assert orders.public(taken.order_id, city.at).texts["reply_public"]


def test_a_resident_withdraws_with_number_and_code(city: World, data_dir: Path) -> None:
    taken, other = city.take(), city.take(phone="13900001111")
    accept(city, taken.order_id)
    dispatch_to(city, taken.order_id, city.unit("heat").id)
    assert orders.prove(number=taken.number, code=other.query_code) is None
    stranger = resident(city, other.number, other.query_code)
    assert refused(city, taken.order_id, "withdraw", stranger, reason="solved_already") == ["not_own_appeal"]
    mine = resident(city, taken.number.lower(), f" {taken.query_code[:4]} {taken.query_code[4:]} ")
    assert city.move(taken.order_id, "withdraw", mine, reason="solved_already") == "withdrawn"
    assert clocks.running_of("order", [taken.order_id]) == {}
    templates = [line["template"] for line in told(city, data_dir) if str(taken.order_id) in line["stream"]]
    assert templates == ["registered", "dispatched", "withdrawn"]


def test_a_resident_reopens_what_came_back(city: World, data_dir: Path) -> None:
    taken = city.take()
    accept(city, taken.order_id)
    dispatch_to(city, taken.order_id, city.unit("heat").id)
    sign(city, taken.order_id)
    reply(city, taken.order_id)
    mine = resident(city, taken.number, taken.query_code)
    ask(city, taken.order_id, mine)
    city.pass_time(days=3)
    state = city.move(taken.order_id, "reopen", mine, reason="recurred", supplement="修好两天又不热了")
    assert state == "accepted"
    order = city.order(taken.order_id, city.viewer("dispatcher"))
    assert (order.rounds, order.solved, order.outcome, order.waits_in) == (1, None, "", "dispatch")
    assert order.texts["supplement"] == "修好两天又不热了"
    assert [line["template"] for line in told(city, data_dir)][-1] == "reopened"
    found = orders.inbox(city.viewer("dispatcher"), InboxQuery(words="又不热"), city.at)
    assert [row.number for row in found.rows] == [taken.number], "the new words are found, too"
    assert ledger.verify().ok


def test_a_resident_who_speaks_english_is_told_in_english(city: World, data_dir: Path) -> None:
    taken = city.take("The radiators in my flat are cold. 青石区锦绣家园7栋暖气不热。", language="en")
    accept(city, taken.order_id)
    dispatch_to(city, taken.order_id, city.unit("heat").id)
    sign(city, taken.order_id)
    reply(city, taken.order_id)
    lines = told(city, data_dir)
    assert [line["template"] for line in lines] == ["registered", "dispatched", "replied"]
    assert f"no. {taken.number}, query code {taken.query_code}" in lines[0]["body"]
    assert "heating company" in lines[1]["body"].lower()
    for line in lines:
        assert line["body"].isascii(), line["body"]


def test_heating_goes_to_the_supplier_who_serves_the_place(world: World) -> None:
    """Two firms heat one county: the place decides, and the department watches."""
    chosen = []
    for area_code in (towns(world)[0], towns(world)[-1]):
        order_id = world.take(phone=f"1390000{area_code[-4:]}", area_code=area_code).order_id
        accept(world, order_id, area_code=area_code)
        found = suggestions.suggestion(order_id)
        assert found is not None
        lead = found.units[0]
        assert "service_area" in [reason.code for reason in lead.reasons]
        watching = organisation.unit_index(world.authority_id).get(found.assist[0].unit_id)
        assert watching is not None
        assert watching.role_code == "housing"
        dispatch_to(world, order_id, lead.unit_id)
        sign(world, order_id)
        chosen.append(lead.unit_id)
    assert len(set(chosen)) == 2

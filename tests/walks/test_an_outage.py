"""A gas outage: one caller, an incident, twenty more; everybody hears how it goes, and each is asked at the end."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from hotline.callback import services as callback
from hotline.clocks import queries as clocks
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.ledger import queries as ledger
from hotline.ledger import services as ledgers
from hotline.ledger.record import Actor, Stream
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.models import Order
from tests.lives.checking import faults
from tests.walks.steps import accept, ask, dispatch_to, displeased, reply, resident, sign, told
from tests.world import World

GAS = "0203001"
TEXT = "家里从早上起停气了，做不了饭。"
CALLERS = 20
UNHAPPY = 2


def form(city: World, number: int, channel: str) -> AppealForm:
    """What caller `number` says; some speak English."""
    language = "en" if number % 7 == 0 else "zh-hans"
    return AppealForm(
        authority_code=city.code,
        channel=channel,
        text=TEXT,
        phone=f"1390000{number:04d}",
        area_code=city.towns()[0],
        language=language,
    )


def joined(city: World, incident_id: int, number: int) -> intake.Taken:
    """One more caller: by phone to an agent, or by themselves on the web."""
    phone = number % 2 == 0
    actor = city.viewer("agent").actor() if phone else Actor("resident")
    given = form(city, number, "phone" if phone else "web")
    found = intake.take_and_join(form=given, incident_id=incident_id, actor=actor, at=city.at)
    assert found.joined, found.reasons
    return found.taken


def templates(city: World, data_dir: Path) -> dict[int, list[str]]:
    """What each order's resident was told, in order."""
    lines: dict[int, list[str]] = {}
    for line in told(city, data_dir):
        lines.setdefault(int(line["stream"].removeprefix("order:")), []).append(line["template"])
    return lines


def test_a_gas_outage_from_the_first_call_to_the_last_answer(city: World, data_dir: Path) -> None:
    first = intake.take_down(form=form(city, 1, "web"), actor=Actor("resident"), at=city.at)
    head = first.order_id
    accept(city, head, GAS, area_code=city.towns()[0])
    dispatch_to(city, head, city.unit("gas").id)
    sign(city, head)
    city.pass_time(minutes=20)
    incident_id = workorder.open_incident(
        order_id=head,
        area_codes=[city.towns()[0]],
        words="城北片区停气，抢修人员已到场。",
        words_en="Gas is off in the north.",
        expected_at=city.at + timedelta(hours=4),
        actor=city.clerk(head).actor(),
        at=city.at,
    )
    near = orders.near(city.authority_id, GAS, city.towns()[0], city.at)
    assert near is not None
    assert near.id == incident_id
    city.pass_time(minutes=30)
    callers = [joined(city, incident_id, number) for number in range(2, 2 + CALLERS)]
    ids = [head, *(taken.order_id for taken in callers)]
    view = orders.incident_view(incident_id, city.authority_id)
    assert view.joined == 1 + CALLERS
    assert clocks.running_of("order", ids[1:]) == {}, "their time is the head's"

    city.pass_time(hours=2)
    dispatcher = city.viewer("dispatcher").actor()
    workorder.progress(
        incident_id=incident_id, words="已修好一半。", words_en="Half is repaired.", actor=dispatcher, at=city.at
    )
    lines = told(city, data_dir)
    news = {line["stream"]: line["body"] for line in lines if line["template"] == "incident_progress"}
    assert set(news) == {f"order:{order_id}" for order_id in ids}, "it reaches all"
    assert sum("Half is repaired." in body for body in news.values()) == 2 + 1, "numbers 7, 14 and 21 speak English"
    assert sum("已修好一半。" in body for body in news.values()) == len(ids) - 3

    assert reply(city, head) in ("replied", "reviewing")
    if orders.codes([head])[head].state == "reviewing":
        city.move(head, "approve_reply", city.viewer("supervisor"))
    city.walk()
    states = Counter(each.state for each in orders.codes(ids).values())
    assert states == {"replied": 1 + CALLERS}
    workorder.restore(
        incident_id=incident_id, words="已恢复供气。", words_en="Gas is back.", actor=dispatcher, at=city.at
    )
    heard = templates(city, data_dir)
    for order_id in ids[1:]:
        assert heard[order_id] == [
            "registered", "incident_joined", "incident_progress", "replied", "incident_restored",
        ]  # fmt: skip
    assert heard[head].count("incident_joined") == 1
    assert heard[head][-1] == "incident_restored"

    assert workorder.close_incidents(at=city.at) == 0, "everybody is asked first"
    unhappy, happy = callers[:UNHAPPY], [first, *callers[UNHAPPY:]]
    for taken in happy:
        assert ask(city, taken.order_id, resident(city, taken)) == "closed"
    assert workorder.close_incidents(at=city.at) == 0
    for taken in unhappy:
        facts = said.ResultRecorded(contacted=False, solved=False, satisfaction=displeased(city))
        callback.act(order_id=taken.order_id, facts=facts, actor=resident(city, taken), at=city.at)
        assert (
            city.move(
                taken.order_id, "rework", city.viewer("caller_back"), reason="not_solved",
                callback_remark="他家还没有来气，请上门看。",
            )
            == "dispatched"
        )  # fmt: skip
    assert workorder.close_incidents(at=city.at) == 1
    city.walk()

    assert orders.incident_view(incident_id, city.authority_id).state == "closed"
    for taken in unhappy:
        order = city.order(taken.order_id, city.viewer("supervisor"))
        assert order.unit is not None
        assert (order.state, order.rounds, order.head, order.unit.id) == (
            "dispatched", 1, None, city.unit("gas").id,
        )  # fmt: skip
        assert {"sign", "reply"} <= {clock.kind for clock in order.clocks if not clock.outcome}, "it goes on by itself"
        assert city.move(taken.order_id, "sign", city.clerk(taken.order_id)) == "signed"
    kinds = [event.kind for event in ledger.timeline(Stream("incident", incident_id))]
    assert kinds == [
        "incident.opened", "incident.announced", "incident.progressed", "incident.restored", "incident.closed",
    ]  # fmt: skip
    assert Order.objects.filter(pk__in=ids, state="closed").count() == 1 + CALLERS - UNHAPPY
    assert faults(ids)[0] == []
    assert ledgers.verify().ok


def test_who_calls_after_it_is_over_stands_alone(city: World) -> None:
    head = city.take(TEXT, matter_code=GAS, kind="help", area_code=city.towns()[0]).order_id
    agent = city.viewer("agent").actor()
    incident_id = workorder.open_incident(
        order_id=head, area_codes=[city.towns()[0]], words="城北片区停气。", actor=agent, at=city.at
    )
    workorder.restore(incident_id=incident_id, words="已恢复供气。", actor=agent, at=city.at)
    found = intake.take_and_join(form=form(city, 9, "phone"), incident_id=incident_id, actor=agent, at=city.at)
    assert not found.joined
    assert [reason.code for reason in found.reasons] == ["incident_over"]
    assert orders.codes([found.taken.order_id])[found.taken.order_id].state == "registered"


def test_when_the_first_caller_takes_theirs_back_the_others_are_not_lost(city: World) -> None:
    first = intake.take_down(form=form(city, 1, "web"), actor=Actor("resident"), at=city.at)
    accept(city, first.order_id, GAS, area_code=city.towns()[0])
    agent = city.viewer("agent").actor()
    incident_id = workorder.open_incident(
        order_id=first.order_id, area_codes=[city.towns()[0]], words="城北片区停气。", actor=agent, at=city.at
    )
    callers = [joined(city, incident_id, number) for number in range(2, 6)]
    city.move(first.order_id, "withdraw", resident(city, first), reason="changed_mind")
    city.walk()
    view = orders.incident_view(incident_id, city.authority_id)
    assert view.state == "open"
    assert view.head_id == callers[0].order_id, "the next one carries it"
    assert view.joined == len(callers)
    assert orders.codes([view.head_id])[view.head_id].state == "accepted"
    late = intake.take_and_join(form=form(city, 9, "phone"), incident_id=incident_id, actor=agent, at=city.at)
    assert late.joined
    assert faults([first.order_id, late.taken.order_id, *(taken.order_id for taken in callers)])[0] == []

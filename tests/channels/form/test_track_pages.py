"""Following an appeal."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline import walk
from hotline.channels.form import guesses
from hotline.intake import services as intake
from hotline.intake.exits import ExitChoice
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.facts import Amended, Closed, Dispatched, Replied, Signed
from tests.channels.conftest import City


@pytest.fixture
def visitor(city: City, data_dir: Path) -> Client:
    """A resident's browser."""
    return Client()


def page(response: HttpResponse) -> str:
    """The page's text."""
    return response.content.decode()


def enter(visitor: Client, number: str, code: str) -> HttpResponse:
    """Type number and code."""
    return visitor.post(reverse("form:track"), {"number": number, "code": code})  # type: ignore[return-value]


def act(visitor: Client, verb: str, **typed: object) -> HttpResponse:
    """Send one of the forms of the order page."""
    return visitor.post(reverse("form:order"), {"verb": verb, **typed})  # type: ignore[return-value]


def replied(city: City) -> intake.Taken:
    """An order that a unit has answered."""
    taken = city.take(kind="help", title="南门路灯不亮")
    matter = next(iter(orders_matters(city)))
    unit = city.unit()
    dispatcher, clerk = city.viewer("dispatcher"), city.viewer("clerk", unit)
    agent = city.viewer("agent")

    def move(facts: object, viewer: object, **texts: str) -> None:
        workorder.move(order_id=taken.order_id, facts=facts, actor=viewer.actor(), at=city.at, texts=texts)  # type: ignore[attr-defined,arg-type]

    move(Amended(matter_code=matter), agent)
    intake.decide_exit(order_id=taken.order_id, choice=ExitChoice("process"), viewer=agent, at=city.at)
    move(Dispatched(unit_id=unit.id), dispatcher, dispatch_opinion="内部意见不外传")
    move(Signed(), clerk)
    move(
        Replied(appeal_true=True, beyond_duty=False, contacted=False, solved=True),
        clerk,
        reply_public="灯头全部换新，电缆已接通。",
        reply_internal="内部情况不外传",
    )
    return taken


def orders_matters(city: City) -> list[str]:
    """Codes of the catalogue."""
    from hotline.policy import queries as policies

    return list(policies.current(city.authority_id, city.at).matters)


def test_number_and_code_open_the_page(visitor: Client, city: City) -> None:
    taken = city.take(title="南门路灯不亮")
    assert (
        enter(visitor, f" {taken.number.lower()} ", f"{taken.query_code[:4]} {taken.query_code[4:]}").status_code == 302
    )
    html = page(visitor.get(reverse("form:order")))
    assert "南门路灯不亮" in html
    assert taken.number in html
    assert taken.query_code not in html
    assert html.count("aria-current") == 1


def test_without_them_there_is_no_page(visitor: Client, city: City) -> None:
    assert visitor.get(reverse("form:order")).headers["Location"] == reverse("form:track")
    assert visitor.get(reverse("form:photo", args=[1])).status_code == 404


def test_wrong_number_and_wrong_code_get_the_same_answer(visitor: Client, city: City) -> None:
    taken = city.take()
    answers = [
        page(enter(visitor, number, code)).partition("<main")[2].partition("<form")[0]
        for number, code in [
            (taken.number, "00000000" if taken.query_code != "00000000" else "11111111"),
            ("YJ20991231-999999", taken.query_code),
            ("'; DROP TABLE", taken.query_code),
            (taken.number, "四位数字"),
        ]
    ]
    assert len(set(answers)) == 1


def test_a_number_that_no_database_takes(visitor: Client, city: City) -> None:
    assert enter(visitor, "YJ\x00", "12345678").status_code == 422


def test_guessing_is_stopped_even_with_the_right_code_and_ends(
    visitor: Client, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = city.take()
    wrong = str((int(taken.query_code) + 1) % 10**8).zfill(8)
    for _ in range(guesses.LIMITS["number"]):
        assert enter(visitor, taken.number, wrong).status_code == 422
    response = enter(visitor, taken.number, taken.query_code)
    assert response.status_code == 429
    later = city.at + guesses.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert enter(visitor, taken.number, taken.query_code).status_code == 302


def test_an_address_is_stopped_over_many_numbers(db: None, at: datetime) -> None:
    for number in range(guesses.LIMITS["address"]):
        guesses.refuse_if_too_many("10.0.0.1", f"N{number}", at)
        guesses.note_wrong(address="10.0.0.1", number=f"N{number}", at=at)
    with pytest.raises(Refused):
        guesses.refuse_if_too_many("10.0.0.1", "N-new", at)
    guesses.refuse_if_too_many("10.0.0.2", "N-new", at)
    assert guesses.sweep(at=at + guesses.WINDOW) > 0


def test_the_reply_is_shown_and_nothing_internal(visitor: Client, city: City) -> None:
    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    html = page(visitor.get(reverse("form:order")))
    assert "轮到您了" in html
    assert "灯头全部换新" in html
    assert "不外传" not in html
    assert "王五" not in html


def test_solved_closes_it(visitor: Client, city: City) -> None:
    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    version = orders.public(taken.order_id, city.at).version
    assert (
        act(visitor, "result", solved="yes", contacted="yes", satisfaction="satisfied", version=version).status_code
        == 302
    )
    order = orders.public(taken.order_id, city.at)
    assert (order.state, order.outcome) == ("closed", "solved")


def test_partly_solved_is_not_solved(visitor: Client, city: City) -> None:
    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    act(visitor, "result", solved="partly", contacted="no", remark="还有两盏不亮")
    order = orders.public(taken.order_id, city.at)
    assert (order.state, order.solved) == ("evaluated", False)
    remark = orders.texts([taken.order_id], ["callback_remark"])[taken.order_id]["callback_remark"]
    assert remark.endswith("还有两盏不亮")


def test_an_answer_without_its_questions_is_asked_again(visitor: Client, city: City) -> None:
    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    response = act(visitor, "result", remark="我写了很多")
    assert response.status_code == 422
    assert "我写了很多" in page(response)


def test_changed_meanwhile_is_said_and_nothing_is_overwritten(visitor: Client, city: City) -> None:
    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    response = act(visitor, "result", solved="no", contacted="no", remark="没亮", version=1)
    assert response.status_code == 409
    assert "没亮" in page(response)
    assert orders.public(taken.order_id, city.at).state == "replied"


def test_reopen_after_closing(visitor: Client, city: City) -> None:
    taken = replied(city)
    enter(visitor, taken.number, taken.query_code)
    act(visitor, "result", solved="yes", contacted="yes")
    response = act(visitor, "reopen", **{"reopen-reason": "recurred", "reopen-supplement": "今天又灭了"})
    assert response.status_code == 302
    assert orders.public(taken.order_id, city.at).state == "accepted"


def test_withdraw(visitor: Client, city: City) -> None:
    taken = city.take()
    enter(visitor, taken.number, taken.query_code)
    assert act(visitor, "withdraw", **{"withdraw-reason": "solved_already"}).status_code == 302
    assert orders.public(taken.order_id, city.at).state == "withdrawn"
    html = page(visitor.get(reverse("form:order")))
    assert 'value="withdraw"' not in html


def test_what_is_not_lawful_is_refused(visitor: Client, city: City) -> None:
    taken = city.take()
    enter(visitor, taken.number, taken.query_code)
    assert act(visitor, "result", solved="yes", contacted="yes").status_code in (403, 409)
    assert act(visitor, "dance").status_code == 422


def test_statements_of_the_page(visitor: Client, city: City, count_queries: object) -> None:
    taken = replied(city)
    walk.run_once(at=city.at)
    enter(visitor, taken.number, taken.query_code)
    visitor.get(reverse("form:order"))
    with count_queries(9):  # type: ignore[operator]
        visitor.get(reverse("form:order"))


def test_closed_by_the_desk_ends_the_stations(visitor: Client, city: City) -> None:
    taken = replied(city)
    caller = city.viewer("caller_back")
    from hotline.workorder.facts import ResultRecorded

    workorder.move(
        order_id=taken.order_id,
        facts=ResultRecorded(contacted=True, solved=True, satisfaction="satisfied"),
        actor=caller.actor(),
        at=city.at,
    )
    workorder.move(order_id=taken.order_id, facts=Closed(), actor=caller.actor(), at=city.at)
    enter(visitor, taken.number, taken.query_code)
    assert "办完了" in page(visitor.get(reverse("form:order")))

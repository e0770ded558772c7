"""The exits, on a real database."""

from datetime import timedelta

import pytest

from hotline import packs
from hotline.intake import services
from hotline.intake.exits import ExitChoice
from hotline.knowledge import queries as knowledge
from hotline.knowledge import services as knowledge_services
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from tests.channels.conftest import City


def leave(city: City, choice: ExitChoice, **said: object) -> int:
    """An order that leaves intake by `choice`."""
    taken = city.take(kind="help", **said)
    services.decide_exit(order_id=taken.order_id, choice=choice, viewer=city.viewer("agent"), at=city.at)
    return taken.order_id


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (ExitChoice("process"), "accepted"),
        (ExitChoice("emergency", line="119", phoned=True), "transferred"),
        (ExitChoice("legal_route", route="litigation"), "referred"),
        (ExitChoice("refuse", reason="outside_city"), "declined"),
        (ExitChoice("abuse"), "declined"),
    ],
)
def test_where_each_exit_leads(city: City, choice: ExitChoice, state: str) -> None:
    assert orders.public(leave(city, choice), city.at).state == state


def test_policy_gives_the_words_unless_a_person_does(city: City, pack: packs.City) -> None:
    usual = orders.public(leave(city, ExitChoice("legal_route", route="litigation")), city.at)
    assert usual.texts["guidance"] == pack.exits["legal_route"].routes["litigation"].words


def test_own_words_are_told_instead(city: City) -> None:
    own = orders.public(leave(city, ExitChoice("abuse", words="请您好好说。")), city.at)
    assert own.texts["guidance"] == "请您好好说。"


def test_an_answer_at_once_cites_a_valid_entry(city: City, pack: packs.City) -> None:
    knowledge_services.load(pack=pack, authority_id=city.authority_id, at=city.at)
    entry = knowledge.search(city.authority_id, "物业费没交能停水停电吗", city.at, 1)[0]
    order_id = leave(city, ExitChoice("answer", entry_id=entry.id))
    order = orders.public(order_id, city.at)
    assert (order.state, order.outcome, order.texts["reply_public"]) == ("closed", "answered", entry.answer)


def test_an_expired_entry_is_no_answer(city: City, pack: packs.City) -> None:
    knowledge_services.load(pack=pack, authority_id=city.authority_id, at=city.at)
    entry = knowledge.search(city.authority_id, "物业费没交能停水停电吗", city.at, 1)[0]
    taken = city.take(kind="consult")
    late = city.at + timedelta(days=365 * 20)
    with pytest.raises(Refused) as refused:
        services.decide_exit(
            order_id=taken.order_id,
            choice=ExitChoice("answer", entry_id=entry.id),
            viewer=city.viewer("agent"),
            at=late,
        )
    assert refused.value.reasons[0].field == "entry_id"


def test_the_law_has_the_last_word(city: City) -> None:
    taken = city.take()
    with pytest.raises(Refused) as refused:
        services.decide_exit(
            order_id=taken.order_id, choice=ExitChoice("process"), viewer=city.viewer("agent"), at=city.at
        )
    assert refused.value.reasons[0].code == "kind_missing"


def test_the_second_of_two_is_told_what_changed(city: City) -> None:
    taken = city.take(kind="help")
    viewer = city.viewer("agent")
    services.decide_exit(order_id=taken.order_id, choice=ExitChoice("process"), viewer=viewer, at=city.at, seen=1)
    with pytest.raises(Refused) as refused:
        services.decide_exit(order_id=taken.order_id, choice=ExitChoice("abuse"), viewer=viewer, at=city.at, seen=1)
    assert refused.value.status == 409

"""Taking an appeal down, on a real database."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from django.db import connection

from hotline import packs
from hotline.intake import queries, services
from hotline.intake.appeal import AppealForm
from hotline.ledger import queries as ledger
from hotline.ledger.record import Actor, Stream
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from tests.channels.conftest import TEXT, City, forget_caches, open_city
from tests.world import World

Counted = Callable[[int], AbstractContextManager[None]]


def test_an_appeal_becomes_an_order_with_its_texts_sealed(city: City) -> None:
    taken = city.take(title="路灯", place="锦绣家园南门", name="李女士")
    order = orders.public(taken.order_id, city.at)
    assert (order.number, order.state) == (taken.number, "registered")
    assert order.texts == {"title": "路灯", "appeal": TEXT, "place": "锦绣家园南门"}
    assert orders.prove(number=taken.number, code=taken.query_code) is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row::text, '') FROM (SELECT * FROM workorder_note) AS row")
        assert "路灯" not in cursor.fetchone()[0]


def test_the_ledger_holds_codes_only(city: City) -> None:
    taken = city.take(name="李女士", place="锦绣家园南门", secret=True)
    [event] = ledger.timeline(Stream("order", taken.order_id))
    assert event.kind == "order.registered"
    assert event.facts["secret"] is True
    written = str(event)
    assert not any(said in written for said in ("路灯", "锦绣", "李", "13800005678"))


def test_statements_of_one_appeal(city: City, count_queries: Counted) -> None:
    city.take()  # warms what is cached
    with count_queries(10):
        city.take(phone="13900001234", idempotency_key="a")
    with count_queries(9):
        city.take(phone="13900001234", idempotency_key="b")
    with count_queries(7):
        city.take(phone=None, anonymous=True)


def test_the_same_key_makes_one_order_and_gives_the_same_answer(city: City) -> None:
    first = city.take(idempotency_key="k")
    again = city.take(idempotency_key="k")
    assert (again.order_id, again.number, again.query_code) == (first.order_id, first.number, first.query_code)
    assert (first.already, again.already) == (False, True)


def test_the_same_key_with_another_appeal_is_refused(city: City) -> None:
    city.take(idempotency_key="k")
    with pytest.raises(Refused) as refused:
        city.take("井盖丢了，很危险", idempotency_key="k")
    assert (refused.value.status, refused.value.reasons[0].code) == (409, "key_reused")


def test_a_key_belongs_to_its_sender(city: City) -> None:
    first = city.take(idempotency_key="k", sender="app-one")
    second = city.take(idempotency_key="k", sender="app-two")
    assert first.order_id != second.order_id
    assert queries.sent(city.authority_id, "app-one", first.number) == first.order_id
    assert queries.sent(city.authority_id, "app-two", first.number) is None
    assert queries.sent(city.authority_id, "", first.number) is None


def row(reference: str, text: str = TEXT, **said: object) -> AppealForm:
    """A row of an imported file."""
    return AppealForm(
        authority_code="990100",
        channel="web",
        text=text,
        source_ref=reference,
        sender="import-messages",
        **{"anonymous": True, **said},  # type: ignore[arg-type]
    )


def many(city: City, *forms: AppealForm) -> services.TakenMany:
    """Take rows down together."""
    return services.take_down_many(authority_id=city.authority_id, forms=forms, actor=Actor("system"), at=city.at)


def test_many_rows_cost_few_statements(city: City, count_queries: Counted) -> None:
    many(city, row("0"))
    with count_queries(8 + 50):
        assert many(city, *(row(str(number)) for number in range(1, 51))).created == 50


def test_many_rows_and_one_alone_make_the_same_order(city: City) -> None:
    many(city, row("1", title="路灯", place="解放路", own_at=city.at))
    one = services.take_down(
        form=row("2", title="路灯", place="解放路", own_at=city.at), actor=Actor("system"), at=city.at
    )
    first = orders.public(one.order_id - 1, city.at)
    second = orders.public(one.order_id, city.at)
    assert first.texts == second.texts
    events = [ledger.timeline(Stream("order", order.id))[0] for order in (first, second)]
    assert [set(event.facts) for event in events] == [set(events[0].facts)] * 2
    assert events[0].facts["source"] == "import-messages"


def test_refused_rows_cost_no_other(city: City) -> None:
    taken = many(
        city,
        row("1"),
        row("2", text=""),
        row("3", phone="123", anonymous=False, kind="rant"),
        row("1"),
        row("1", text="另一件"),
        row("", text="没有编号"),
        row("4", phone="13800005678", anonymous=False, name="李某"),
    )
    assert (taken.created, taken.already) == (2, 1)
    assert {place: {reason.code for reason in fault.reasons} for place, fault in taken.refused.items()} == {
        1: {"text_missing"},
        2: {"phone", "kind_unknown"},
        4: {"source_changed"},
        5: {"source_ref_missing"},
    }


def test_rows_of_a_source_are_known_again(city: City) -> None:
    assert many(city, row("1"), row("2")).created == 2
    again = many(city, row("1"), row("2", text="改过的内容"), row("3"))
    assert (again.created, again.already, set(again.refused)) == (1, 1, {1})


def test_a_refused_appeal_leaves_nothing(city: City) -> None:
    with pytest.raises(Refused) as refused:
        city.take(phone="123", idempotency_key="k", matter_code="9999999")
    assert {reason.field for reason in refused.value.reasons} == {"phone", "matter_code"}
    assert not city.take(idempotency_key="k").already


def test_an_unknown_authority_is_refused(city: City) -> None:
    with pytest.raises(Refused):
        services.take_down(
            form=AppealForm(authority_code="000000", channel="web", text=TEXT), actor=Actor("resident"), at=city.at
        )


def test_what_is_missing_is_asked_and_urgent_matters_are_pointed_out(city: City, pack: packs.City) -> None:
    critical = next(matter for matter in pack.matters.values() if matter.urgency == "critical" and matter.place_needed)
    taken = city.take(phone=None, matter_code=critical.code)
    assert {question.code for question in taken.missing} == {"where", "how_to_reach"}
    assert taken.exit == "emergency"


@pytest.mark.parametrize(
    "text", ["灯" * 20_000, "路灯😡坏了👨‍👩‍👧\x00\ud800", "1' OR '1'='1; DROP TABLE", "％s %s %(x)s {{ }}"]
)
def test_any_text_up_to_the_longest_is_taken(city: City, text: str) -> None:
    taken = city.take(text)
    assert orders.texts([taken.order_id], ["appeal"])[taken.order_id]["appeal"]


def test_old_requests_of_residents_are_forgotten_those_of_systems_are_not(city: City) -> None:
    from datetime import timedelta

    city.take(idempotency_key="form/1")
    city.take(source_ref="7", sender="import-messages")
    assert services.sweep(at=city.at + timedelta(days=6)) == 0
    assert services.sweep(at=city.at + timedelta(days=8)) == 1
    assert city.take(source_ref="7", sender="import-messages").already


def test_twice_at_once_is_once(cloned_db: object, pack: packs.City, at: object) -> None:
    """Two connections with one key: the second waits for the first and hears its number."""
    city = open_city(pack, at)  # type: ignore[arg-type]
    city.take()
    heard: list[services.Taken] = []
    start = threading.Barrier(2)

    def send() -> None:
        try:
            start.wait(10)
            heard.append(city.take(idempotency_key="k"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({taken.order_id for taken in heard}) == 1
    assert sorted(taken.already for taken in heard) == [False, True]
    forget_caches()


def test_a_form_is_not_changed_by_asking(city: City) -> None:
    form = AppealForm(authority_code=city.code, channel="web", text="", phone="12")
    faults = queries.faults(city.authority_id, form, city.at)
    assert [fault.field for fault in faults] == ["text", "phone"]
    assert queries.faults(city.authority_id, replace(form, text=TEXT, phone="13800005678"), city.at) == ()


def test_a_second_name_on_a_known_number_is_kept_with_its_appeal(world: World) -> None:
    first = world.take("路灯坏了一个星期，晚上一片黑", name="张三丰")
    second = world.take("井盖松动，车过就响，请来看看", name="李秋霞")
    agent = world.viewer("agent")
    assert world.order(first.order_id, agent).person.name == "张**"
    order = world.order(second.order_id, agent)
    assert order.person.name == "李**"
    assert "李秋霞" not in repr(order)

"""Reading orders in batches: once, few statements, and never stopped by an engine."""

from __future__ import annotations

import logging
from datetime import datetime

import pytest
from django.conf import LazySettings

from hotline.ledger import queries as ledger
from hotline.ledger.models import Pending
from hotline.ledger.record import SYSTEM, Draft, Event, Stream
from hotline.understanding import queries, services
from hotline.understanding.engines import choosing
from hotline.understanding.engines.rules import RulesEngine
from hotline.understanding.models import OrderReading
from tests.dispatch.conftest import Town

TEXT = "武陵区家里停水三天了，请问什么时候来水？"


def test_a_batch_is_read_with_few_statements(town: Town, count_queries) -> None:
    ids = [town.register(f"{TEXT}{number}") for number in range(30)]
    events = town.events(*ids)
    services.read_text(authority_id=town.authority.id, text=TEXT, at=town.at)  # warms policy, areas and engine
    with count_queries(6):
        services.read_batch(events=events, at=town.at)
    found = queries.readings(ids)
    assert len(found) == 30
    reading = found[ids[0]]
    assert reading.urgency.value == "urgent"
    assert reading.place is not None
    assert reading.place.area_code == "430702"
    assert reading.matters


def test_reading_is_in_the_ledger_as_codes_and_causes_nothing(town: Town) -> None:
    order = town.register(TEXT)
    before = Pending.objects.count()
    services.read_batch(events=town.events(order), at=town.at)
    event = ledger.timeline(Stream("order", order))[-1]
    assert event.kind == "order.read"
    assert event.facts["urgency"] == "urgent"
    assert event.facts["area_code"] == "430702"
    assert event.actor.kind == "machine"
    assert Pending.objects.count() == before


def test_the_same_event_twice_is_read_once(town: Town) -> None:
    order = town.register(TEXT)
    events = town.events(order)
    services.read_batch(events=[*events, *events], at=town.at)
    services.read_batch(events=events, at=town.at)
    assert OrderReading.objects.filter(order_id=order).count() == 1
    assert [event.kind for event in ledger.timeline(Stream("order", order))].count("order.read") == 1


def test_engines_switched_off_leave_an_empty_reading(town: Town, settings: LazySettings) -> None:
    settings.HOTLINE_ENGINES = []
    order = town.register(TEXT)
    services.read_batch(events=town.events(order), at=town.at)
    reading = queries.readings([order])[order]
    assert (reading.matters, reading.empty_reason) == ((), "engine_down")
    live = services.read_text(authority_id=town.authority.id, text="打13812345678", at=town.at)
    assert live.empty_reason == "engine_down"
    assert "13812345678" not in live.redacted


def test_a_failing_engine_leaves_an_empty_reading_and_logs_no_text(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: RulesEngine, text: str, context: object) -> None:
        raise ZeroDivisionError(text)

    monkeypatch.setattr(RulesEngine, "read", fail)
    order = town.register(TEXT)
    with caplog.at_level(logging.WARNING):
        services.read_batch(events=town.events(order), at=town.at)
    assert queries.readings([order])[order].empty_reason == "engine_failed"
    assert "ZeroDivisionError" in caplog.text
    assert "停水" not in caplog.text


def test_an_engine_that_cannot_be_built_is_down(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(policy: object, areas: object, edition: str) -> None:
        raise OSError("no words")

    monkeypatch.setitem(choosing.ENGINES, "rules", fail)  # type: ignore[arg-type]
    order = town.register(TEXT)
    services.read_batch(events=town.events(order), at=town.at)
    assert queries.readings([order])[order].empty_reason == "engine_down"


def test_yesterday_counts_from_when_it_was_said(town: Town) -> None:
    order = town.register("昨天停水了", own_at=datetime.fromisoformat("2019-02-14T20:00:00+08:00"))
    services.read_batch(events=town.events(order), at=town.at)
    (said,) = queries.readings([order])[order].times
    assert said.start == datetime.fromisoformat("2019-02-13T00:00:00+08:00")


def test_events_of_other_streams_are_not_orders(town: Town) -> None:
    order = town.register(TEXT)
    (event,) = town.events(order)
    other = Event(**{**event.__dict__, "stream": Stream("policy", order)})
    services.read_batch(events=[other], at=town.at)
    assert queries.readings([order]) == {}


def test_erasing_a_resident_drops_the_readings(town: Town) -> None:
    from hotline.ledger import services as ledger_services
    from hotline.residents import services as residents

    known = residents.remember(authority_id=town.authority.id, phone="13812345678", name="张三", at=town.at)
    mine, other = town.register(TEXT, resident_id=known.id), town.register(TEXT)
    services.read_batch(events=town.events(mine, other), at=town.at)
    (event,) = ledger_services.append(
        drafts=[Draft(Stream("resident", known.id or 0), "resident.erased", {}, SYSTEM, town.at)], at=town.at
    )
    services.forget(events=[event], at=town.at)
    assert set(queries.readings([mine, other])) == {other}

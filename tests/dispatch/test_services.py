"""Suggesting for orders as they come, and a person's decision against the suggestion."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from hotline.dispatch import queries, services
from hotline.dispatch.models import SuggestionRecord
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.refusal import Refused
from hotline.understanding import services as understanding
from hotline.workorder import services as orders
from hotline.workorder.facts import Accepted, Amended
from hotline.workorder.services import Moved
from tests.dispatch.conftest import Town

TEXT = "武陵区启明街道家里停水三天了，没人修"
WATER, COUNTY = "0202001", "430702"


def suggested(town: Town, *order_ids: int) -> None:
    events = town.events(*order_ids)
    understanding.read_batch(events=events, at=town.at)
    services.suggest_batch(events=events, at=town.at)


def accepted(town: Town, **more: object) -> tuple[int, int]:
    """An order that waits to be dispatched: its id and version."""
    order = town.register(TEXT, kind="help", matter_code=WATER, area_code=COUNTY, **more)
    suggested(town, order)
    done = orders.move(order_id=order, facts=Accepted(), actor=town.viewer("dispatcher").actor(), at=town.at)
    return order, done.version


def test_a_batch_is_suggested_with_few_statements(town: Town, count_queries) -> None:
    ids = [town.register(TEXT) for _ in range(30)]
    events = town.events(*ids)
    understanding.read_batch(events=events, at=town.at)
    services.suggest_batch(events=events[:1], at=town.at)  # warms policy and units
    with count_queries(5):
        services.suggest_batch(events=events, at=town.at)
    assert len(queries.suggestions(ids)) == 30


def test_the_reading_leads_to_the_supplier_with_reasons_in_words(town: Town) -> None:
    order = town.register(TEXT)
    suggested(town, order)
    view = queries.suggestion(order)
    assert view is not None
    assert (view.basis, view.area_code, view.empty) == ("reading", "430702001", None)
    assert "供水" in view.units[0].name
    words = [reason.words() for reason in view.units[0].reasons]
    assert words[0] == "管这事：目录把“停水与水压低”列给供水企业主办"
    assert words[1] == "管这里：启明街道在它的服务区域内"
    english = queries.suggestion(order, language="en")
    assert english is not None
    assert "Water supply company" in str(english.units[0].reasons[0].params)


def test_what_a_person_chose_beats_the_reading(town: Town) -> None:
    order = town.register(TEXT, matter_code="0602001", area_code=COUNTY)
    suggested(town, order)
    view = queries.suggestion(order)
    assert view is not None
    assert view.basis == "person"
    assert view.units[0].matter_code == "0602001"


def test_the_same_suggestion_is_not_stored_again_but_a_changed_one_is(town: Town) -> None:
    order = town.register(TEXT)
    suggested(town, order)
    suggested(town, order)
    assert SuggestionRecord.objects.filter(order_id=order).count() == 1
    orders.move(
        order_id=order, facts=Amended(matter_code="0301001"), actor=town.viewer("dispatcher").actor(), at=town.at
    )
    services.suggest_batch(events=town.events(order), at=town.at)
    assert SuggestionRecord.objects.filter(order_id=order).count() == 2
    view = queries.suggestion(order)
    assert view is not None
    assert view.units[0].matter_code == "0301001"


def test_an_engine_that_is_down_gives_an_empty_suggestion_with_its_reason(town: Town, settings: LazySettings) -> None:
    settings.HOTLINE_ENGINES = []
    order = town.register(TEXT)
    suggested(town, order)
    view = queries.suggestion(order)
    assert view is not None
    assert view.units == ()
    assert view.empty is not None
    assert view.empty.code == "no_matter"


def test_an_order_that_was_not_read_is_tried_again_later(town: Town) -> None:
    order = town.register(TEXT)
    with pytest.raises(LookupError):
        services.suggest_batch(events=town.events(order), at=town.at)


def test_a_legal_route_suggests_nobody(town: Town) -> None:
    order = town.register("法院判决了停水赔偿，我不服，请法官改判")
    suggested(town, order)
    view = queries.suggestion(order)
    assert view is not None
    assert (view.units, view.empty and view.empty.code) == ((), "legal_route")


def test_the_event_keeps_what_was_suggested_and_what_was_taken(town: Town) -> None:
    order, version = accepted(town)
    view = queries.suggestion(order)
    assert view is not None
    dispatcher = town.viewer("supervisor")
    services.decide(
        order_id=order, unit_id=view.units[0].unit_id, viewer=dispatcher, at=town.at, opinion="请尽快", seen=version
    )
    event = ledger.timeline(Stream("order", order))[-1]
    assert event.kind == "order.dispatched"
    assert event.facts["rank"] == 1
    assert event.facts["suggested"] == [each.unit_id for each in view.units]
    assert event.facts["basis"] == "person"


def test_a_unit_of_ones_own_choice_has_rank_nought_in_a_redispatch(
    town: Town, unit_of: Callable[[str, str], int]
) -> None:
    order, _ = accepted(town)
    view = queries.suggestion(order)
    assert view is not None
    person = town.viewer("supervisor")
    services.decide(order_id=order, unit_id=view.units[0].unit_id, viewer=person, at=town.at)
    services.redispatch(order_id=order, unit_id=unit_of("urban", COUNTY), viewer=person, at=town.at)
    event = ledger.timeline(Stream("order", order))[-1]
    assert event.kind == "order.redispatched"
    assert event.facts.get("rank", 0) == 0


@pytest.mark.parametrize("act", [services.decide, services.redispatch])
def test_a_department_duty_is_not_pushed_down_to_a_town(
    town: Town, unit_of: Callable[[str, str], int], act: Callable[..., Moved]
) -> None:
    order, _ = accepted(town)
    person = town.viewer("supervisor")
    if act is services.redispatch:
        services.decide(order_id=order, unit_id=unit_of("urban", COUNTY), viewer=person, at=town.at)
    before = len(ledger.timeline(Stream("order", order)))
    with pytest.raises(Refused) as caught:
        act(order_id=order, unit_id=unit_of("town", "430702001"), viewer=person, at=town.at)
    (reason,) = caught.value.reasons
    assert (reason.code, reason.field, caught.value.status) == ("below_floor", "unit_id", 422)
    assert "停水与水压低" in reason.words()
    assert len(ledger.timeline(Stream("order", order))) == before


def test_the_second_of_two_people_hears_what_changed(town: Town, unit_of: Callable[[str, str], int]) -> None:
    order, version = accepted(town)
    with pytest.raises(Refused) as caught:
        services.decide(
            order_id=order,
            unit_id=unit_of("town", "430702001"),
            viewer=town.viewer("supervisor"),
            at=town.at,
            seen=version - 1,
        )
    assert caught.value.status == 409


def test_an_unknown_order_is_not_found(town: Town) -> None:
    with pytest.raises(Refused) as caught:
        services.decide(order_id=0, unit_id=1, viewer=town.viewer("supervisor"), at=town.at)
    assert caught.value.status == 404

"""Appending on a real database: order, chains, what is caused, and what is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from hotline.ledger import models, queries, services
from hotline.ledger.record import Actor, BadDraft, Draft, Json, Stream
from tests.ledger.drafts import DAY, draft, life, order

pytestmark = pytest.mark.django_db
Counter = Callable[[int], AbstractContextManager[None]]


def test_events_come_back_in_the_order_given_by_one_statement(at: datetime, count_queries: Counter) -> None:
    given = [
        draft(order(9), at, "order.registered"),
        draft(Stream("resident", 4), at, "identity.viewed", reason="call_back"),
        draft(order(2), at - DAY, "order.registered", amounts=[1, 2.5], note=None, urgent=True),
        draft(order(9), at, "order.accepted"),
    ]
    with count_queries(1):
        written = services.append(drafts=given, at=at)
    assert [(event.stream, event.kind, event.seq) for event in written] == [
        (order(9), "order.registered", 1),
        (Stream("resident", 4), "identity.viewed", 1),
        (order(2), "order.registered", 1),
        (order(9), "order.accepted", 2),
    ]
    for event in written:
        assert event in queries.timeline(event.stream)
    assert queries.timeline(order(2))[0].facts == {"amounts": [1, 2.5], "note": None, "urgent": True}
    assert services.verify().ok


def test_a_stream_goes_on_where_it_ended(at: datetime) -> None:
    for number in range(1, 4):
        [event] = services.append(drafts=[draft(order(1), at)], at=at)
        assert (event.seq, queries.last_seq(order(1))) == (number, number)
    assert queries.last_seq(order(2)) == 0
    assert services.verify().events == 3


def test_a_timeline_is_one_query_and_can_be_narrowed(at: datetime, count_queries: Counter) -> None:
    services.append(drafts=[draft(order(1), at, kind) for kind in ("order.registered", "order.signed")], at=at)
    with count_queries(1):
        assert [event.kind for event in queries.timeline(order(1), kinds=["order.signed"])] == ["order.signed"]
    assert queries.timeline(order(1), kinds=[]) == []


def test_both_times_and_the_actor_are_kept(at: datetime) -> None:
    actor = Actor("resident", "r-1", None, None)
    services.append(drafts=[Draft(order(1), "order.withdrawn", {}, actor, at - DAY)], at=at)
    [event] = queries.timeline(order(1))
    assert (event.at, event.recorded_at, event.actor) == (at - DAY, at, actor)


def test_one_bad_draft_keeps_all_out(at: datetime, count_queries: Counter) -> None:
    with count_queries(0), pytest.raises(BadDraft), transaction.atomic():
        services.append(drafts=[draft(order(1), at), draft(order(1), at, name="张三")], at=at)
    assert queries.last_seq(order(1)) == 0


def test_nothing_to_append_sends_nothing(at: datetime, count_queries: Counter) -> None:
    with count_queries(0):
        assert services.append(drafts=[], at=at) == []


def test_only_what_is_not_history_is_pending(at: datetime) -> None:
    given = [draft(order(1), at, history=True), draft(order(2), at), draft(order(1), at)]
    written = services.append(drafts=given, at=at)
    claims = services.claim(limit=10, at=at)
    assert [claim.event.id for claim in claims] == sorted(event.id for event in written[1:])
    assert all(claim.event in written for claim in claims)
    assert all((claim.attempts, claim.left) == (0, ()) for claim in claims)


# --- bulk history ----------------------------------------------------------------------------------------------------
def test_history_is_chained_exactly_as_the_database_chains(at: datetime) -> None:
    actors = [Actor("system"), Actor("staff", "7", "agent", 3), Actor("partner", "p")]
    facts: list[dict[str, Json]] = [
        {},
        {"b": 1, "a": [1.5, "x", None]},
        {"rate": 1e22, "tiny": 5e-324, "text": 'quote " and \\ back'},
    ]
    given = [
        Draft(order(number), "order.signed", facts[n % 3], actors[n % 3], at + timedelta(microseconds=n))
        for n in range(9)
        for number in (1, 10, 2)
    ]

    def stored() -> tuple[object, ...]:
        rows = models.Event.objects.order_by("stream_id", "seq").values()
        return [{**row, "id": None} for row in rows], list(models.Head.objects.order_by("stream_id").values())

    with transaction.atomic():
        services.append(drafts=given, at=at)
        by_database = stored()
        transaction.set_rollback(True)
    assert services.append_history(drafts=iter(given), at=at) == 27
    assert stored() == by_database
    assert services.verify().ok


def test_history_causes_nothing_and_can_be_gone_on_with(at: datetime) -> None:
    services.append_history(drafts=life(order(1), at - DAY, 3), at=at)
    assert services.claim(limit=10, at=at + DAY) == []
    [event] = services.append(drafts=[draft(order(1), at)], at=at)
    assert event.seq == 4
    assert services.verify().ok


def test_history_cannot_be_slipped_into_a_stream_that_exists(at: datetime) -> None:
    services.append(drafts=[draft(order(1), at)], at=at)
    with pytest.raises(services.StreamExists, match="order, 1"), transaction.atomic():
        services.append_history(drafts=[*life(order(2), at, 1), *life(order(1), at, 1)], at=at)
    assert queries.last_seq(order(2)) == 0


def test_no_history_is_fine(at: datetime) -> None:
    assert services.append_history(drafts=[], at=at) == 0


# --- what the database refuses ---------------------------------------------------------------------------------------
TABLES = ("ledger_event", "ledger_head", "ledger_anchor", "ledger_anchor_head")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_running_role_changes_nothing(table: str, statement: str, at: datetime) -> None:
    services.append(drafts=[draft(order(1), at)], at=at)
    services.anchor(at=at)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert services.verify().ok


def test_a_head_is_not_set_back(at: datetime) -> None:
    services.append(drafts=[draft(order(1), at), draft(order(1), at)], at=at)
    with pytest.raises(Error, match="only grows"), transaction.atomic():
        models.Head.objects.filter(stream_id=1).update(seq=1)

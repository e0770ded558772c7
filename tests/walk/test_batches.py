"""A batch of events goes through its reactions together; one that fails is alone in failing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from django.db import transaction

from hotline import walk
from hotline.ledger import models, queries, services
from hotline.ledger.record import SYSTEM, Draft, Event, Stream
from hotline.refusal import Refused, refuse
from tests.walk.reactions import Noting

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(monkeypatch: pytest.MonkeyPatch) -> Noting:
    """The first of the two reactions that a test event has here."""
    return Noting("first")


@pytest.fixture
def second(first: Noting, monkeypatch: pytest.MonkeyPatch) -> Noting:
    """The second; from here on test events have both."""
    noting = Noting("second")
    after = MappingProxyType({"test.begun": (("first", first), ("second", noting))})
    monkeypatch.setattr(walk, "AFTER", after)
    return noting


def begin(at: datetime, *orders: int) -> None:
    services.append(drafts=[Draft(Stream("order", each), "test.begun", {}, SYSTEM, at) for each in orders], at=at)


def noted(kind: str) -> list[int]:
    """The orders for which this reaction's work is kept."""
    return sorted(models.Event.objects.filter(kind=f"test.{kind}").values_list("stream_id", flat=True))


def test_a_batch_is_one_call_of_each_reaction(first: Noting, second: Noting, at: datetime) -> None:
    begin(at, 1, 2, 3)
    assert walk.run_once(at=at) == 3
    assert first.given == second.given == [[1, 2, 3]]
    assert walk.run_once(at=at) == 0
    assert models.Pending.objects.count() == 0


def test_events_that_cause_nothing_are_done_with(second: Noting, at: datetime) -> None:
    services.append(drafts=[Draft(Stream("order", 1), "test.unheard_of", {}, SYSTEM, at)], at=at)
    assert walk.run_until_idle(at=at) == 1
    assert models.Pending.objects.count() == 0


def test_a_long_queue_is_taken_in_batches(first: Noting, second: Noting, at: datetime) -> None:
    begin(at, *range(1, 6))
    assert walk.run_once(at=at, limit=2) == 2
    assert walk.run_until_idle(at=at) == 3
    assert first.given == [[1, 2], [3, 4, 5]]


def test_one_bad_event_holds_up_nobody_and_leaves_nothing_half_written(
    first: Noting, second: Noting, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    first.bad = {2}
    begin(at, 1, 2, 3)
    with caplog.at_level(logging.WARNING):
        walk.run_once(at=at)
    assert first.given == [[1, 2, 3], [1], [2], [3]], "the batch, then one by one"
    assert noted("first") == [1, 3], "what the failed calls wrote is undone, and nothing stands twice"
    assert noted("second") == [1, 2, 3], "the other reaction goes on for all of them"
    [left] = models.Pending.objects.all()
    assert (left.event.stream_id, left.remaining, left.error, left.attempts) == (2, ["first"], "ValueError", 1)
    assert "张三丰" not in caplog.text
    assert services.verify().ok


def test_only_what_is_left_is_tried_again(first: Noting, second: Noting, at: datetime) -> None:
    first.bad = {2}
    begin(at, 1, 2)
    walk.run_once(at=at)
    first.bad, first.given, second.given = set(), [], []
    assert walk.run_once(at=at) == 0, "not before its pause is over"
    assert walk.run_once(at=at + timedelta(hours=2)) == 1
    assert (first.given, second.given) == ([[2]], [])
    assert noted("first") == noted("second") == [1, 2]
    assert models.Pending.objects.count() == 0


def test_what_keeps_failing_waits_on_the_operators_list_until_sent_back(
    first: Noting, second: Noting, at: datetime
) -> None:
    second.bad = {7}
    begin(at, 7, 8)
    for _ in range(10):
        walk.run_until_idle(at=at)
        at += timedelta(hours=2)
    [parked] = queries.parked(limit=10)
    assert (parked.event.stream.id, parked.left, parked.error) == (7, ("second",), "ValueError")
    assert len(second.given) == 2 + 1 + 4, "the batch of two, each alone, then four more times"
    second.bad = set()
    walk.run_until_idle(at=at)
    assert noted("second") == [8], "nobody but a person takes it off the list"
    assert services.retry_parked(pending_id=parked.pending_id, at=at)
    walk.run_until_idle(at=at)
    assert noted("second") == [7, 8]
    assert queries.parked(limit=10) == []


def test_a_reaction_that_hides_a_failure_is_not_taken_for_done(
    second: Noting, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An inner block without a savepoint that failed takes everything with it: silence would lose the work."""

    def hiding(*, events: Sequence[Event], at: datetime) -> None:
        drafts = [Draft(event.stream, "test.hidden", {}, SYSTEM, at, history=True) for event in events]
        services.append(drafts=drafts, at=at)
        try:
            with transaction.atomic(savepoint=False):
                refuse("no", "no")
        except Refused:
            pass

    monkeypatch.setattr(walk, "AFTER", {"test.begun": (("hiding", hiding), ("second", second))})
    begin(at, 1)
    walk.run_once(at=at)
    [left] = models.Pending.objects.all()
    assert (left.remaining, left.error) == (["hiding"], "TransactionManagementError")
    assert (noted("hidden"), noted("second")) == ([], [1])

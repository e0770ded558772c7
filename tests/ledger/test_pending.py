"""What is still to be done: taken by one worker at a time, tried again, at last left to a person."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from hotline.ledger import models, queries, retry, services
from tests.databases import Copy
from tests.ledger.drafts import DAY, draft, order

Counter = Callable[[int], AbstractContextManager[None]]


def pending(at: datetime, count: int) -> list[int]:
    """So many events, each with its pending row; returns the ids of the rows."""
    services.append(drafts=[draft(order(n), at) for n in range(count)], at=at)
    return [claim.pending_id for claim in services.claim(limit=count, at=at)]


@pytest.mark.django_db
def test_claiming_and_finishing_a_batch_is_one_statement_each(at: datetime, count_queries: Counter) -> None:
    pending(at, 5)
    with count_queries(1):
        claims = services.claim(limit=3, at=at)
    with count_queries(1):
        services.done(pending_ids=[claim.pending_id for claim in claims])
    assert len(claims) == 3
    assert len(services.claim(limit=10, at=at)) == 2
    with count_queries(0):
        services.done(pending_ids=[])


@pytest.mark.django_db
def test_nothing_is_taken_before_its_time(at: datetime) -> None:
    pending(at, 1)
    assert services.claim(limit=10, at=at - timedelta(seconds=1)) == []


@pytest.mark.django_db
def test_a_failed_reaction_waits_longer_each_time_and_is_then_parked(at: datetime) -> None:
    [number] = pending(at, 1)
    waits = []
    for attempt in range(1, 5):
        services.postpone(pending_id=number, left=["read", "suggest"], error="EngineDown", at=at)
        [row] = models.Pending.objects.all()
        assert (row.attempts, row.state) == (attempt, retry.WAITING)
        waits.append(row.next_at - at)
        assert services.claim(limit=1, at=row.next_at - timedelta(seconds=1)) == []
        [claim] = services.claim(limit=1, at=row.next_at)
        assert (claim.attempts, claim.left) == (attempt, ("read", "suggest"))
    assert waits == sorted(set(waits))
    services.postpone(pending_id=number, left=["suggest"], error="EngineDown", at=at)
    assert services.claim(limit=1, at=at + 365 * DAY) == []
    [parked] = queries.parked(limit=10)
    assert (parked.pending_id, parked.left, parked.error, parked.attempts) == (number, ("suggest",), "EngineDown", 5)
    assert parked.event.stream == order(0)
    assert services.parked_count() == 1


@pytest.mark.django_db
def test_a_person_sends_a_parked_event_back_to_work(at: datetime) -> None:
    one, two = pending(at, 2)
    services.postpone(pending_id=one, left=["read"], error="E" * 500, at=at, max_attempts=1)
    assert services.retry_parked(pending_id=one, at=at + DAY)
    assert not services.retry_parked(pending_id=one, at=at + DAY)
    assert not services.retry_parked(pending_id=two, at=at)
    claims = {claim.pending_id: claim for claim in services.claim(limit=10, at=at + DAY)}
    assert (claims[one].left, claims[one].attempts) == (("read",), 0)


def test_pauses_grow_to_an_hour_and_no_further() -> None:
    pauses = [retry.pause(attempts) for attempts in range(1, 40)]
    assert pauses[0] == timedelta(seconds=10)
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(hours=1)


def test_two_workers_never_hold_the_same_row(cloned_db: Copy, at: datetime) -> None:
    services.append(drafts=[draft(order(n), at) for n in range(10)], at=at)
    taken: list[set[int]] = []
    both_hold = threading.Barrier(2, timeout=30)

    def work() -> None:
        try:
            with transaction.atomic():
                claims = services.claim(limit=7, at=at)
                taken.append({claim.pending_id for claim in claims})
                both_hold.wait()
                services.done(pending_ids=[claim.pending_id for claim in claims])
        finally:
            connection.close()

    run_all([work, work])
    assert sorted(map(len, taken)) == [3, 7]
    assert taken[0].isdisjoint(taken[1])
    assert models.Pending.objects.count() == 0


def test_a_worker_that_dies_gives_its_rows_back(cloned_db: Copy, at: datetime) -> None:
    services.append(drafts=[draft(order(1), at)], at=at)
    with transaction.atomic():
        assert len(services.claim(limit=1, at=at)) == 1
        transaction.set_rollback(True)
    assert len(pending_now(at)) == 1


def test_threads_on_one_stream_leave_one_whole_chain(cloned_db: Copy, at: datetime) -> None:
    def work() -> None:
        try:
            for _ in range(15):
                services.append(drafts=[draft(order(2), at), draft(order(1), at), draft(order(2), at)], at=at)
        finally:
            connection.close()

    run_all([work] * 6)
    assert queries.last_seq(order(1)) == 90
    assert [event.seq for event in queries.timeline(order(2))] == list(range(1, 181))
    assert services.verify().ok


def pending_now(at: datetime) -> list[services.Claim]:
    """What may be claimed at this moment."""
    with transaction.atomic():
        return services.claim(limit=100, at=at)


def run_all(works: list[Callable[[], None]]) -> None:
    """Run each in a thread of its own; the first failure is raised here."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:  # handed to the test
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]

"""A corrected calendar reaches open clocks: in batches, by events, without losing or doubling anything."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from hotline import packs
from hotline.clocks import services
from hotline.clocks.change import Change, HistoryClock
from hotline.clocks.models import Clock
from hotline.clocks.services import recomputing
from hotline.ledger import queries as ledger
from hotline.ledger.record import LIST_LIMIT, Stream
from hotline.packs import City, Limit
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.policy.policy import Policy
from tests.clocks.test_noting import correct, shanghai
from tests.databases import Copy
from tests.policy.conftest import made_authority

Counted = Callable[[int], AbstractContextManager[None]]
THREE_DAYS = Limit(3, "working_days")
CLOSED = date(2026, 11, 24)
OLD, NEW = "2026-11-25T09:30:00.000000Z", "2026-11-26T09:30:00.000000Z"


def start(policy: Policy, at: datetime, number: int = 7, limit: Limit = THREE_DAYS) -> int:
    (clock,) = services.apply(
        stream=Stream("order", number), changes=[Change("reply", "start", limit)], policy=policy, at=at
    )
    return clock.id


def act(policy: Policy, at: datetime, change: Change, number: int = 7) -> None:
    services.apply(stream=Stream("order", number), changes=[change], policy=policy, at=at)


def told(policy: Policy) -> list[dict[str, Any]]:
    """What the authority's stream says of recomputed clocks."""
    stream = Stream("policy", policy.authority_id)
    return [dict(event.facts) for event in ledger.timeline(stream, kinds=["clock.recomputed"])]


def test_an_event_keeps_the_version_and_the_old_and_new_due_moments(policy: Policy, pack: City, at: datetime) -> None:
    first, hours = start(policy, at), start(policy, at, 8, Limit(90, "hours"))
    correct(pack, policy, at, CLOSED)
    assert services.recompute(at=at) == 2
    assert told(policy) == [{"calendar_version": 2, "clock_ids": [first], "olds": [OLD], "news": [NEW]}]
    rows = {row.pk: row for row in Clock.objects.all()}
    assert (rows[first].due_at, rows[first].calendar_version) == (shanghai("2026-11-26T17:30"), 2)
    assert rows[first].warn_at == shanghai("2026-11-26T09:00")
    assert (rows[hours].due_at, rows[hours].calendar_version) == (at + timedelta(hours=90), 2)
    assert services.recompute(at=at) == 0


def test_a_calendar_that_is_the_same_moves_nothing(
    policy: Policy, pack: City, at: datetime, count_queries: Counted
) -> None:
    start(policy, at)
    publishing.publish(pack=pack, authority_id=policy.authority_id, at=at)
    assert services.recompute(at=at) == 0
    with count_queries(1):
        assert services.recompute(at=at) == 0


def test_a_clock_that_starts_by_an_old_calendar_is_found_a_little_later(
    policy: Policy, pack: City, at: datetime
) -> None:
    correct(pack, policy, at, CLOSED)
    services.recompute(at=at)
    clock_id = start(policy, at)  # a process that has not heard of the new calendar
    assert services.recompute(at=at + timedelta(minutes=9)) == 0
    assert services.note_passed(at=shanghai("2026-11-25T18:00")) == 0
    assert services.recompute(at=at + timedelta(minutes=10)) == 1
    assert told(policy) == [{"calendar_version": 2, "clock_ids": [clock_id], "olds": [OLD], "news": [NEW]}]


def test_the_whole_life_is_reckoned_anew(policy: Policy, pack: City, at: datetime) -> None:
    clock_id = start(policy, at)
    act(policy, shanghai("2026-11-23T16:30"), Change("reply", "pause"))
    act(policy, shanghai("2026-11-27T09:00"), Change("reply", "resume"))
    act(policy, shanghai("2026-11-27T09:00"), Change("reply", "extend", Limit(1, "working_days")))
    # Fifteen hours were left: from Friday morning until Tuesday, and a day more.
    assert Clock.objects.get().due_at == shanghai("2026-12-02T10:00")
    correct(pack, policy, at, CLOSED)
    services.recompute(at=at)
    # The closed day lay in the pause, so what was left was the same; but it was counted to another day.
    row = Clock.objects.get()
    assert (row.pk, row.due_at, row.first_due_at) == (
        clock_id,
        shanghai("2026-12-02T10:00"),
        shanghai("2026-11-26T17:30"),
    )
    assert told(policy) == []


def test_paused_clocks_are_reached_and_stay_paused(policy: Policy, pack: City, at: datetime) -> None:
    start(policy, at)
    act(policy, shanghai("2026-11-23T16:30"), Change("reply", "pause"))
    correct(pack, policy, at, CLOSED)
    assert services.recompute(at=at) == 1
    row = Clock.objects.get()
    assert (row.paused_at, row.due_at) == (shanghai("2026-11-23T16:30"), shanghai("2026-11-26T17:30"))
    assert told(policy)[0]["news"] == [NEW]


def test_who_was_late_by_the_old_calendar_only_was_in_time(policy: Policy, pack: City, at: datetime) -> None:
    for number in (7, 8, 9):
        start(policy, at, number)
    act(policy, shanghai("2026-11-25T18:00"), Change("reply", "stop"), 7)
    act(policy, shanghai("2026-11-27T18:00"), Change("reply", "stop"), 8)
    act(policy, shanghai("2026-11-25T18:00"), Change("reply", "cancel"), 9)
    correct(pack, policy, at, CLOSED)
    assert services.recompute(at=at) == 2
    assert [row.outcome for row in Clock.objects.order_by("stream_id")] == ["met", "late", "cancelled"]
    assert services.note_passed(at=shanghai("2026-11-27T18:00")) == 1


def test_a_moved_clock_can_pass_once_more_and_one_that_stays_cannot(policy: Policy, pack: City, at: datetime) -> None:
    start(policy, at), start(policy, at, 8, Limit(1, "hours"))
    late = shanghai("2026-11-25T18:00")
    assert services.note_passed(at=late) == 2
    correct(pack, policy, at, CLOSED)
    services.recompute(at=late)
    assert services.note_passed(at=late) == 0
    assert services.note_passed(at=shanghai("2026-11-26T17:31")) == 1


def test_a_published_year_is_provisional_no_more(policy: Policy, pack: City, at: datetime) -> None:
    start(policy, at, limit=Limit(60, "working_days"))
    assert Clock.objects.get().provisional
    years = {number: replace(year, provisional=False) for number, year in pack.calendar.years.items()}
    final = replace(pack, calendar=replace(pack.calendar, years=years))
    publishing.publish(pack=final, authority_id=policy.authority_id, at=at)
    services.recompute(at=at)
    assert not Clock.objects.get().provisional
    assert told(policy) == []


def test_it_takes_no_more_than_asked_and_goes_on_where_it_stopped(
    policy: Policy, pack: City, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [start(policy, at, number) for number in range(7)]
    correct(pack, policy, at, CLOSED)
    monkeypatch.setattr(recomputing, "BATCH", 2)
    assert services.recompute(at=at, limit=3) == 3
    assert Clock.objects.filter(calendar_version=2).count() == 3
    with monkeypatch.context() as broken:
        broken.setattr(recomputing, "_drafts", _fail)
        with pytest.raises(RuntimeError):
            services.recompute(at=at)
    assert services.recompute(at=at, limit=100) == 4
    assert sorted(number for event in told(policy) for number in event["clock_ids"]) == ids
    assert services.recompute(at=at) == 0


def _fail(*_: object) -> None:
    raise RuntimeError("the machine stopped")


def test_many_clocks_cost_few_statements_and_events_hold_what_they_may(
    policy: Policy, pack: City, at: datetime, count_queries: Counted
) -> None:
    rows = [
        HistoryClock(Stream("order", number), "reply", policy, at, THREE_DAYS, None, None)
        for number in range(LIST_LIMIT + 20)
    ]
    services.append_history(rows=rows, at=at)
    services.recompute(at=at)
    correct(pack, policy, at, CLOSED)
    policies.current(policy.authority_id, at), policies.version(policy.id)
    with count_queries(10):
        assert services.recompute(at=at) == LIST_LIMIT + 20
    assert [len(event["clock_ids"]) for event in told(policy)] == [LIST_LIMIT, 20]


def test_cities_are_reached_each_by_its_own_calendar(policy: Policy, pack: City, at: datetime) -> None:
    other = replace(packs.load("changde"))
    second = made_authority(other, at)
    publishing.publish(pack=other, authority_id=second, at=at)
    theirs = policies.current(second, at)
    start(policy, at), start(theirs, at, 8, Limit(3, "working_days"))
    before = Clock.objects.get(stream_id=8).due_at
    correct(pack, policy, at, CLOSED)
    assert services.recompute(at=at) == 1
    assert Clock.objects.get(stream_id=8).due_at == before
    assert services.note_passed(at=before + timedelta(days=30)) == 2


def published(at: datetime) -> Policy:
    """A city with its rules in a database of its own."""
    pack = packs.load("yunjiang")
    authority_id = made_authority(pack, at)
    publishing.publish(pack=pack, authority_id=authority_id, at=at)
    return policies.current(authority_id, at)


def beside(act: Callable[[], object]) -> list[object]:
    """Do it on a connection of its own, as another worker or a person would."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found


def test_a_person_who_acts_meanwhile_is_not_overwritten(
    cloned_db: Copy, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = published(at)
    start(policy, at), start(policy, at, 8)
    correct(packs.load("yunjiang"), policy, at, CLOSED)
    really, times = recomputing.ledger.append, []

    def meanwhile(**words: Any) -> Any:
        times.append(1)
        if len(times) == 1:
            beside(lambda: act(policy, at, Change("reply", "extend", Limit(1, "working_days"))))
        return really(**words)

    monkeypatch.setattr(recomputing.ledger, "append", meanwhile)
    assert services.recompute(at=at) == 2
    assert len(times) == 2, "the batch was done again"
    due = {row.stream_id: row.due_at for row in Clock.objects.all()}
    assert due == {7: shanghai("2026-11-27T17:30"), 8: shanghai("2026-11-26T17:30")}
    (event,) = told(policy)
    assert event["news"] == ["2026-11-27T09:30:00.000000Z", NEW]


def test_two_workers_at_once_do_nothing_twice(cloned_db: Copy, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = published(at)
    for number in range(3):
        start(policy, at, number)
    services.recompute(at=at)
    correct(packs.load("yunjiang"), policy, at, CLOSED)
    really, others = recomputing.ledger.append, []

    def meanwhile(**words: Any) -> Any:
        others.extend(beside(lambda: services.recompute(at=at)))
        return really(**words)

    monkeypatch.setattr(recomputing.ledger, "append", meanwhile)
    assert services.recompute(at=at) == 3
    assert others == [0]
    assert len(told(policy)) == 1
    policies.forget_cache()

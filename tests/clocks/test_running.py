"""Clocks start, stop and are cancelled; imported lives bring theirs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hotline.clocks import queries, services
from hotline.clocks.change import Change, HistoryClock
from hotline.clocks.models import Clock
from hotline.clocks.queries import ClockView
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.packs import Limit
from hotline.policy.policy import Policy

Counted = Callable[[int], AbstractContextManager[None]]
ORDER = Stream("order", 7)
DAY = Limit(1, "working_days")
HOUR = timedelta(hours=1)


def start(kind: str, limit: Limit = DAY) -> Change:
    return Change(kind, "start", limit)


def seen(stream: Stream = ORDER) -> list[tuple[str, int, str]]:
    """Kind, round and outcome of each clock of the stream."""
    found = queries.for_streams(stream.kind, [stream.id]).get(stream.id, [])
    return [(clock.kind, clock.round, clock.outcome) for clock in found]


def test_a_clock_knows_its_due_moment_and_reminder(policy: Policy, at: datetime) -> None:
    (clock,) = services.apply(stream=ORDER, changes=[start("reply", Limit(3, "working_days"))], policy=policy, at=at)
    assert clock.started_at == at
    assert clock.due_at == datetime.fromisoformat("2026-11-25T17:30:00+08:00")
    assert clock.warn_at == datetime.fromisoformat("2026-11-25T09:00:00+08:00")
    assert (clock.kind, clock.outcome, clock.round, clock.amount, clock.unit) == ("reply", "", 1, 3, "working_days")
    assert (clock.paused_at, clock.extensions, clock.provisional, clock.first_due_at) == (None, 0, False, clock.due_at)
    assert Clock.objects.get().authority_id == policy.authority_id
    assert queries.for_streams("order", [7, 8]) == {7: [clock]}


@pytest.mark.parametrize(("late", "outcome"), [(timedelta(0), "met"), (timedelta(microseconds=1), "late")])
def test_the_last_moment_is_still_in_time(policy: Policy, at: datetime, late: timedelta, outcome: str) -> None:
    (clock,) = services.apply(stream=ORDER, changes=[start("sign", Limit(1, "hours"))], policy=policy, at=at)
    (ended,) = services.apply(stream=ORDER, changes=[Change("sign", "stop")], policy=policy, at=clock.due_at + late)
    assert (ended.id, ended.outcome, ended.stopped_at) == (clock.id, outcome, clock.due_at + late)


def test_what_does_not_run_cannot_be_ended_and_does_no_harm(policy: Policy, at: datetime) -> None:
    changes = [Change("sign", "stop"), Change("reply", "cancel")]
    assert services.apply(stream=ORDER, changes=changes, policy=policy, at=at) == []
    assert services.apply(stream=ORDER, changes=[], policy=policy, at=at) == []


def test_one_act_may_stop_one_clock_and_start_others(policy: Policy, at: datetime) -> None:
    services.apply(stream=ORDER, changes=[start("sign")], policy=policy, at=at)
    changes = [Change("sign", "stop"), start("contact"), start("reply", Limit(7, "working_days"))]
    changed = services.apply(stream=ORDER, changes=changes, policy=policy, at=at + HOUR)
    assert {(clock.kind, clock.outcome) for clock in changed} == {("sign", "met"), ("contact", ""), ("reply", "")}


def test_a_new_round_follows_a_cancelled_one(policy: Policy, at: datetime) -> None:
    services.apply(stream=ORDER, changes=[start("sign")], policy=policy, at=at)
    services.apply(stream=ORDER, changes=[Change("sign", "cancel")], policy=policy, at=at + HOUR)
    services.apply(stream=ORDER, changes=[start("sign")], policy=policy, at=at + 2 * HOUR)
    assert seen() == [("sign", 1, "cancelled"), ("sign", 2, "")]


def test_starting_again_cancels_the_run_before_or_stops_it_where_that_is_said(policy: Policy, at: datetime) -> None:
    services.apply(stream=ORDER, changes=[start("reply")], policy=policy, at=at)
    services.apply(stream=ORDER, changes=[start("reply")], policy=policy, at=at + HOUR)
    again = [Change("reply", "stop"), start("reply")]
    services.apply(stream=ORDER, changes=again, policy=policy, at=at + 2 * HOUR)
    assert seen() == [("reply", 1, "cancelled"), ("reply", 2, "met"), ("reply", 3, "")]


def test_streams_do_not_touch_each_other(policy: Policy, at: datetime) -> None:
    other, warning = Stream("order", 8), Stream("warning", 7)
    for stream in (ORDER, other, warning):
        services.apply(stream=stream, changes=[start("sign")], policy=policy, at=at)
    services.apply(stream=ORDER, changes=[Change("sign", "stop")], policy=policy, at=at)
    assert (seen(), seen(other), seen(warning)) == ([("sign", 1, "met")], [("sign", 1, "")], [("sign", 1, "")])
    assert set(queries.running("order").values_list("stream_id", flat=True)) == {8}


def test_the_database_lets_one_run_of_a_clock_go(policy: Policy, at: datetime) -> None:
    services.apply(stream=ORDER, changes=[start("sign")], policy=policy, at=at)
    row = Clock.objects.get()
    row.pk, row.round = None, 2
    with pytest.raises(IntegrityError, match="clocks_clock_one_runs"), transaction.atomic():
        row.save(force_insert=True)


def test_applying_is_two_statements_and_reading_is_one(policy: Policy, at: datetime, count_queries: Counted) -> None:
    changes = [Change("sign", "stop"), Change("contact", "cancel"), start("reply"), start("callback")]
    with count_queries(2):
        services.apply(stream=ORDER, changes=changes, policy=policy, at=at)
    with count_queries(1):
        services.apply(stream=ORDER, changes=[Change("reply", "stop")], policy=policy, at=at)
    with count_queries(1):
        queries.for_streams("order", range(1, 200))


def history(policy: Policy, at: datetime, stream: Stream = ORDER) -> HistoryClock:
    return HistoryClock(stream, "sign", policy, at, Limit(2, "hours"), None, None)


def views(stream: Stream) -> list[ClockView]:
    return queries.for_streams(stream.kind, [stream.id])[stream.id]


def test_imported_lives_bring_their_clocks_and_cause_no_event(policy: Policy, at: datetime) -> None:
    long_ago = at - timedelta(days=40)
    rows = [
        history(policy, long_ago + 9 * HOUR).ended("stop", long_ago + 20 * HOUR),
        history(policy, long_ago).ended("cancel", long_ago + HOUR),
        history(policy, long_ago + 30 * HOUR),
        history(policy, at, Stream("order", 9)).ended("stop", at + HOUR),
    ]
    assert services.append_history(rows=rows, at=at) == 4
    assert seen() == [("sign", 1, "cancelled"), ("sign", 2, "late"), ("sign", 3, "")]
    assert seen(Stream("order", 9)) == [("sign", 1, "met")]
    assert views(ORDER)[0].due_at == long_ago + 2 * HOUR
    assert services.note_passed(at=at + timedelta(days=1)) == 0
    assert ledger.timeline(ORDER) == []
    # What still runs can be stopped like any other clock.
    (ended,) = services.apply(stream=ORDER, changes=[Change("sign", "stop")], policy=policy, at=at)
    assert (ended.round, ended.outcome) == (3, "late")


def test_thousands_of_lives_cost_few_statements(policy: Policy, at: datetime, count_queries: Counted) -> None:
    rows = [history(policy, at, Stream("order", number)) for number in range(1500)]
    with count_queries(1):
        services.append_history(rows=rows, at=at)


def test_an_imported_clock_remembers_what_happened_to_it(policy: Policy, at: datetime) -> None:
    long_ago = at - timedelta(days=400)
    lived = (
        HistoryClock(ORDER, "reply", policy, long_ago, Limit(2, "hours"), None, None)
        .changed(Change("reply", "pause"), long_ago + HOUR)
        .changed(Change("reply", "resume"), long_ago + 30 * HOUR)
        .changed(Change("reply", "extend", Limit(3, "hours")), long_ago + 30 * HOUR)
    )
    until = HistoryClock(ORDER, "review", policy, long_ago, None, None, None, until=long_ago + 50 * HOUR)
    asleep = HistoryClock(ORDER, "sign", policy, long_ago, Limit(2, "hours"), None, None)
    asleep = asleep.changed(Change("sign", "pause"), long_ago + HOUR).ended("stop", long_ago + 90 * HOUR)
    services.append_history(rows=[lived.ended("stop", long_ago + 34 * HOUR), until, asleep], at=at)
    found = {clock.kind: clock for clock in views(ORDER)}
    assert (found["reply"].due_at, found["reply"].outcome) == (long_ago + 34 * HOUR, "met")
    assert (found["reply"].first_due_at, found["reply"].extensions) == (long_ago + 2 * HOUR, 1)
    assert (found["review"].due_at, found["review"].amount, found["review"].unit) == (
        long_ago + 50 * HOUR, None, "minutes",
    )  # fmt: skip
    assert found["sign"].outcome == "met"
    assert services.note_passed(at=at + HOUR) == 0


def test_what_a_limit_would_end_at_is_told_without_a_clock(policy: Policy, at: datetime) -> None:
    expected = datetime.fromisoformat("2026-11-25T17:30:00+08:00")
    assert queries.due_for(policy, Limit(3, "working_days"), at) == expected

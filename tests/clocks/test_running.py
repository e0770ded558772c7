"""Clocks start, stop and are cancelled; a passed limit is noted once."""

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
    assert clock.warn_at == datetime.fromisoformat("2026-11-24T17:30:00+08:00")
    assert (clock.kind, clock.outcome, clock.round, clock.amount, clock.unit) == ("reply", "", 1, 3, "working_days")
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


def note(at: datetime) -> int:
    return services.note_passed(at=at)


def passed(stream: Stream) -> list[dict[str, object]]:
    return [dict(event.facts) for event in ledger.timeline(stream, kinds=["clock.limit_passed"])]


def test_a_passed_limit_is_noted_once_in_the_ledger(policy: Policy, at: datetime) -> None:
    (clock,) = services.apply(stream=ORDER, changes=[start("sign", Limit(1, "hours"))], policy=policy, at=at)
    assert note(clock.due_at) == 0
    assert note(clock.due_at + HOUR) == 1
    assert note(clock.due_at + HOUR) == 0
    (facts,) = passed(ORDER)
    assert (facts["clock"], facts["clock_id"], facts["round"]) == ("sign", clock.id, 1)
    assert facts["due_at"] == "2026-11-20T03:00:00.000000Z"


def test_a_clock_that_was_stopped_late_is_noted_one_in_time_or_cancelled_is_not(policy: Policy, at: datetime) -> None:
    streams = [Stream("order", number) for number in (1, 2, 3)]
    for stream in streams:
        services.apply(stream=stream, changes=[start("sign", Limit(1, "hours"))], policy=policy, at=at)
    stop, cancel = Change("sign", "stop"), Change("sign", "cancel")
    services.apply(stream=streams[0], changes=[stop], policy=policy, at=at + 2 * HOUR)
    services.apply(stream=streams[1], changes=[stop], policy=policy, at=at)
    services.apply(stream=streams[2], changes=[cancel], policy=policy, at=at + 2 * HOUR)
    assert note(at + 3 * HOUR) == 1
    assert [len(passed(stream)) for stream in streams] == [1, 0, 0]


def test_noting_takes_the_oldest_first_and_no_more_than_asked(policy: Policy, at: datetime) -> None:
    for number in range(5):
        stream = Stream("order", number)
        services.apply(stream=stream, changes=[start("sign", Limit(5 - number, "minutes"))], policy=policy, at=at)
    assert services.note_passed(at=at + HOUR, limit=2) == 2
    assert [len(passed(Stream("order", number))) for number in range(5)] == [0, 0, 0, 1, 1]
    assert services.note_passed(at=at + HOUR, limit=10) == 3


def test_noting_many_costs_no_more_statements(policy: Policy, at: datetime, count_queries: Counted) -> None:
    for number in range(12):
        services.apply(
            stream=Stream("order", number), changes=[start("sign", Limit(1, "minutes"))], policy=policy, at=at
        )
    with count_queries(4):
        assert note(at + HOUR) == 12


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
    assert note(at + timedelta(days=1)) == 0
    assert passed(ORDER) == []
    # What still runs can be stopped like any other clock.
    (ended,) = services.apply(stream=ORDER, changes=[Change("sign", "stop")], policy=policy, at=at)
    assert (ended.round, ended.outcome) == (3, "late")


def test_thousands_of_lives_cost_few_statements(policy: Policy, at: datetime, count_queries: Counted) -> None:
    rows = [history(policy, at, Stream("order", number)) for number in range(1500)]
    with count_queries(1):
        services.append_history(rows=rows, at=at)

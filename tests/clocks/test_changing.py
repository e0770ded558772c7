"""Clocks are paused, go on, are put off and brought forward; the row agrees with the whole life reckoned anew."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.clocks import life, queries, services
from hotline.clocks.change import VERBS, Change, HistoryClock, Timed
from hotline.clocks.models import Clock
from hotline.clocks.queries import ClockView
from hotline.ledger.record import Stream
from hotline.packs import City, Limit
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.policy.policy import Policy
from tests.clocks import cities

Counted = Callable[[int], AbstractContextManager[None]]
ORDER = Stream("order", 7)
HOUR = timedelta(hours=1)
TWO_HOURS = Limit(2, "hours")
PAUSE, RESUME = Change("reply", "pause"), Change("reply", "resume")


def act(policy: Policy, at: datetime, *changes: Change) -> list[ClockView]:
    return services.apply(stream=ORDER, changes=changes, policy=policy, at=at)


def start(limit: Limit = TWO_HOURS, kind: str = "reply") -> Change:
    return Change(kind, "start", limit)


def test_a_paused_clock_goes_on_with_what_it_had_left(policy: Policy, at: datetime) -> None:
    act(policy, at, start())
    (paused,) = act(policy, at + HOUR, PAUSE)
    assert (paused.paused_at, paused.due_at, paused.outcome) == (at + HOUR, at + 2 * HOUR, "")
    assert act(policy, at + 5 * HOUR, PAUSE) == []
    (resumed,) = act(policy, at + 30 * HOUR, RESUME)
    assert (resumed.paused_at, resumed.due_at, resumed.first_due_at) == (None, at + 31 * HOUR, at + 2 * HOUR)
    assert act(policy, at + 30 * HOUR, RESUME) == []
    assert len(Clock.objects.get().changes) == 2


def test_nobody_finds_a_paused_clock_among_those_that_can_pass(policy: Policy, at: datetime) -> None:
    act(policy, at, start(), start(kind="sign"))
    act(policy, at, PAUSE)
    assert [row.kind for row in queries.running("order")] == ["sign"]
    assert {row.kind for row in queries.unfinished("order")} == {"reply", "sign"}
    assert set(queries.running_of("order", [7, 8])[7]) == {"reply", "sign"}
    act(policy, at, Change("reply", "stop"))
    assert set(queries.running_of("order", [7, 8])[7]) == {"sign"}


@pytest.mark.parametrize(("paused", "expected"), [(2 * HOUR, "met"), (3 * HOUR, "late")])
def test_a_paused_clock_that_stops_is_judged_by_its_pause(
    policy: Policy, at: datetime, paused: timedelta, expected: str
) -> None:
    for stop in ([Change("reply", "stop")], [RESUME, Change("reply", "stop")]):
        act(policy, at, start())
        act(policy, at + paused, PAUSE)
        ended = act(policy, at + 40 * HOUR, *stop)[-1]
        assert (ended.outcome, ended.stopped_at) == (expected, at + 40 * HOUR)


def test_extensions_add_up_and_a_shortening_takes_the_earlier_moment(policy: Policy, at: datetime) -> None:
    act(policy, at, start())
    act(policy, at, Change("reply", "extend", Limit(3, "hours")))
    (put_off,) = act(policy, at + 9 * HOUR, Change("reply", "extend", Limit(5, "hours")))
    assert (put_off.due_at, put_off.extensions, put_off.first_due_at) == (at + 10 * HOUR, 2, at + 2 * HOUR)
    (same,) = act(policy, at + 9.5 * HOUR, Change("reply", "shorten", Limit(1, "hours")))
    assert same.due_at == at + 10 * HOUR
    (sooner,) = act(policy, at + 9.5 * HOUR, Change("reply", "shorten", Limit(10, "minutes")))
    assert (sooner.due_at, sooner.unit) == (at + 9.5 * HOUR + timedelta(minutes=10), "minutes")


def test_a_clock_can_run_until_a_fixed_moment(policy: Policy, at: datetime) -> None:
    until = at + timedelta(days=90)
    (clock,) = act(policy, at, Change("review", "start", until=until))
    assert (clock.due_at, clock.amount, clock.unit) == (until, None, "minutes")
    (put_off,) = services.apply(
        stream=ORDER, changes=[Change("review", "extend", Limit(30, "days"))], policy=policy, at=at
    )
    assert put_off.due_at == until + timedelta(days=30)


def test_a_start_without_a_limit_is_no_start_and_ends_nothing(policy: Policy, at: datetime) -> None:
    act(policy, at, start())
    assert act(policy, at, Change("reply", "start"), Change("assist", "start"), Change("sign", "extend")) == []
    assert Clock.objects.get().stopped_at is None


def test_changes_act_in_their_order_and_what_follows_a_start_acts_on_the_new_run(policy: Policy, at: datetime) -> None:
    act(policy, at, start())
    changed = act(policy, at + HOUR, PAUSE, Change("reply", "stop"), start(Limit(9, "hours")), PAUSE)
    assert [(c.round, c.outcome, c.paused_at, c.due_at) for c in changed] == [
        (1, "met", at + HOUR, at + 2 * HOUR),
        (2, "", at + HOUR, at + 10 * HOUR),
    ]


def test_every_set_of_changes_is_three_statements_at_most(policy: Policy, at: datetime, count_queries: Counted) -> None:
    act(policy, at, start(), start(kind="sign"), start(kind="contact"))
    with count_queries(3):
        act(policy, at, PAUSE, Change("sign", "stop"), Change("contact", "extend", TWO_HOURS), start(kind="callback"))
    with count_queries(2):
        act(policy, at, RESUME)
    with count_queries(1):
        act(policy, at, Change("sign", "pause"))


def test_a_clock_keeps_the_rules_and_the_calendar_that_it_started_with(
    policy: Policy, pack: City, at: datetime
) -> None:
    act(policy, at, start(Limit(3, "working_days")))
    closed = replace(pack.calendar, years=MappingProxyType({
        **pack.calendar.years, 2026: replace(pack.calendar.years[2026], closed=(datetime(2026, 11, 26).date(),))
    }))  # fmt: skip
    rules = replace(pack.clocks, warn_before=Limit(1, "hours"))
    publishing.publish(pack=replace(pack, calendar=closed, clocks=rules), authority_id=policy.authority_id, at=at)
    newer = policies.current(policy.authority_id, at)
    assert (newer.calendar_version, newer.clocks.warn_before) == (2, Limit(1, "hours"))
    (put_off,) = act(newer, at, Change("reply", "extend", Limit(1, "working_days")))
    row = Clock.objects.get()
    assert put_off.due_at == datetime.fromisoformat("2026-11-26T17:30:00+08:00")
    assert put_off.warn_at == datetime.fromisoformat("2026-11-26T09:00:00+08:00")
    assert (row.calendar_version, row.policy_version_id) == (1, policy.id)
    # The new calendar reaches it in its turn, with everything that has happened to it.
    assert services.recompute(at=at) == 1
    row.refresh_from_db()
    assert row.due_at == datetime.fromisoformat("2026-11-27T17:30:00+08:00")


def test_a_moved_due_moment_can_be_near_and_pass_once_more(policy: Policy, at: datetime) -> None:
    act(policy, at, start())
    assert services.note_passed(at=at + 3 * HOUR) == 1
    act(policy, at + 3 * HOUR, Change("reply", "extend", Limit(8, "hours")))
    row = Clock.objects.get()
    assert (row.near_noted_at, row.passed_noted_at) == (None, None)
    assert services.note_passed(at=at + 11 * HOUR) == 1


change = st.one_of(
    st.builds(Change, st.just("reply"), st.sampled_from(("pause", "resume", "stop", "cancel"))),
    st.builds(Change, st.just("reply"), st.sampled_from(("start", "extend", "shorten")), cities.limits(5)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3000), st.lists(change, min_size=1, max_size=3)), min_size=1, max_size=8))
def test_replay_agrees(policy: Policy, at: datetime, acts: list[tuple[int, list[Change]]]) -> None:
    with transaction.atomic():
        now = at
        act(policy, now, start(Limit(3, "working_days")))
        for minutes, changes in acts:
            now += timedelta(minutes=minutes)
            act(policy, now, *changes)
        rows = list(Clock.objects.order_by("round"))
        for row in rows:
            assert _said(row) == _replayed(row, policy)
        # An import of the same life says the same, and a calendar that says nothing new changes nothing.
        services.append_history(rows=[_historic(row, policy) for row in rows], at=now)
        copies = Clock.objects.filter(stream_id=8).order_by("round")
        assert [(_said(row), row.outcome) for row in copies] == [(_said(row), row.outcome) for row in rows]
        Clock.objects.update(calendar_version=0, due_at=at, warn_at=at, passed_noted_at=None)
        services.recompute(at=now)
        for row in Clock.objects.filter(stopped_at__isnull=True):
            assert _said(row) == _replayed(row, policy)
            assert row.calendar_version == 1
        transaction.set_rollback(True)


def _said(row: Clock) -> life.Reckoned:
    return life.Reckoned(
        row.unit, row.due_at, row.first_due_at, row.warn_at, row.paused_at, row.extensions, row.provisional
    )


def _replayed(row: Clock, policy: Policy) -> life.Reckoned:
    assert row.limit_amount is not None
    limit = Limit(row.limit_amount, row.limit_unit)
    calendar, before = queries.calendar_of(policy), policy.clocks.warn_before
    return life.replay(limit, None, row.started_at, _changes(row), calendar, before)


def _changes(row: Clock) -> tuple[Timed, ...]:
    return tuple(Timed.read(row.kind, each) for each in row.changes)


def _historic(row: Clock, policy: Policy) -> HistoryClock:
    assert row.limit_amount is not None
    verb = {"": None, "cancelled": "cancel"}.get(row.outcome, "stop")
    limit = Limit(row.limit_amount, row.limit_unit)
    stream = Stream("order", 8)
    return HistoryClock(stream, row.kind, policy, row.started_at, limit, row.stopped_at, verb, _changes(row))


def test_the_verbs_are_these() -> None:
    assert VERBS == ("start", "stop", "cancel", "pause", "resume", "extend", "shorten")

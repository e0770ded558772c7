"""Due moments and whole lives against the slow clock, in made-up cities, over days that are traps."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hotline.clocks import life
from hotline.clocks.change import Change, Timed
from hotline.clocks.reckoning import Limit, carried, counted_minutes, due, prolonged, warn
from tests.clocks import cities
from tests.clocks.oracle import MINUTE

WORKING = ("working_days", "working_hours", "days")
EXAMPLES = max(25, settings.default.max_examples // 2) if settings.default else 25
few = settings(max_examples=EXAMPLES, deadline=None)


@few
@given(cities.cities(), st.data(), cities.limits())
def test_a_due_moment_is_what_the_slow_clock_counts(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city)))
    found = due(limit, start, calendar)
    assert found == city.due(limit, start)
    assert found.tzinfo is UTC
    assert found > start


@few
@given(cities.cities(), st.data(), st.sampled_from(cities.UNITS), st.integers(0, 15_000))
def test_counted_minutes_are_what_the_slow_clock_counts(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, unit: str, length: int
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city)))
    end = (start.astimezone(UTC) + length * MINUTE).astimezone(data.draw(st.sampled_from(cities.ZONES)))
    assert counted_minutes(start, end, unit, calendar) == city.left(start, end, unit)[0]


@st.composite
def lives(draw: st.DrawFn, start: datetime) -> list[Timed]:
    """Up to five changes, hours or days apart."""
    at, made = start.astimezone(UTC), []
    for _ in range(draw(st.integers(1, 5))):
        at += timedelta(minutes=draw(st.one_of(st.integers(0, 90), st.integers(0, 4000))))
        verb = draw(st.sampled_from(("pause", "resume", "pause", "resume", "extend", "shorten")))
        limit = draw(cities.limits(4)) if verb in ("extend", "shorten") else None
        made.append(Timed(Change("reply", verb, limit), at.astimezone(draw(st.sampled_from(cities.ZONES)))))
    return made


@few
@given(cities.cities(), st.data(), cities.limits(), cities.limits(2))
def test_a_life_ends_when_the_slow_clock_says(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit, before: Limit
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city)))
    changes = data.draw(lives(start))
    now = life.replay(limit, None, start, changes, calendar, before)
    assert (now.due_at, now.paused_at, now.unit) == city.after(limit, start, changes)
    assert now.first_due_at == city.due(limit, start)


@few
@given(cities.cities(), st.data(), cities.limits(), cities.limits(3))
def test_a_reminder_comes_before_the_end_and_at_the_office(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit, before: Limit
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city)))
    ends = due(limit, start, calendar)
    found = warn(before, start, ends, limit.unit, calendar)
    assert start < found < ends
    asked = "working_hours" if limit.unit in WORKING else limit.unit
    awake = found.replace(second=0, microsecond=0)
    if city.left(start, ends, asked)[0]:
        assert city.counts(awake, asked)
    if limit.unit in WORKING and before.unit in ("hours", "working_hours"):
        left = city.left(start, ends, "working_hours")[0]
        if left > before.amount * 60:
            assert city.left(found, ends, "working_hours")[0] == before.amount * 60


@few
@given(cities.cities(), st.data(), cities.limits(), st.integers(0, 5000))
def test_a_pause_of_no_length_changes_nothing_and_a_longer_one_never_takes_away(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit, length: int
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city))).astimezone(UTC)
    ends = due(limit, start, calendar)
    since = start + (ends - start) * data.draw(st.floats(0, 1))
    assert carried(ends, since, since, limit.unit, calendar) == ends
    until = since + length * MINUTE
    later = carried(ends, since, until, limit.unit, calendar)
    assert ends <= later <= max(until, ends) + timedelta(days=60)
    # What it had left it has left still, to the microsecond.
    hours = calendar.hours_of(limit.unit)
    if hours is not None:
        assert hours.counted(until, later) == hours.counted(since, ends)


@few
@given(cities.cities(), st.data(), cities.limits(), cities.limits(5))
def test_an_extension_before_a_pause_is_one_after_it(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit, more: Limit
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city))).astimezone(UTC)
    pause, put_off = Change("reply", "pause"), Change("reply", "extend", more)
    at = start + timedelta(minutes=data.draw(st.integers(0, 500)))
    resumed = Timed(Change("reply", "resume"), at + timedelta(hours=30))
    orders = ([Timed(pause, at), Timed(put_off, at)], [Timed(put_off, at), Timed(pause, at)])
    first, second = (life.replay(limit, None, start, [*each, resumed], calendar, Limit(1, "hours")) for each in orders)
    assert first == second
    assert first.extensions == 1


@few
@given(cities.cities(), st.data(), st.integers(1, 8), st.integers(1, 6))
def test_whole_days_added_to_whole_days_end_with_a_later_day(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, first: int, more: int
) -> None:
    city, calendar, day = made
    assume(day.year > 1991 or city.hours[0][0] > time(3))  # a night in which clocks are changed is not a whole day
    start = data.draw(cities.moments(day, cities.edges(city)))
    for unit in ("working_days", "days"):
        both = due(Limit(first + more, unit), start, calendar)
        assert prolonged(due(Limit(first, unit), start, calendar), Limit(more, unit), calendar) == both


@few
@given(cities.cities(), st.data(), cities.limits(), st.integers(0, 3000))
def test_who_comes_later_or_gets_more_is_never_due_earlier(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit, later: int
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city))).astimezone(UTC)
    ends = due(limit, start, calendar)
    assert ends <= due(limit, start + later * MINUTE, calendar)
    assert ends < due(Limit(limit.amount + 1, limit.unit), start, calendar)


@few
@given(cities.cities(), st.data(), cities.limits(), cities.limits(3))
def test_what_is_reckoned_for_a_whole_hour_holds_for_every_start_in_it(
    made: tuple[cities.City, cities.Calendar, cities.date], data: st.DataObject, limit: Limit, before: Limit
) -> None:
    city, calendar, day = made
    start = data.draw(cities.moments(day, cities.edges(city)))
    for shift in data.draw(st.lists(st.integers(0, 3 * 60 * 60), min_size=1, max_size=20)):
        at = start.astimezone(UTC) + timedelta(seconds=shift)
        assert life.untouched(limit, at, calendar, before) == life.replay(limit, None, at, (), calendar, before)

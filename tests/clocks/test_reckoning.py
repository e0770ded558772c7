"""Working time, against a slow oracle that walks minute by minute and day by day."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline import packs
from hotline.clocks.reckoning import ZONE, Calendar, Limit, Remaining, counted_minutes, due, remaining, warn

TABLE = packs.load("yunjiang").calendar
NEXT = Calendar.of(TABLE, "next_working_day")
RECEIPT = Calendar.of(TABLE, "receipt")
calendars = st.sampled_from([NEXT, RECEIPT])
# Around the longest holiday and its make-up Saturdays, the autumn holidays, and a year that is provisional.
moments = st.one_of(
    st.datetimes(datetime(2026, 2, 6), datetime(2026, 3, 6)),
    st.datetimes(datetime(2026, 9, 18), datetime(2026, 10, 12)),
    st.datetimes(datetime(2026, 12, 28), datetime(2027, 1, 8)),
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=ZONE))


def moment(words: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


def in_office(at: datetime, calendar: Calendar) -> bool:
    """The oracle's only idea: is the minute that begins at `at` an office minute?"""
    local = at.astimezone(ZONE)
    return works(local.date()) and (time(9) <= local.time() < time(12) or time(13, 30) <= local.time() < time(17, 30))


def works(day: date) -> bool:
    """Written out by hand from the public notices: days off on weekdays, and weekend days worked."""
    off = {(1, 1), (1, 2), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (2, 23), (9, 25)}
    off |= {(10, 1), (10, 2), (10, 5), (10, 6), (10, 7)}
    worked = {(1, 4), (2, 14), (2, 28), (9, 20), (10, 10)}
    if day.year == 2027:
        off, worked = {(1, 1)}, set()
    if (day.month, day.day) in off | worked:
        return (day.month, day.day) in worked
    return day.weekday() < 5


def test_the_oracle_knows_the_same_days() -> None:
    day = date(2025, 12, 31)
    for first, last in (((2026, 1, 1), (2026, 3, 31)), ((2026, 9, 1), (2026, 10, 31)), ((2027, 1, 1), (2027, 1, 20))):
        day = date(*first)
        while day <= date(*last):
            assert NEXT.works(day) == works(day), day
            day += timedelta(days=1)


def slow_due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The due moment by counting minutes or days one after the other."""
    if limit.unit == "working_hours":
        left, at = limit.amount * 60, start
        while True:
            left -= in_office(at, calendar)
            at += timedelta(minutes=1)
            if left == 0:
                return at
    local = start.astimezone(ZONE)
    counted, day = 0, local.date()
    if calendar.counts_from == "receipt":
        started = limit.unit == "days" or (works(day) and local.time() < time(17, 30))
        counted = int(started)
    while counted < limit.amount:
        day += timedelta(days=1)
        counted += limit.unit == "days" or works(day)
    if limit.unit == "days":
        return datetime.combine(day + timedelta(days=1), time.min, ZONE)
    return datetime.combine(day, time(17, 30), ZONE)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.sampled_from(["working_hours", "working_days", "days"]), moments, calendars)
@example(1, "working_days", moment("2026-02-13 17:30"), RECEIPT)
@example(3, "working_days", moment("2026-02-13 10:00"), NEXT)
@example(7, "working_hours", moment("2026-02-15 23:59"), NEXT)
def test_a_due_moment_is_what_the_oracle_counts(amount: int, unit: str, start: datetime, calendar: Calendar) -> None:
    limit = Limit(amount, unit)
    assert due(limit, start, calendar) == slow_due(limit, start, calendar)


@settings(max_examples=40, deadline=None)
@given(moments, st.integers(0, 12_000), calendars)
def test_counted_minutes_are_what_the_oracle_counts(start: datetime, length: int, calendar: Calendar) -> None:
    end = start + timedelta(minutes=length)
    slow = sum(in_office(start + timedelta(minutes=minute), calendar) for minute in range(length))
    assert counted_minutes(start, end, "working_days", calendar) == slow
    assert counted_minutes(start, end, "hours", calendar) == length


@given(st.integers(1, 40), st.sampled_from(packs.LIMIT_UNITS), moments, calendars)
def test_a_longer_limit_is_never_due_earlier(amount: int, unit: str, start: datetime, calendar: Calendar) -> None:
    first, second = (due(Limit(each, unit), start, calendar) for each in (amount, amount + 1))
    assert start < first < second


@given(st.integers(1, 20), st.sampled_from(packs.LIMIT_UNITS), moments, calendars)
def test_a_reminder_comes_between_start_and_due(amount: int, unit: str, start: datetime, calendar: Calendar) -> None:
    ends = due(Limit(amount, unit), start, calendar)
    for before in (Limit(1, "working_days"), Limit(2, "hours"), Limit(600, "minutes")):
        assert start < warn(before, start, ends, calendar) < ends


@pytest.mark.parametrize(
    ("limit", "start", "calendar", "expected"),
    [
        # The last day is included; the day after receipt is the first.
        (Limit(3, "working_days"), "2026-11-20 10:00", NEXT, "2026-11-25 17:30"),
        (Limit(3, "working_days"), "2026-11-20 10:00", RECEIPT, "2026-11-24 17:30"),
        # Received when the office has closed: the receipt day does not count even then.
        (Limit(1, "working_days"), "2026-11-20 17:30", RECEIPT, "2026-11-23 17:30"),
        (Limit(1, "working_days"), "2026-11-20 17:29", RECEIPT, "2026-11-20 17:30"),
        # Friday before the spring holidays: Saturday 14 February is worked, then nine days off.
        (Limit(1, "working_days"), "2026-02-13 16:00", NEXT, "2026-02-14 17:30"),
        (Limit(2, "working_days"), "2026-02-13 16:00", NEXT, "2026-02-24 17:30"),
        # Lunch does not count, and the last moment of a part is not carried into the next.
        (Limit(2, "working_hours"), "2026-11-20 11:00", NEXT, "2026-11-20 14:30"),
        (Limit(3, "working_hours"), "2026-11-20 09:00", NEXT, "2026-11-20 12:00"),
        (Limit(7, "working_hours"), "2026-11-20 12:30", NEXT, "2026-11-23 12:00"),
        # Emergencies never pause.
        (Limit(24, "hours"), "2026-02-16 20:00", NEXT, "2026-02-17 20:00"),
        (Limit(10, "minutes"), "2026-11-21 23:55", NEXT, "2026-11-22 00:05"),
        # Calendar days end at midnight.
        (Limit(1, "days"), "2026-11-20 10:00", NEXT, "2026-11-22 00:00"),
        (Limit(1, "days"), "2026-11-20 10:00", RECEIPT, "2026-11-21 00:00"),
    ],
)
def test_due_moments_worked_out_by_hand(limit: Limit, start: str, calendar: Calendar, expected: str) -> None:
    assert due(limit, moment(start), calendar).astimezone(ZONE) == moment(expected)


@pytest.mark.parametrize(
    ("now", "ends", "unit", "expected"),
    [
        ("2026-11-20 15:42", "2026-11-24 17:30", "working_days", Remaining(False, 2, 1, 48)),
        ("2026-11-20 17:30", "2026-11-20 17:30", "working_days", Remaining(False, 0, 0, 0)),
        ("2026-11-21 12:00", "2026-11-20 17:30", "working_days", Remaining(True, 0, 0, 0)),
        ("2026-11-23 10:00", "2026-11-20 17:30", "working_hours", Remaining(True, 0, 1, 0)),
        ("2026-11-20 15:00", "2026-11-21 16:30", "hours", Remaining(False, 1, 1, 30)),
        ("2026-11-20 15:00", "2026-11-20 14:50", "minutes", Remaining(True, 0, 0, 10)),
    ],
)
def test_what_is_left_in_parts(now: str, ends: str, unit: str, expected: Remaining) -> None:
    assert remaining(moment(now), moment(ends), NEXT, unit) == expected


def test_a_minute_that_has_begun_counts_as_a_whole_one() -> None:
    now, ends = moment("2026-11-20 15:00:30"), moment("2026-11-20 15:01:00")
    assert remaining(now, ends, NEXT, "minutes").minutes == 1


def test_the_reminder_is_one_working_day_before_or_half_way() -> None:
    day = Limit(1, "working_days")
    ends = moment("2026-02-24 17:30")
    assert warn(day, moment("2026-02-10 09:00"), ends, NEXT) == moment("2026-02-14 17:30")
    assert warn(day, moment("2026-11-20 10:00"), moment("2026-11-20 12:00"), NEXT) == moment("2026-11-20 11:00")


def test_a_day_is_seven_hours_and_a_year_without_notice_is_provisional() -> None:
    assert NEXT.day_minutes == 7 * 60
    assert not NEXT.provisional(date(2026, 5, 1))
    assert NEXT.provisional(date(2027, 5, 1))
    assert NEXT.provisional(date(2031, 5, 1))


def test_the_city_table_stands_above_the_public_holidays() -> None:
    own = packs.CalendarYear(False, "示例", open=(date(2026, 10, 1),), closed=(date(2026, 10, 10), date(2026, 11, 20)))
    calendar = Calendar.of(packs.CalendarTable(TABLE.hours, {2026: own}, {}), "receipt")
    assert calendar.works(date(2026, 10, 1))
    assert not calendar.works(date(2026, 10, 10))
    assert not calendar.works(date(2026, 11, 20))

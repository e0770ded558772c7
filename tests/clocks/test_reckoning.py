"""Due moments, reminders and what is left, worked out by hand on the real calendar; properties are beside this."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from hotline import packs
from hotline.clocks.reckoning import (
    ZONE,
    Calendar,
    Limit,
    Remaining,
    carried,
    counted_minutes,
    due,
    prolonged,
    remaining,
    warn,
)

HOURS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
TABLE = replace(packs.load("yunjiang").calendar, hours=HOURS)
NEXT = Calendar.of(TABLE, "next_working_day")
RECEIPT = Calendar.of(TABLE, "receipt")
DAY = Limit(1, "working_days")


def moment(words: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


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


def test_the_real_calendar_knows_make_up_days() -> None:
    day = date(2025, 12, 31)
    for first, last in (((2026, 1, 1), (2026, 3, 31)), ((2026, 9, 1), (2026, 10, 31)), ((2027, 1, 1), (2027, 1, 20))):
        day = date(*first)
        while day <= date(*last):
            assert NEXT.works(day) == works(day), day
            day += timedelta(days=1)


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


@pytest.mark.parametrize(
    ("before", "unit", "start", "ends", "expected"),
    [
        # One working day before the end of Tuesday the 24th is its beginning: on Monday evening nobody is there.
        (DAY, "working_days", "2026-02-10 09:00", "2026-02-24 17:30", "2026-02-24 09:00"),
        (Limit(2, "working_days"), "working_days", "2026-02-10 09:00", "2026-02-24 17:30", "2026-02-14 09:00"),
        (DAY, "working_hours", "2026-11-20 09:00", "2026-11-25 11:00", "2026-11-24 11:00"),
        # Two hours before means two hours in which people work.
        (Limit(2, "hours"), "working_days", "2026-11-19 09:00", "2026-11-20 09:30", "2026-11-19 16:00"),
        (Limit(30, "minutes"), "working_hours", "2026-11-20 09:00", "2026-11-20 13:45", "2026-11-20 11:45"),
        # A clock in calendar days ends at midnight on Sunday; people hear of it on Friday.
        (Limit(2, "hours"), "days", "2026-11-18 09:00", "2026-11-23 00:00", "2026-11-20 15:30"),
        # Emergencies remind at any hour.
        (Limit(2, "hours"), "hours", "2026-11-20 09:00", "2026-11-21 09:00", "2026-11-21 07:00"),
        # It had not begun so long before: half-way, in office time where there is any.
        (DAY, "working_hours", "2026-11-20 10:00", "2026-11-20 12:00", "2026-11-20 11:00"),
        (DAY, "working_days", "2026-11-20 18:00", "2026-11-23 17:30", "2026-11-23 09:00"),
        (DAY, "working_days", "2026-11-23 09:00", "2026-11-23 17:30", "2026-11-23 14:00"),
        (Limit(2, "hours"), "minutes", "2026-11-20 23:00", "2026-11-21 00:00", "2026-11-20 23:30"),
        (Limit(2, "hours"), "days", "2026-11-21 10:00", "2026-11-23 00:00", "2026-11-22 05:00"),
    ],
)
def test_reminders_worked_out_by_hand(before: Limit, unit: str, start: str, ends: str, expected: str) -> None:
    assert warn(before, moment(start), moment(ends), unit, NEXT).astimezone(ZONE) == moment(expected)


def test_a_reminder_for_the_duty_roster_comes_when_somebody_is_on_duty() -> None:
    nights = Calendar.of(replace(TABLE, duty=((time(20), time(0)),)), "receipt")
    ends = due(Limit(5, "duty_hours"), moment("2026-02-16 21:00"), nights)
    assert ends == moment("2026-02-17 22:00")
    start = moment("2026-02-16 21:00")
    assert warn(Limit(3, "duty_hours"), start, ends, "duty_hours", nights) == moment("2026-02-16 23:00")


def test_duty_hours_without_a_roster_never_rest() -> None:
    assert due(Limit(24, "duty_hours"), moment("2026-02-16 20:00"), NEXT) == moment("2026-02-17 20:00")


@pytest.mark.parametrize(
    ("counts_from", "start", "one_day", "calendar_day", "hour"),
    [
        # 2026-11-20 is a Friday. What comes at 17:00 is a matter of Monday.
        ("receipt", "2026-11-20 16:59", "2026-11-20 17:30", "2026-11-21 00:00", "2026-11-23 09:29"),
        ("receipt", "2026-11-20 17:00", "2026-11-23 17:30", "2026-11-24 00:00", "2026-11-23 10:00"),
        ("receipt", "2026-11-21 10:00", "2026-11-23 17:30", "2026-11-24 00:00", "2026-11-23 10:00"),
        ("next_working_day", "2026-11-20 16:59", "2026-11-23 17:30", "2026-11-22 00:00", "2026-11-23 09:29"),
        ("next_working_day", "2026-11-20 17:00", "2026-11-24 17:30", "2026-11-25 00:00", "2026-11-23 10:00"),
        ("next_working_day", "2026-11-22 23:59", "2026-11-24 17:30", "2026-11-25 00:00", "2026-11-23 10:00"),
    ],
)
def test_what_comes_at_five_counts_as_received_on_the_next_working_day(
    counts_from: str, start: str, one_day: str, calendar_day: str, hour: str
) -> None:
    five = Calendar.of(TABLE, counts_from, received_until=time(17))
    found = [due(Limit(1, unit), moment(start), five) for unit in ("working_days", "days", "working_hours")]
    assert found == [moment(each) for each in (one_day, calendar_day, hour)]


@pytest.mark.parametrize(
    ("day_ends", "expected"),
    [("office", "2026-11-23 17:30"), ("midnight", "2026-11-24 00:00"), ("17:00", "2026-11-23 17:00")],
)
def test_a_last_day_is_over_when_the_city_says_so(day_ends: str, expected: str) -> None:
    calendar = Calendar.of(TABLE, "next_working_day", day_ends=day_ends)
    assert due(DAY, moment("2026-11-20 10:00"), calendar) == moment(expected)


def test_a_day_that_is_over_when_something_comes_is_not_its_last_one() -> None:
    early = Calendar.of(TABLE, "receipt", received_until=time(20), day_ends="17:00")
    assert due(DAY, moment("2026-11-20 16:59"), early) == moment("2026-11-20 17:00")
    assert due(DAY, moment("2026-11-20 17:00"), early) == moment("2026-11-23 17:00")
    assert due(DAY, moment("2026-11-20 17:10"), Calendar.of(TABLE, "receipt", day_ends="17:00")) == moment(
        "2026-11-23 17:00"
    )


def test_an_end_of_day_before_the_office_opens_is_no_end_of_day() -> None:
    assert Calendar.of(TABLE, "receipt", day_ends="08:00").days.parts == HOURS


@pytest.mark.parametrize(
    ("more", "ends", "expected"),
    [
        (Limit(5, "working_days"), "2026-11-20 17:30", "2026-11-27 17:30"),
        (Limit(1, "working_days"), "2026-02-14 17:30", "2026-02-24 17:30"),
        # A pause had moved the due moment to an odd minute: it stays there, the extension is no more than a day.
        (Limit(2, "working_days"), "2026-11-19 09:01", "2026-11-23 09:01"),
        # What was due on a Saturday night (an emergency) gets five whole working days.
        (Limit(5, "working_days"), "2026-11-21 22:00", "2026-11-27 17:30"),
        (Limit(3, "days"), "2026-11-21 00:00", "2026-11-24 00:00"),
        (Limit(3, "days"), "2026-11-20 17:30", "2026-11-23 17:30"),
        (Limit(24, "hours"), "2026-11-20 17:30", "2026-11-21 17:30"),
        (Limit(2, "working_hours"), "2026-11-20 17:30", "2026-11-23 11:00"),
    ],
)
def test_extensions_worked_out_by_hand(more: Limit, ends: str, expected: str) -> None:
    assert prolonged(moment(ends), more, NEXT) == moment(expected)


@pytest.mark.parametrize(
    ("unit", "ends", "since", "until", "expected"),
    [
        # Two hours and ten minutes of office time were left on Friday afternoon.
        ("working_days", "2026-11-20 17:30", "2026-11-20 15:20", "2026-11-25 11:00", "2026-11-25 14:40"),
        # A pause over the night costs nobody anything; one of a minute moves the end by a minute of work.
        ("working_days", "2026-11-23 17:30", "2026-11-20 17:30", "2026-11-23 09:00", "2026-11-23 17:30"),
        ("working_days", "2026-11-20 17:30", "2026-11-20 10:00", "2026-11-20 10:01", "2026-11-23 09:01"),
        # A pause over the spring holidays and back into a make-up Saturday.
        ("working_hours", "2026-02-14 11:00", "2026-02-13 16:30", "2026-02-28 08:00", "2026-02-28 12:00"),
        ("hours", "2026-11-20 22:00", "2026-11-20 20:30", "2026-12-01 07:15", "2026-12-01 08:45"),
        ("days", "2026-11-22 00:00", "2026-11-20 20:30", "2026-12-01 07:00", "2026-12-02 10:30"),
        # Put off to a Saturday noon: what lay outside of office time lies outside of it still.
        ("working_days", "2026-11-21 12:00", "2026-11-20 16:30", "2026-11-23 16:30", "2026-11-24 12:00"),
        # It was late already.
        ("working_days", "2026-11-20 17:30", "2026-11-20 17:31", "2026-11-25 11:00", "2026-11-20 17:30"),
    ],
)
def test_pauses_worked_out_by_hand(unit: str, ends: str, since: str, until: str, expected: str) -> None:
    found = carried(moment(ends), moment(since), moment(until), unit, NEXT)
    assert found.astimezone(ZONE) == moment(expected)


def test_what_was_left_is_kept_to_the_microsecond() -> None:
    ends, since = moment("2026-11-20 17:30"), moment("2026-11-20 15:20:00.000001")
    assert carried(ends, since, moment("2026-11-25 11:00"), "working_days", NEXT) == moment(
        "2026-11-25 14:39:59.999999"
    )


def test_a_working_day_is_seven_hours_and_lasts_longer_where_it_ends_at_midnight() -> None:
    late = Calendar.of(TABLE, "receipt", day_ends="midnight")
    assert [late.day_minutes(unit) for unit in ("working_hours", "working_days", "hours")] == [420, 810, 0]
    # At eight in the evening it is the last day still, and four hours of it are left.
    assert remaining(moment("2026-11-20 20:00"), moment("2026-11-21 00:00"), late) == Remaining(False, 0, 4, 0)


@pytest.mark.parametrize(("year", "expected"), [(2024, False), (2026, False), (2027, True), (2031, True)])
def test_a_year_without_published_make_up_days_is_provisional(year: int, expected: bool) -> None:
    assert NEXT.provisional(year) == expected


def test_the_city_has_the_last_word_about_a_year() -> None:
    told = packs.CalendarYear(False, "示例", open=(), closed=())
    doubted = replace(told, provisional=True)
    calendar = Calendar.of(replace(TABLE, years={2027: told, 2024: doubted}), "receipt")
    assert (calendar.provisional(2027), calendar.provisional(2024), calendar.provisional(2025)) == (False, True, False)


def test_the_city_table_stands_above_the_public_holidays() -> None:
    own = packs.CalendarYear(False, "示例", open=(date(2026, 10, 1),), closed=(date(2026, 10, 10), date(2026, 11, 20)))
    calendar = Calendar.of(
        packs.CalendarTable(TABLE.hours, MappingProxyType({2026: own}), MappingProxyType({})), "receipt"
    )
    assert calendar.works(date(2026, 10, 1))
    assert not calendar.works(date(2026, 10, 10))
    assert not calendar.works(date(2026, 11, 20))


def test_a_leap_day_is_a_day_and_a_year_may_end_inside_a_limit() -> None:
    assert due(Limit(2, "days"), moment("2024-02-28 10:00"), RECEIPT) == moment("2024-03-01 00:00")
    assert due(Limit(2, "working_days"), moment("2028-02-28 10:00"), RECEIPT) == moment("2028-02-29 17:30")
    # New Year 2026: 1 to 3 January are off, Sunday the 4th is worked.
    assert due(Limit(2, "working_days"), moment("2025-12-31 10:00"), RECEIPT) == moment("2026-01-04 17:30")
    assert due(Limit(260, "working_days"), moment("2025-01-02 10:00"), RECEIPT).astimezone(ZONE).year == 2026


SUMMER_BEGINS = "1986-05-04T02:00+08:00"  # clocks in Shanghai go from 02:00 to 03:00
SUMMER_ENDS = "1986-09-14T02:00+09:00"  # and back


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        # 24 hours are 24 hours, whatever the clocks on the wall do meanwhile, and whoever's clock tells the start.
        (Limit(24, "hours"), "1986-05-03T20:00+08:00", "1986-05-04T21:00+09:00"),
        (Limit(24, "hours"), "1986-09-13T20:00+09:00", "1986-09-14T19:00+08:00"),
        (Limit(24, "hours"), "1986-05-03T04:00-08:00", "1986-05-04T21:00+09:00"),
        # A day ends at the midnight that clocks in Shanghai show.
        (Limit(2, "days"), "1986-05-03T20:00+08:00", "1986-05-05T00:00+09:00"),
        (Limit(1, "days"), "1986-07-01T23:30+09:00", "1986-07-02T00:00+09:00"),
        (Limit(1, "days"), "1986-07-01T23:30+08:00", "1986-07-03T00:00+09:00"),
        # The war-time summers began and ended at midnight: on 1 June 1940 there was no 00:30.
        (Limit(1, "days"), "1940-05-31T12:00+08:00", "1940-06-01T00:00+08:00"),
        (Limit(1, "days"), "1940-10-12T12:00+09:00", "1940-10-13T00:00+08:00"),
        (Limit(25, "hours"), "1940-10-12T12:00+09:00", "1940-10-13T12:00+08:00"),
        # Before 1901 Shanghai went by its own sun, 8 hours, 5 minutes and 43 seconds before Greenwich.
        (Limit(1, "days"), "1900-06-15T12:00+00:00", "1900-06-16T00:00:00+08:05:43"),
        (Limit(24, "hours"), "1900-12-31T12:00+08:05:43", "1901-01-01T11:54:17+08:00"),
    ],
)
def test_hours_that_the_wall_clock_skips_are_not_lost(limit: Limit, start: str, expected: str) -> None:
    assert due(limit, datetime.fromisoformat(start), RECEIPT) == datetime.fromisoformat(expected)


def test_duty_hours_at_night_know_that_a_night_had_an_hour_less_or_more() -> None:
    nights = Calendar.of(replace(TABLE, duty=((time(0), time(6)),)), "receipt")
    begins, ends = (datetime.fromisoformat(each) for each in (SUMMER_BEGINS, SUMMER_ENDS))
    for change, expected in ((begins, 5 * 60), (ends, 7 * 60)):
        half_a_day = timedelta(hours=12)
        assert counted_minutes(change - half_a_day, change + half_a_day, "duty_hours", nights) == expected


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=-8)), ZoneInfo("Asia/Urumqi"), ZoneInfo("America/New_York")]
)
@pytest.mark.parametrize("unit", packs.LIMIT_UNITS)
def test_a_moment_is_the_same_in_whatever_zone_it_is_told(zone: ZoneInfo, unit: str) -> None:
    start = moment("2026-11-20 23:30")
    assert due(Limit(3, unit), start.astimezone(zone), RECEIPT) == due(Limit(3, unit), start, RECEIPT)


NAIVE = datetime(2026, 11, 20, 10, 0)
AWARE = moment("2026-11-20 12:00")


@pytest.mark.parametrize(
    "reckon",
    [
        lambda: due(DAY, NAIVE, NEXT),
        lambda: due(Limit(1, "hours"), NAIVE, NEXT),
        lambda: counted_minutes(NAIVE, AWARE, "working_days", NEXT),
        lambda: counted_minutes(AWARE, NAIVE, "hours", NEXT),
        lambda: remaining(NAIVE, AWARE, NEXT),
        lambda: prolonged(NAIVE, DAY, NEXT),
        lambda: prolonged(NAIVE, Limit(1, "days"), NEXT),
        lambda: carried(AWARE, NAIVE, AWARE, "hours", NEXT),
        lambda: warn(DAY, NAIVE, AWARE, "hours", NEXT),
    ],
)
def test_a_moment_without_a_zone_is_refused(reckon: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        reckon()

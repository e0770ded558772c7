"""Made-up cities and moments for properties: hours that differ, holidays and make-up days, years that are traps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from hotline.clocks.calendar import Calendar
from hotline.packs import CalendarTable, CalendarYear, Limit, PublicDays
from tests.clocks.oracle import City

T = time.fromisoformat
HOURS = (
    ((T("09:00"), T("12:00")), (T("13:30"), T("17:30"))),
    ((T("08:30"), T("17:00")),),
    ((T("08:00"), T("10:00")), (T("10:15"), T("12:00")), (T("14:30"), T("18:00"))),
    ((T("00:00"), T("06:00")), (T("06:00"), T("12:00")), (T("16:45"), T("17:45"))),
)
DUTY = (
    (),
    ((T("00:00"), T("08:00")), (T("17:30"), T("00:00"))),
    ((T("07:00"), T("22:00")),),
    ((T("23:59"), T("00:00")),),
)
# The weeks around what goes wrong: leap days, ends of years, the longest holidays, and the summers of 1986 to 1991,
# when clocks in Shanghai were changed.
WINDOWS = (
    (date(2024, 2, 20), date(2024, 3, 8)),
    (date(2028, 2, 21), date(2028, 3, 7)),
    (date(2023, 12, 22), date(2024, 1, 9)),
    (date(2026, 12, 24), date(2027, 1, 8)),
    (date(2026, 2, 6), date(2026, 3, 3)),
    (date(2026, 9, 21), date(2026, 10, 12)),
    (date(1986, 4, 28), date(1986, 5, 9)),
    (date(1986, 9, 8), date(1986, 9, 19)),
    (date(1991, 4, 9), date(1991, 4, 19)),
)
ZONES = (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Urumqi"), timezone(timedelta(hours=-8)),
         ZoneInfo("America/New_York"), ZoneInfo("Pacific/Chatham"))  # fmt: skip
UNITS = ("minutes", "hours", "days", "working_hours", "working_days", "duty_hours")


def calendar(city: City) -> Calendar:
    """The same city as the real calendar gets it: part of its days by public notice, part by its own word."""
    years = {day.year for day in city.free | city.worked} | set(range(1984, 1994)) | set(range(2022, 2031))
    own, public = {}, {}
    for year in years:
        free = sorted(day for day in city.free if day.year == year)
        worked = sorted(day for day in city.worked if day.year == year)
        public[year] = PublicDays(tuple(free[::2]), tuple(worked[::2]))
        own[year] = CalendarYear(False, "示例", open=tuple(worked[1::2]), closed=tuple(free[1::2]))
    table = CalendarTable(city.hours, MappingProxyType(own), MappingProxyType(public), city.duty)
    return Calendar.of(table, city.counts_from, city.received_until, city.day_ends)


@st.composite
def cities(draw: st.DrawFn) -> tuple[City, Calendar, date]:
    """A city, its calendar, and the day around which things happen."""
    first, last = draw(st.sampled_from(WINDOWS))
    days = [first + timedelta(days=number) for number in range(-3, (last - first).days + 30)]
    weekdays = [day for day in days if day.weekday() < 5]
    weekends = [day for day in days if day.weekday() >= 5]
    begin = draw(st.integers(0, len(weekdays) - 1))
    free = {*weekdays[begin : begin + draw(st.integers(0, 6))], *draw(st.sets(st.sampled_from(weekdays), max_size=3))}
    hours = draw(st.sampled_from(HOURS))
    city = City(
        hours=hours,
        duty=draw(st.sampled_from(DUTY)),
        free=frozenset(free),
        worked=frozenset(draw(st.sets(st.sampled_from(weekends), max_size=4))),
        counts_from=draw(st.sampled_from(("receipt", "next_working_day"))),
        received_until=draw(st.sampled_from((None, T("17:00"), T("12:00"), T("20:00")))),
        day_ends=draw(st.sampled_from(("office", "midnight", "17:15", "19:00"))),
    )
    return city, calendar(city), draw(st.sampled_from(days[: (last - first).days + 3]))


@st.composite
def moments(draw: st.DrawFn, day: date, edges: Sequence[time] = ()) -> datetime:
    """A moment on this day, often at an edge or a minute beside it, told in some zone of the world."""
    at = datetime.combine(day, draw(st.sampled_from(edges)) if edges and draw(st.booleans()) else time.min, ZONES[1])
    shift = draw(st.sampled_from((-1, 0, 0, 1))) if at.time() != time.min else draw(st.integers(0, 24 * 60 - 1))
    return (at.astimezone(UTC) + timedelta(minutes=shift)).astimezone(draw(st.sampled_from(ZONES)))


def edges(city: City) -> list[time]:
    """The hours at which something changes."""
    found = [edge for parts in (city.hours, city.duty, city.day_hours()) for part in parts for edge in part]
    return [edge for edge in (*found, city.received_until) if edge]


def limits(most: int = 8) -> st.SearchStrategy[Limit]:
    """Limits in all units, none of them longer than a fortnight or so."""
    small = st.builds(Limit, st.integers(1, most), st.sampled_from(UNITS))
    return st.one_of(small, st.builds(Limit, st.integers(1, 40), st.sampled_from(("hours", "working_hours"))))

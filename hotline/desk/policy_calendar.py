"""A year of a calendar, drawn as months: which days count, which are given off or worked in exchange."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from hotline.clocks import queries as clocks
from hotline.clocks.calendar import Calendar
from hotline.desk.policy_pages import Fact, words
from hotline.packs import CalendarTable
from hotline.policy.numbers import ZONE
from hotline.policy.policy import Policy
from hotline.ui import moment

MONTHS = range(1, 13)
SATURDAY = 5  # as weekday() counts
FIRST_YEAR, LAST_YEAR = 2016, 2100


@dataclass(frozen=True)
class Cell:
    """One day of a month. `state` is "", off, holiday or makeup; `word` says it where it is out of the ordinary."""

    number: int
    state: str
    word: str


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; None pads."""

    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True)
class Year:
    """A year as a page shows it."""

    number: int
    provisional: bool
    source: str
    months: tuple[Month, ...]
    holidays: tuple[str, ...]
    exchanged: tuple[str, ...]
    working: int


def chosen_year(asked: str, at: datetime) -> int:
    """The year that an address asks for, else this one."""
    if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked[:5]) <= LAST_YEAR:
        return int(asked)
    return timezone.localtime(at).year


def offered(table: CalendarTable, year: int) -> list[int]:
    """The years that the city has looked at, with the one shown."""
    return sorted({*table.years, year})


def drawn(table: CalendarTable, policy: Policy, year: int) -> Year:
    """The year under this calendar."""
    reckoned = clocks.calendar_for(table, policy.clocks)
    known, public = table.years.get(year), table.public.get(year)
    free = frozenset((*(public.free if public else ()), *(known.closed if known else ())))
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    states = _joined({day: _state(day, reckoned, free) for day in days})
    return Year(
        number=year,
        provisional=reckoned.provisional(year),
        source=known.source if known else "",
        months=tuple(_month(year, number, states) for number in MONTHS),
        holidays=tuple(_stretches([day for day in days if states[day] == "holiday"])),
        exchanged=tuple(_day(day) for day in days if states[day] == "makeup"),
        working=sum(states[day] in ("", "makeup") for day in days),
    )


def facts(table: CalendarTable, policy: Policy) -> list[Fact]:
    """Office hours and duty hours."""
    said = words()
    return [
        Fact(
            said.label("calendar", name),
            said.value("calendar", name, getattr(table, name), policy),
            policy.remarks.get(f"calendar.{name}", ""),
        )
        for name in ("hours", "duty")
    ]


def weekdays() -> tuple[str, ...]:
    """The heads of the columns."""
    if moment.in_chinese():
        return tuple(name.removeprefix("周") for name in moment.CHINESE_WEEKDAYS)
    return moment.ENGLISH_WEEKDAYS


def _state(day: date, reckoned: Calendar, free: frozenset[date]) -> str:
    weekend = day.weekday() >= SATURDAY
    if reckoned.works(day):
        return "makeup" if weekend else ""
    return "holiday" if day in free or not weekend else "off"


def _joined(states: dict[date, str]) -> dict[date, str]:
    """A weekend that touches a holiday is part of it, as the notices count."""
    for counts, run in groupby(list(states), key=lambda day: states[day] in ("", "makeup")):
        together = list(run)
        if not counts and any(states[day] == "holiday" for day in together):
            states.update(dict.fromkeys(together, "holiday"))
    return states


def _month(year: int, number: int, states: Mapping[date, str]) -> Month:
    marks = {"holiday": gettext("休"), "makeup": gettext("班")}
    weeks = tuple(
        tuple(Cell(day.day, states[day], marks.get(states[day], "")) if day.month == number else None for day in week)
        for week in Weeks().monthdatescalendar(year, number)
    )
    return Month(date_format(date(year, number, 1), "n月" if moment.in_chinese() else "F"), weeks)


def _stretches(days: list[date]) -> list[str]:
    """Days off in a row as one."""
    found: list[list[date]] = []
    for day in days:
        if found and (day - found[-1][-1]).days == 1:
            found[-1].append(day)
        else:
            found.append([day])
    return [_day(row[0]) if len(row) == 1 else f"{_day(row[0])}–{_day(row[-1])}" for row in found]


def _day(day: date) -> str:
    return moment.date_words(datetime(day.year, day.month, day.day, 12, tzinfo=ZONE))

"""Reckons in working time: when a limit ends, when to remind, how much is left.

Days are days in Shanghai. A limit in days ends with its last day, which counts: working days with the end of office
hours, calendar days at midnight. Hours and minutes run from moment to moment; working hours run in office hours only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from hotline.packs import CalendarTable, Limit, PublicDays
from hotline.policy.public_days import public_days

__all__ = ["ZONE", "Calendar", "Limit", "Remaining", "counted_minutes", "due", "remaining", "warn"]

ZONE = ZoneInfo("Asia/Shanghai")
WORKING_UNITS = ("working_days", "working_hours")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_LONG = {"minutes": _MINUTE, "hours": timedelta(hours=1), "working_hours": timedelta(hours=1)}


@dataclass(frozen=True)
class Calendar:
    """Which days and hours count: public holidays, with what the city says put over them.

    `hours` are the parts of an office day. `counts_from`: the day of receipt is the first day ("receipt", when it is
    a working day and the office has not closed), or the working day after it ("next_working_day").
    """

    hours: tuple[tuple[time, time], ...]
    open: frozenset[date]
    closed: frozenset[date]
    final_years: frozenset[int]
    public: Mapping[int, PublicDays]
    counts_from: str

    @staticmethod
    def of(table: CalendarTable, counts_from: str) -> Calendar:
        """The calendar of a city's table under a policy's way of counting."""
        return Calendar(
            hours=table.hours,
            open=frozenset(day for year in table.years.values() for day in year.open),
            closed=frozenset(day for year in table.years.values() for day in year.closed),
            final_years=frozenset(number for number, year in table.years.items() if not year.provisional),
            public=table.public,
            counts_from=counts_from,
        )

    @cached_property
    def day_minutes(self) -> int:
        """The working minutes of one day."""
        length = sum((_span(start, end) for start, end in self.hours), timedelta())
        return int(length / _MINUTE)

    def works(self, day: date) -> bool:
        """Do offices work on this day?"""
        if day in self.open or day in self.closed:
            return day in self.open
        public = self.public.get(day.year) or public_days(day.year)
        return day not in public.free and (day.weekday() < 5 or day in public.exchanged)

    def provisional(self, day: date) -> bool:
        """Is this day in a year whose make-up days are not known yet?"""
        return day.year not in self.final_years

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        day += _DAY
        while not self.works(day):
            day += _DAY
        return day

    def last_working(self, day: date) -> date:
        """The last working day before `day`."""
        day -= _DAY
        while not self.works(day):
            day -= _DAY
        return day

    def closing(self, day: date) -> datetime:
        """The end of office hours on `day`."""
        return _on(day, self.hours[-1][1])

    def parts(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of office hours from `first` to `last`, both included, in order."""
        day = first
        while day <= last:
            if self.works(day):
                for start, end in self.hours:
                    yield _on(day, start), _on(day, end)
            day += _DAY


@dataclass(frozen=True)
class Remaining:
    """How much is left, or how late it is: days, hours and minutes, of working time where the clock counts that.

    A working day of these parts is as long as the calendar's office day; a minute that has begun counts as a whole one.
    """

    late: bool
    days: int
    hours: int
    minutes: int


def due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The last moment of a limit that starts at `start` (aware). Returned in UTC."""
    if limit.unit == "working_days":
        ends = _last_working_day(limit.amount, start, calendar)
    elif limit.unit == "days":
        shift = limit.amount - 1 if calendar.counts_from == "receipt" else limit.amount
        ends = _on(start.astimezone(ZONE).date() + _DAY * (shift + 1), time.min)
    elif limit.unit == "working_hours":
        ends = _after_working_time(limit.amount * _LONG[limit.unit], start, calendar)
    else:
        ends = start + limit.amount * _LONG[limit.unit]
    return ends.astimezone(UTC)


def _last_working_day(amount: int, start: datetime, calendar: Calendar) -> datetime:
    day = start.astimezone(ZONE).date()
    counts = calendar.counts_from == "receipt" and calendar.works(day) and start < calendar.closing(day)
    for _ in range(amount - 1 if counts else amount):
        day = calendar.next_working(day)
    return calendar.closing(day)


def _after_working_time(length: timedelta, start: datetime, calendar: Calendar) -> datetime:
    day = start.astimezone(ZONE).date()
    while True:
        for opens, closes in calendar.parts(day, day):
            opens = max(opens, start)
            if opens < closes and length <= closes - opens:
                return opens + length
            length -= max(closes - opens, timedelta())
        day = calendar.next_working(day)


def warn(before: Limit, start: datetime, due_at: datetime, calendar: Calendar) -> datetime:
    """When to remind: `before` the due moment, or half-way where the whole clock is not longer than that. In UTC.

    `before` is in working days, hours or minutes.
    """
    if before.unit == "working_days":
        local = due_at.astimezone(ZONE)
        day = local.date()
        for _ in range(before.amount):
            day = calendar.last_working(day)
        at = _on(day, local.time())
    else:
        at = due_at - before.amount * _LONG[before.unit]
    if at <= start:
        at = start + (due_at - start) / 2
    return at.astimezone(UTC)


def counted_minutes(start: datetime, end: datetime, unit: str, calendar: Calendar) -> int:
    """Whole minutes from `start` to `end` that count for a limit in `unit`; 0 when `end` is not after `start`."""
    return int(_counted(start, end, unit, calendar) / _MINUTE)


def _counted(start: datetime, end: datetime, unit: str, calendar: Calendar) -> timedelta:
    if end <= start:
        return timedelta()
    if unit not in WORKING_UNITS:
        return end - start
    first, last = start.astimezone(ZONE).date(), end.astimezone(ZONE).date()
    counted = timedelta()
    for opens, closes in calendar.parts(first, last):
        counted += max(min(closes, end) - max(opens, start), timedelta())
    return counted


def remaining(now: datetime, due_at: datetime, calendar: Calendar, unit: str = "working_days") -> Remaining:
    """What is left at `now` of a clock that counts in `unit`, or by how much it is late."""
    late = now > due_at
    counted = _counted(due_at, now, unit, calendar) if late else _counted(now, due_at, unit, calendar)
    minutes = -(-counted // _MINUTE)
    days, minutes = divmod(minutes, calendar.day_minutes if unit in WORKING_UNITS else 24 * 60)
    return Remaining(late, days, *divmod(minutes, 60))


def _on(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, ZONE)


def _span(start: time, end: time) -> timedelta:
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)

"""A city's calendar for clocks: which days are worked, and which hours each unit of a limit counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from hotline.clocks.hours import DAY, ZONE, Hours, Parts, local_day, on
from hotline.packs import CalendarTable, CalendarYear, PublicDays
from hotline.policy.public_days import public_days

__all__ = ["WORKING_UNITS", "ZONE", "Calendar"]

WORKING_UNITS = ("working_days", "working_hours")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Calendar:
    """Which days and hours count: public holidays, with what the city says put over them.

    `hours` are the parts of an office day, `duty` those of the duty roster on every day (none: around the clock).
    `counts_from`: the day of receipt is the first day ("receipt"), or the working day after it ("next_working_day").

    `received_until`: what comes at this hour or later, or on a day off, counts as received on the next working day.
    None: the day of receipt is what the date says; but after the end of office hours it is never a first day.
    `day_ends`: when a last working day is over: with the office, at midnight, or at an hour like "17:00".
    """

    hours: Parts
    years: Mapping[int, CalendarYear]
    public: Mapping[int, PublicDays]
    counts_from: str
    duty: Parts = ()
    received_until: time | None = None
    day_ends: str = "office"

    @staticmethod
    def of(
        table: CalendarTable, counts_from: str, received_until: time | None = None, day_ends: str = "office"
    ) -> Calendar:
        """The calendar of a city's table under a policy's way of counting."""
        return Calendar(
            hours=table.hours,
            years=table.years,
            public=table.public,
            counts_from=counts_from,
            duty=table.duty,
            received_until=received_until,
            day_ends=day_ends,
        )

    def works(self, day: date) -> bool:
        """Do offices work on this day?"""
        own = self.years.get(day.year)
        if own is not None and (day in own.open or day in own.closed):
            return day in own.open
        public = self._public(day.year)
        return day not in public.free and (day.weekday() < 5 or day in public.exchanged)

    def provisional(self, year: int) -> bool:
        """Is this a year whose make-up days are not known yet? The city's word counts more than public lists."""
        known = self._provisional.get(year)
        if known is None:
            own = self.years.get(year)
            known = own.provisional if own is not None else not self._public(year).exchanged
            self._provisional[year] = known
        return known

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        return self.office.nth(day, 1)

    def hours_of(self, unit: str) -> Hours | None:
        """The hours in which a clock in this unit runs; None: it never rests."""
        if unit == "working_days":
            return self.days
        if unit == "working_hours":
            return self.office
        return self.on_duty if unit == "duty_hours" else None

    def day_minutes(self, unit: str) -> int:
        """The minutes of one whole day of a clock in this unit; 0 where days do not matter to it."""
        hours = self.hours_of(unit) if unit in WORKING_UNITS else None
        return int(hours.day / _MINUTE) if hours else 0

    @cached_property
    def office(self) -> Hours:
        """Office hours on working days."""
        return Hours(self.hours, self.works)

    @cached_property
    def days(self) -> Hours:
        """The hours that make up a working day: office hours, the last of them ending when the day ends."""
        parts = self._until_day_ends()
        return self.office if parts == self.hours else Hours(parts, self.works)

    @cached_property
    def on_duty(self) -> Hours | None:
        """The hours of the duty roster; None: around the clock."""
        return Hours(self.duty) if self.duty else None

    @cached_property
    def alike(self) -> dict[Any, Any]:
        """What lives that began in the same hour have in common; `life` fills it."""
        return {}

    def received(self, start: datetime) -> date:
        """The day on which something counts as received."""
        day = local_day(start)
        if self.received_until is None or (self.office.has(day) and start < on(day, self.received_until)):
            return day
        return self.next_working(day)

    def last_working(self, start: datetime, amount: int) -> date:
        """The last day of a limit of `amount` working days, which counts."""
        day = self.received(start)
        if self.counts_from == "receipt" and self.office.has(day):
            closed = self.received_until is None and start >= self.office.closing(day)
            if not closed and start < self.days.closing(day):
                return day if amount == 1 else self.days.nth(day, amount - 1)
        return self.days.nth(day, amount)

    def first_day(self, start: datetime) -> date:
        """The first day of a limit in calendar days."""
        day = self.received(start)
        return day if self.counts_from == "receipt" else day + DAY

    @cached_property
    def _provisional(self) -> dict[int, bool]:
        return {}

    def _until_day_ends(self) -> Parts:
        if self.day_ends == "office":
            return self.hours
        end = time.min if self.day_ends == "midnight" else time.fromisoformat(self.day_ends)
        begun = [start for start, _ in self.hours if end == time.min or start < end]
        return (*self.hours[: len(begun) - 1], (begun[-1], end)) if begun else self.hours

    def _public(self, year: int) -> PublicDays:
        return self.public.get(year) or public_days(year)

"""Which time of the days counts: opening and closing moments, counted time between moments, and back.

A year is laid out once, then every question is a look-up: nobody walks from day to day. Everything is reckoned in
moments (UTC), only days are days in Shanghai, so an hour that the clocks there once skipped or repeated is neither
counted nor lost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NOTHING = timedelta()

Parts = tuple[tuple[time, time], ...]


def local_day(at: datetime) -> date:
    """The day in Shanghai of an aware moment."""
    return at.astimezone(ZONE).date()


def on(day: date, clock: time) -> datetime:
    """The moment when clocks in Shanghai show `clock` on `day`, in UTC."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year laid out: for each day its stretches, and what is counted before it; for each counting day its place."""

    first: int  # the ordinal of 1 January
    stretches: list[tuple[tuple[datetime, datetime], ...]]
    sums: list[timedelta]  # counted time before each day, and at last that of the whole year
    days: list[int]  # the days that count, by their place in the year
    rank: list[int]  # how many days count before each day, and at last in the whole year


class Hours:
    """The same parts of every day, or of those days for which `counts` is true; a part may end at 00:00, midnight.

    All moments that are taken are aware; those that are given are in UTC.
    """

    def __init__(self, parts: Parts, counts: Callable[[date], bool] | None = None) -> None:
        self.parts = parts
        self._counts = counts
        self._years: dict[int, _Year] = {}

    @property
    def day(self) -> timedelta:
        """The counted time of one day."""
        return sum((_length(start, end) for start, end in self.parts), NOTHING)

    def closing(self, day: date) -> datetime:
        """When the last part of `day` ends, which need not be a day that counts."""
        end = self.parts[-1][1]
        return on(day, end) if end != time.min else on(day + DAY, end)

    def opening(self, day: date) -> datetime:
        """When the first part of `day` begins."""
        return on(day, self.parts[0][0])

    def nth(self, day: date, number: int) -> date:
        """The `number`-th day after `day` that counts; `number` from 1 on."""
        year = self._year(day.year)
        before = year.rank[day.toordinal() - year.first + 1]
        current = day.year
        while before + number > len(year.days):
            number -= len(year.days) - before
            current, before = current + 1, 0
            year = self._year(current)
        return date.fromordinal(year.first + year.days[before + number - 1])

    def inside(self, at: datetime) -> bool:
        """Does the time that begins at `at` count?"""
        local = at.astimezone(ZONE)
        year = self._year(local.year)
        return any(opens <= at < closes for opens, closes in year.stretches[local.toordinal() - year.first])

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """The time that counts from `start` to `end`; nothing when `end` is not after `start`."""
        if end <= start:
            return NOTHING
        number, passed = self._place(start)
        last, total = self._place(end)
        for between in range(number, last):
            total += self._year(between).sums[-1]
        return total - passed

    def forward(self, start: datetime, length: timedelta) -> datetime:
        """The first moment by which `length` has been counted since `start`."""
        if length <= NOTHING:
            return start.astimezone(UTC)
        number, passed = self._place(start)
        wanted, year = passed + length, self._year(number)
        while wanted > year.sums[-1]:
            wanted -= year.sums[-1]
            number += 1
            year = self._year(number)
        place = bisect_left(year.sums, wanted) - 1
        rest = wanted - year.sums[place]
        for opens, closes in year.stretches[place]:
            if rest <= closes - opens:
                return opens + rest
            rest -= closes - opens
        raise AssertionError("a day is as long as its parts")

    def back(self, end: datetime, length: timedelta) -> datetime:
        """The last moment that counts itself and from which `length`, which is not nothing, is counted until `end`."""
        number, passed = self._place(end)
        wanted, year = passed - length, self._year(number)
        while wanted < NOTHING:
            number -= 1
            year = self._year(number)
            wanted += year.sums[-1]
        place = bisect_right(year.sums, wanted) - 1
        rest = wanted - year.sums[place]
        for opens, closes in year.stretches[place]:
            if rest < closes - opens:
                return opens + rest
            rest -= closes - opens
        raise AssertionError("a day is as long as its parts")

    def _place(self, at: datetime) -> tuple[int, timedelta]:
        """The year of a moment, and what is counted in that year before it."""
        local = at.astimezone(ZONE)
        year = self._year(local.year)
        place = local.toordinal() - year.first
        passed = year.sums[place]
        for opens, closes in year.stretches[place]:
            if at <= opens:
                break
            passed += (at if at < closes else closes) - opens
        return local.year, passed

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            # Two threads may lay out the same year; either result is right.
            found = self._years[number] = self._laid_out(number)
        return found

    def _laid_out(self, number: int) -> _Year:
        first = date(number, 1, 1)
        year = _Year(first.toordinal(), [], [NOTHING], [], [0])
        for place in range((date(number + 1, 1, 1) - first).days):
            day = first + DAY * place
            stretches = tuple(self._stretches(day)) if self._counts is None or self._counts(day) else ()
            if stretches:
                year.days.append(place)
            year.stretches.append(stretches)
            year.sums.append(year.sums[-1] + sum((closes - opens for opens, closes in stretches), NOTHING))
            year.rank.append(len(year.days))
        return year

    def _stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        return [(on(day, start), on(day if end != time.min else day + DAY, end)) for start, end in self.parts]


def _length(start: time, end: time) -> timedelta:
    day = date.min if end != time.min else date.min + DAY
    return datetime.combine(day, end) - datetime.combine(date.min, start)

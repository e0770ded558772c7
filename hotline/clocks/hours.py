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


# Since then clocks in Shanghai have never been changed.
_SETTLED = datetime(1992, 1, 1, tzinfo=UTC)
_EAST = timedelta(hours=8)


def local_day(at: datetime) -> date:
    """The day in Shanghai of an aware moment."""
    return _local(at).date()


def _local(at: datetime) -> datetime:
    """What clocks in Shanghai show at an aware moment; its own zone says nothing."""
    return at + _EAST if at.tzinfo is UTC and at >= _SETTLED else at.astimezone(ZONE)


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

    All moments are aware and in UTC.
    """

    def __init__(self, parts: Parts, counts: Callable[[date], bool] | None = None) -> None:
        self.parts = parts
        self.day = sum((_length(start, end) for start, end in parts), NOTHING)  # the counted time of one day
        self._counts = counts
        self._years: dict[int, _Year] = {}

    def has(self, day: date) -> bool:
        """Does this day count?"""
        return bool(self._of(day))

    def opening(self, day: date) -> datetime:
        """When a day that counts begins."""
        return self._of(day)[0][0]

    def closing(self, day: date) -> datetime:
        """When a day that counts is over."""
        return self._of(day)[-1][1]

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
        return any(opens <= at < closes for opens, closes in self._of(local_day(at)))

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
            return start
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

    def _of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches of a day."""
        year = self._year(day.year)
        return year.stretches[day.toordinal() - year.first]

    def _place(self, at: datetime) -> tuple[int, timedelta]:
        """The year of a moment, and what is counted in that year before it."""
        local = _local(at)
        number = local.year
        year = self._years.get(number) or self._year(number)
        place = local.toordinal() - year.first
        passed = year.sums[place]
        for opens, closes in year.stretches[place]:
            if at <= opens:
                break
            passed += (at if at < closes else closes) - opens
        return number, passed

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

"""A slow clock that looks at every minute: it knows nothing of years, sums or look-ups.

It shares with the real one only the shapes that are put in. Moments are whole minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.clocks.change import Timed
from hotline.packs import Limit

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class City:
    """What a made-up city says, as plain as can be."""

    hours: tuple[tuple[time, time], ...]
    duty: tuple[tuple[time, time], ...]
    free: frozenset[date]
    worked: frozenset[date]
    counts_from: str
    received_until: time | None
    day_ends: str

    def works(self, day: date) -> bool:
        """Is it a working day?"""
        return day in self.worked or (day.weekday() < 5 and day not in self.free)

    def next_working(self, day: date) -> date:
        """Walk to the next working day."""
        day += DAY
        while not self.works(day):
            day += DAY
        return day

    def counts(self, at: datetime, unit: str) -> bool:
        """Does the minute that begins at `at` count for a clock in this unit?"""
        local = at.astimezone(SHANGHAI)
        clock = local.time()
        if unit == "working_hours":
            return self.works(local.date()) and _within(clock, self.hours)
        if unit == "working_days":
            return self.works(local.date()) and _within(clock, self.day_hours())
        return unit != "duty_hours" or not self.duty or _within(clock, self.duty)

    def day_hours(self) -> tuple[tuple[time, time], ...]:
        """Office hours; the afternoon lasts until the day is over."""
        if self.day_ends == "office":
            return self.hours
        end = time.min if self.day_ends == "midnight" else time.fromisoformat(self.day_ends)
        return (*self.hours[:-1], (self.hours[-1][0], end))

    def day_end(self, day: date) -> datetime:
        """The moment when a last working day is over, found by walking its minutes."""
        last, at = None, _midnight(day)
        while at < _midnight(day + DAY):
            if self.counts(at, "working_days"):
                last = at
            at += MINUTE
        assert last is not None
        return last + MINUTE

    def received(self, start: datetime) -> date:
        """The day on which something counts as received."""
        local = start.astimezone(SHANGHAI)
        if self.received_until is not None and (not self.works(local.date()) or local.time() >= self.received_until):
            return self.next_working(local.date())
        return local.date()

    def due(self, limit: Limit, start: datetime) -> datetime:
        """The last moment of a limit."""
        day = self.received(start)
        if limit.unit == "working_days":
            return self.day_end(self._last_day(limit.amount, day, start))
        if limit.unit == "days":
            counted = 1 if self.counts_from == "receipt" else 0
            while counted < limit.amount:
                day, counted = day + DAY, counted + 1
            return _midnight(day + DAY)
        if limit.unit == "working_hours" and day != start.astimezone(SHANGHAI).date():
            start = _midnight(day)
        return self.tick(start, limit.amount * (1 if limit.unit == "minutes" else 60), limit.unit)

    def _last_day(self, amount: int, day: date, start: datetime) -> date:
        local = start.astimezone(SHANGHAI)
        counted = 0
        if self.counts_from == "receipt" and self.works(day):
            late = day == local.date() and (
                (self.received_until is None and local.time() >= self.hours[-1][1]) or start >= self.day_end(day)
            )
            counted = 0 if late else 1
        while counted < amount:
            day, counted = self.next_working(day), counted + 1
        return day

    def tick(self, start: datetime, minutes: int, unit: str) -> datetime:
        """Go on minute by minute until so many have counted."""
        at = start.astimezone(UTC)
        while minutes:
            minutes -= self.counts(at, unit)
            at += MINUTE
        return at

    def left(self, since: datetime, due_at: datetime, unit: str) -> tuple[int, int]:
        """The minutes that count from `since` to `due_at`, and those that follow the last of them without counting."""
        counted, idle, at = 0, 0, since.astimezone(UTC)
        while at < due_at:
            if self.counts(at, unit):
                counted, idle = counted + 1, 0
            else:
                idle += 1
            at += MINUTE
        return counted, idle

    def after(self, limit: Limit, start: datetime, changes: Sequence[Timed]) -> tuple[datetime, datetime | None, str]:
        """Due moment, when it paused, and what it counts in, after these changes."""
        due_at, unit, paused = self.due(limit, start), limit.unit, None
        for timed in changes:
            verb, at, added = timed.change.verb, timed.at.astimezone(UTC), timed.change.limit
            if verb == "pause":
                paused = paused or at
            elif verb == "resume" and paused is not None:
                due_at, paused = self.moved(due_at, paused, at, unit), None
            elif verb == "extend" and added is not None:
                due_at = self.longer(due_at, added)
            elif verb == "shorten" and added is not None:
                wanted = self.due(added, at)
                if wanted < (self.moved(due_at, paused, at, unit) if paused else due_at):
                    # What the shorter limit has left now is what it has left when it goes on.
                    due_at, unit = self.moved(wanted, at, paused, added.unit) if paused else wanted, added.unit
        return due_at, paused, unit

    def moved(self, due_at: datetime, since: datetime, until: datetime, unit: str) -> datetime:
        """The due moment after time that did not count."""
        if since > due_at:
            return due_at
        counted, idle = self.left(since, due_at, unit)
        return self.tick(until, counted, unit) + idle * MINUTE

    def longer(self, due_at: datetime, added: Limit) -> datetime:
        """The due moment after an addition."""
        if added.unit == "days":
            local = due_at.astimezone(SHANGHAI)
            return datetime.combine(local.date() + DAY * added.amount, local.time(), SHANGHAI).astimezone(UTC)
        if added.unit == "working_days":
            day = sum(_minutes(start, end) for start, end in self.day_hours())
            return self.tick(due_at, added.amount * day, "working_days")
        return self.tick(due_at, added.amount * (1 if added.unit == "minutes" else 60), added.unit)


def _within(clock: time, parts: tuple[tuple[time, time], ...]) -> bool:
    return any(start <= clock and (clock < end or end == time.min) for start, end in parts)


def _minutes(start: time, end: time) -> int:
    return ((end.hour * 60 + end.minute) or 24 * 60) - start.hour * 60 - start.minute


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)

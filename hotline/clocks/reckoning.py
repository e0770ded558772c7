"""Reckons with limits: when one ends, when to remind, what an addition does, how much is left.

Days are days in Shanghai, moments are taken aware and given in UTC. A limit in days ends with its last day, which
counts: working days when the calendar says that a day ends, calendar days at midnight. Hours and minutes run from
moment to moment; working hours run in office hours only, duty hours in those of the duty roster.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from hotline.clocks.calendar import WORKING_UNITS, Calendar
from hotline.clocks.hours import DAY, NOTHING, ZONE, Hours, local_day, on
from hotline.packs import Limit

__all__ = [
    "WORKING_UNITS",
    "ZONE",
    "Calendar",
    "Limit",
    "Remaining",
    "carried",
    "counted_minutes",
    "due",
    "prolonged",
    "remaining",
    "warn",
]

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
# How long one of a unit is; a working day is as long as the calendar's.
_LONG = {"minutes": _MINUTE, "hours": _HOUR, "working_hours": _HOUR, "duty_hours": _HOUR, "days": DAY}


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
    """The last moment of a limit that starts at `start`. Raises ValueError for a moment without a time zone."""
    start = aware(start)
    if limit.unit == "working_days":
        return calendar.days.closing(calendar.last_working(start, limit.amount))
    if limit.unit == "days":
        return on(calendar.first_day(start) + DAY * limit.amount, time.min)
    if limit.unit == "working_hours":
        return calendar.office.forward(_began(start, calendar), limit.amount * _HOUR)
    return _forward(calendar.hours_of(limit.unit), start, limit.amount * _LONG[limit.unit])


def _began(start: datetime, calendar: Calendar) -> datetime:
    """When working hours begin to run: at once, or in the morning of the day on which it counts as received."""
    day = calendar.received(start)
    return start if day == local_day(start) else calendar.office.opening(day)


def prolonged(due_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The due moment after an addition to what a clock has.

    The addition is counted from the due moment, in its own unit, whatever the clock counts in. Working days are whole
    days of working time, so the clock ends at the same hour of a later working day: with the office where it did, and
    to the minute where a pause had moved it. What was due at night or on a day off is due at the end of a working day
    then. Calendar days keep the hour, too. The same holds for a paused clock: what it had left grows by as much.
    """
    due_at = aware(due_at)
    if limit.unit == "days":
        local = due_at.astimezone(ZONE)
        return on(local.date() + DAY * limit.amount, local.time())
    hours = calendar.hours_of(limit.unit)
    one = hours.day if hours is not None and limit.unit == "working_days" else _LONG[limit.unit]
    return _forward(hours, due_at, limit.amount * one)


def carried(due_at: datetime, since: datetime, until: datetime, unit: str, calendar: Calendar) -> datetime:
    """The due moment that leaves as much at `until` as `due_at` left at `since`, to the moment: nothing is rounded.

    What counts in `unit` is what is carried over; a due moment outside of these hours stays as far beyond them as it
    was. A clock that was late at `since` stays late.
    """
    due_at, since, until = aware(due_at), aware(since), aware(until)
    if since > due_at:
        return due_at
    hours = calendar.hours_of(unit)
    left = _counted(hours, since, due_at)
    beyond = due_at - _forward(hours, since, left)
    return _forward(hours, until, left) + beyond


def warn(before: Limit, start: datetime, due_at: datetime, unit: str, calendar: Calendar) -> datetime:
    """When to remind of a clock in `unit`: `before` the due moment, or half-way where it had not begun then.

    Clocks in days and working hours remind in office time, which `before` is counted in then; clocks in duty hours
    when somebody is on duty. Only where no such time lies before the due moment it may be at any time.
    """
    start, due_at = aware(start), aware(due_at)
    hours = calendar.office if unit in ("working_days", "working_hours", "days") else calendar.hours_of(unit)
    reminding = hours or (calendar.office if before.unit == "working_days" else calendar.hours_of(before.unit))
    length = before.amount * (calendar.office.day if before.unit == "working_days" else _LONG[before.unit])
    at = reminding.back(due_at, length) if reminding else due_at - length
    if at > start:
        return at
    half = _counted(hours, start, due_at) / 2
    return hours.back(due_at, half) if hours and half else min(due_at, start + (due_at - start) / 2)


def counted_minutes(start: datetime, end: datetime, unit: str, calendar: Calendar) -> int:
    """Whole minutes from `start` to `end` that count for a limit in `unit`; 0 when `end` is not after `start`."""
    return int(_counted(calendar.hours_of(unit), aware(start), aware(end)) / _MINUTE)


def remaining(now: datetime, due_at: datetime, calendar: Calendar, unit: str = "working_days") -> Remaining:
    """What is left at `now` of a clock that counts in `unit`, or by how much it is late."""
    now, due_at, hours = aware(now), aware(due_at), calendar.hours_of(unit)
    late = now > due_at
    counted = _counted(hours, due_at, now) if late else _counted(hours, now, due_at)
    minutes = -(-counted // _MINUTE)
    days, minutes = divmod(minutes, calendar.day_minutes(unit) or 24 * 60)
    return Remaining(late, days, *divmod(minutes, 60))


def aware(at: datetime) -> datetime:
    """The moment in UTC. Raises ValueError where its time zone is not known: it could be any of 24 hours."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC)


def _counted(hours: Hours | None, start: datetime, end: datetime) -> timedelta:
    if hours is not None:
        return hours.counted(start, end)
    return max(end - start, NOTHING)


def _forward(hours: Hours | None, start: datetime, length: timedelta) -> datetime:
    return hours.forward(start, length) if hours is not None else start + length

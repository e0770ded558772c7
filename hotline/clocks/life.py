"""The whole life of a clock, reckoned from its start: the one truth that every stored due moment agrees with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from hotline.clocks.calendar import WORKING_UNITS, Calendar
from hotline.clocks.change import Timed, outcome
from hotline.clocks.hours import local_day
from hotline.clocks.reckoning import aware, carried, due, prolonged, warn
from hotline.packs import Limit

_IN_DAYS = ("working_days", "days")
_HOUR = timedelta(hours=1) - timedelta(microseconds=1)
_MOST = 100_000
MOMENT = "minutes"  # what a clock until a fixed moment counts in: plain time


class Standing(NamedTuple):
    """How a clock stands after what has happened to it.

    `unit` is what it counts in now: that of its limit, or of the shortening that brought its due moment forward. While
    it is paused `due_at` is the due moment as it was seen at `paused_at`: what lies between is what it has left.
    `by_working_days`: working days had a part in the due moment. `since`: it runs without a break since then.
    """

    unit: str
    due_at: datetime
    first_due_at: datetime
    by_working_days: bool
    since: datetime
    paused_at: datetime | None = None
    extensions: int = 0

    def ended(self, verb: str, at: datetime) -> str:
        """The outcome of ending it now: a paused clock is judged by the moment when it paused."""
        return outcome(verb, self.due_at, self.paused_at or at)


class Reckoned(NamedTuple):
    """What a clock's row says of its due moment."""

    unit: str
    due_at: datetime
    first_due_at: datetime
    warn_at: datetime
    paused_at: datetime | None
    extensions: int
    provisional: bool


def replay(
    limit: Limit | None,
    until: datetime | None,
    start: datetime,
    changes: Iterable[Timed],
    calendar: Calendar,
    warn_before: Limit,
) -> Reckoned:
    """A clock that started with `limit`, or until a fixed moment, after these changes in their order."""
    start = aware(start)
    standing = begin(limit, until, start, calendar)
    for change in changes:
        standing = after(standing, change, calendar)
    return reckoned(standing, start, calendar, warn_before)


def untouched(limit: Limit, start: datetime, calendar: Calendar, warn_before: Limit) -> Reckoned:
    """A clock to which nothing has happened: as `replay`, sooner where many are asked for.

    Whoever starts later is never due earlier, nor reminded earlier; so if the first and the last moment of an hour come
    out alike, every start between them does. Clocks in days mostly do, and an hour is reckoned once for all of them.
    """
    start = aware(start)
    if limit.unit in _IN_DAYS:
        hour = start.replace(minute=0, second=0, microsecond=0)
        key = (limit.amount, limit.unit, warn_before.amount, warn_before.unit, hour)
        if key not in calendar.alike:
            first, last = (replay(limit, None, at, (), calendar, warn_before) for at in (hour, hour + _HOUR))
            if len(calendar.alike) >= _MOST:
                calendar.alike.clear()
            calendar.alike[key] = first if first == last else None
        found: Reckoned | None = calendar.alike[key]
        if found is not None:
            return found
    return replay(limit, None, start, (), calendar, warn_before)


def begin(limit: Limit | None, until: datetime | None, start: datetime, calendar: Calendar) -> Standing:
    """A clock that has just started. Raises ValueError where it has neither a limit nor a moment."""
    if limit is not None:
        due_at = due(limit, start, calendar)
        return Standing(limit.unit, due_at, due_at, _by_working_days(limit, calendar), aware(start))
    if until is None:
        raise ValueError("a clock needs a limit, or a moment until which it runs")
    due_at = aware(until)
    return Standing(MOMENT, due_at, due_at, False, aware(start))


def after(standing: Standing, timed: Timed, calendar: Calendar) -> Standing:
    """How a clock stands after one more change; the same standing where the change does nothing to it."""
    change, at = timed.change, aware(timed.at)
    if change.verb == "pause" and standing.paused_at is None:
        return standing._replace(paused_at=at)
    if change.verb == "resume" and standing.paused_at is not None:
        due_at = carried(standing.due_at, standing.paused_at, at, standing.unit, calendar)
        return standing._replace(paused_at=None, due_at=due_at, since=at)
    if change.verb == "extend" and change.limit is not None:
        return _extended(standing, change.limit, calendar)
    if change.verb == "shorten" and change.limit is not None:
        return _shortened(standing, change.limit, at, calendar)
    return standing


def _extended(standing: Standing, limit: Limit, calendar: Calendar) -> Standing:
    by_working_days = standing.by_working_days or limit.unit in WORKING_UNITS
    due_at = prolonged(standing.due_at, limit, calendar)
    return standing._replace(due_at=due_at, extensions=standing.extensions + 1, by_working_days=by_working_days)


def _shortened(standing: Standing, limit: Limit, at: datetime, calendar: Calendar) -> Standing:
    """The limit counts from now. Of a paused clock it is held against the due moment if it went on now."""
    since = standing.paused_at
    now = carried(standing.due_at, since, at, standing.unit, calendar) if since else standing.due_at
    wanted = due(limit, at, calendar)
    if wanted >= now:
        return standing
    due_at = carried(wanted, at, since, limit.unit, calendar) if since else wanted
    return standing._replace(unit=limit.unit, due_at=due_at, by_working_days=_by_working_days(limit, calendar))


def reckoned(standing: Standing, start: datetime, calendar: Calendar, warn_before: Limit) -> Reckoned:
    """What the row of a clock that stands so says."""
    return Reckoned(
        unit=standing.unit,
        due_at=standing.due_at,
        first_due_at=standing.first_due_at,
        warn_at=warn(warn_before, standing.since, standing.due_at, standing.unit, calendar),
        paused_at=standing.paused_at,
        extensions=standing.extensions,
        provisional=standing.by_working_days and _provisional(start, standing, calendar),
    )


def _provisional(start: datetime, standing: Standing, calendar: Calendar) -> bool:
    """Does any day from the start to the due moment lie in a year whose make-up days are not published?"""
    first, last = local_day(start).year, local_day(max(standing.due_at, standing.first_due_at)).year
    return calendar.provisional(last) or (first < last and any(map(calendar.provisional, range(first, last))))


def _by_working_days(limit: Limit, calendar: Calendar) -> bool:
    """Does it matter to this limit which days are worked? To calendar days where a day off is no day of receipt."""
    return limit.unit in WORKING_UNITS or (limit.unit == "days" and calendar.received_until is not None)

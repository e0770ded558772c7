"""The shapes of time in a rulebook: limits, clocks, office and duty hours, the days of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

LIMIT_UNITS = ("minutes", "hours", "days", "working_hours", "working_days", "duty_hours")
CLOCK_KINDS = ("dispatch", "sign", "contact", "reply", "assist", "review", "callback")


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time; days end with the day, hours and minutes run from moment to moment.

    Working days and hours count office time only, duty hours the time of the duty roster, which has no holidays.
    """

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A limit for one clock; empty conditions hold for every order, the rule with the most particular ones wins: matter
    before channel before level before kind. A rule for urgent or critical orders only ever shortens what they have.
    """

    name: str
    clock: str
    limit: Limit
    kind: str
    urgency: str
    channel: str
    matter: str
    source: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The rules of deadlines; `matter_days` says whether a matter's own days shorten a general reply limit.

    `counts_from`: the day of receipt is the first day ("receipt"), or the working day after it ("next_working_day").
    `received_until`: what comes at this hour or later counts as received on the next working day (None: the end of
    office hours). `day_ends` is when a last day in working days is over: office, midnight, or an hour like "17:00".
    """

    source: str
    counts_from: str
    matter_days: str
    warn_before: Limit
    rules: Mapping[str, ClockRule]
    received_until: time | None = None
    day_ends: str = "office"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What a city knows of one year beyond the public holidays; provisional until make-up days are published."""

    provisional: bool
    source: str
    open: tuple[date, ...]
    closed: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class PublicDays:
    """The public holidays of a year, and the weekend days worked in exchange, as far as they are published."""

    free: tuple[date, ...]
    exchanged: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """Office hours (start, end of each part of the day) and the years that a city has looked at.

    `duty` are the hours of the duty roster, which hold on every day; () means around the clock. A pack leaves `public`
    empty; publishing fills it in, so that nobody reckons holidays anew.
    """

    hours: tuple[tuple[time, time], ...]
    years: Mapping[int, CalendarYear]
    public: Mapping[int, PublicDays]
    duty: tuple[tuple[time, time], ...] = ()

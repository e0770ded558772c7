"""Reads clocks by the streams that they run on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from hotline.clocks import reckoning
from hotline.clocks.calendar import Calendar
from hotline.clocks.models import RUNNING, Clock
from hotline.packs import CalendarTable, Clocks, Limit
from hotline.policy.policy import Policy


@dataclass(frozen=True)
class ClockView:
    """One run of a clock; `outcome` is met, late, cancelled, or "" while it runs or is paused.

    `amount` is that of its limit, None where it runs until a fixed moment; `unit` is what it counts in now. While it
    is paused, what it has left is the counted time from `paused_at` to `due_at`. `extensions` counts how often it was
    put off, `first_due_at` is the due moment without changes. `provisional`: the due moment depends on a year whose
    make-up days are not published.
    """

    id: int
    kind: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    outcome: str
    round: int
    amount: int | None
    unit: str
    paused_at: datetime | None
    extensions: int
    provisional: bool
    first_due_at: datetime


def view(clock: Clock) -> ClockView:
    """A row as others see it."""
    return ClockView(
        id=clock.pk,
        kind=clock.kind,
        started_at=clock.started_at,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        stopped_at=clock.stopped_at,
        outcome=clock.outcome,
        round=clock.round,
        amount=clock.limit_amount,
        unit=clock.unit,
        paused_at=clock.paused_at,
        extensions=clock.extensions,
        provisional=clock.provisional,
        first_due_at=clock.first_due_at,
    )


def for_streams(stream_kind: str, ids: Iterable[int]) -> dict[int, list[ClockView]]:
    """The clocks of each stream in the order of their starts; streams without any are absent. One statement."""
    found: dict[int, list[ClockView]] = {}
    rows = Clock.objects.filter(stream_kind=stream_kind, stream_id__in=list(ids)).order_by("started_at", "pk")
    for row in rows:
        found.setdefault(row.stream_id, []).append(view(row))
    return found


def running_of(stream_kind: str, ids: Iterable[int]) -> dict[int, dict[str, ClockView]]:
    """The clocks of each stream that have not ended, paused ones too, by kind. One statement."""
    found: dict[int, dict[str, ClockView]] = {}
    for row in unfinished(stream_kind).filter(stream_id__in=list(ids)):
        found.setdefault(row.stream_id, {})[row.kind] = view(row)
    return found


def running(stream_kind: str) -> QuerySet[Clock]:
    """The clocks that run on streams of this kind and can pass: paused ones cannot."""
    return Clock.objects.filter(RUNNING, stream_kind=stream_kind)


def unfinished(stream_kind: str) -> QuerySet[Clock]:
    """The clocks on streams of this kind that have not ended, paused ones too."""
    return Clock.objects.filter(stream_kind=stream_kind, stopped_at__isnull=True)


def due_for(policy: Policy, limit: Limit, start: datetime) -> datetime:
    """What a limit from `start` would end at, under the policy's calendar. In UTC."""
    return reckoning.due(limit, start, calendar_of(policy))


def calendar_of(policy: Policy) -> Calendar:
    """The calendar that clocks of orders under this policy are reckoned by."""
    return calendar_for(policy.calendar, policy.clocks)


# Years are laid out once for a calendar. Tables and rules live as long as the policies that keep them in the process,
# so the same objects come again and again; which ones they were is checked, an address may be used anew.
_laid_out: dict[tuple[int, int], tuple[CalendarTable, Clocks, Calendar]] = {}
_MOST = 200


def calendar_for(table: CalendarTable, rules: Clocks) -> Calendar:
    """A calendar's table under a policy's rules of counting."""
    key = (id(table), id(rules))
    known = _laid_out.get(key)
    if known is not None and known[0] is table and known[1] is rules:
        return known[2]
    if len(_laid_out) >= _MOST:
        _laid_out.clear()
    calendar = Calendar.of(table, rules.counts_from, rules.received_until, rules.day_ends)
    _laid_out[key] = (table, rules, calendar)
    return calendar

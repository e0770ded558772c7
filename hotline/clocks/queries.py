"""Reads clocks by the streams that they run on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from hotline.clocks.models import Clock
from hotline.clocks.reckoning import Calendar
from hotline.policy.policy import Policy


@dataclass(frozen=True)
class ClockView:
    """One run of a clock; `outcome` is met, late, cancelled, or "" while it runs, `unit` is what its limit counts."""

    id: int
    kind: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    outcome: str
    round: int
    amount: int
    unit: str


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
        unit=clock.limit_unit,
    )


def for_streams(stream_kind: str, ids: Iterable[int]) -> dict[int, list[ClockView]]:
    """The clocks of each stream in the order of their starts; streams without any are absent. One statement."""
    found: dict[int, list[ClockView]] = {}
    rows = Clock.objects.filter(stream_kind=stream_kind, stream_id__in=list(ids)).order_by("started_at", "pk")
    for row in rows:
        found.setdefault(row.stream_id, []).append(view(row))
    return found


def running(stream_kind: str) -> QuerySet[Clock]:
    """The clocks that run on streams of this kind."""
    return Clock.objects.filter(stream_kind=stream_kind, stopped_at__isnull=True)


def calendar_of(policy: Policy) -> Calendar:
    """The calendar that clocks of orders under this policy are reckoned by."""
    return Calendar.of(policy.calendar, policy.clocks.counts_from)

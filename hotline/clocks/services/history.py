"""The clocks of imported lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hotline.clocks import life, queries
from hotline.clocks.change import HistoryClock, outcome
from hotline.clocks.models import Clock
from hotline.ledger.record import Stream

BATCH = 2000  # rows in one statement


@transaction.atomic
def append_history(*, rows: Sequence[HistoryClock], at: datetime) -> int:
    """Write the clocks of imported lives, whose streams have none yet; returns how many.

    A limit that was near or passed in the past is noted as of `at` and causes no event: history causes nothing.
    """
    rounds: dict[tuple[Stream, str], int] = {}
    clocks = []
    for row in sorted(rows, key=lambda each: each.started_at):
        number = rounds[row.stream, row.kind] = rounds.get((row.stream, row.kind), 0) + 1
        clocks.append(_historic(row, number, at))
    Clock.objects.bulk_create(clocks, batch_size=BATCH)
    return len(clocks)


def _historic(row: HistoryClock, number: int, at: datetime) -> Clock:
    calendar, before = queries.calendar_of(row.policy), row.policy.clocks.warn_before
    now = life.replay(row.limit, row.until, row.started_at, row.changes, calendar, before)
    ended = ""
    if row.stopped_at is not None and row.verb is not None:
        ended = outcome(row.verb, now.due_at, now.paused_at or row.stopped_at)
    return Clock(
        authority_id=row.policy.authority_id,
        stream_kind=row.stream.kind,
        stream_id=row.stream.id,
        kind=row.kind,
        round=number,
        policy_version_id=row.policy.id,
        calendar_version=row.policy.calendar_version,
        limit_amount=row.limit.amount if row.limit else None,
        limit_unit=row.limit.unit if row.limit else "",
        unit=now.unit,
        started_at=row.started_at,
        first_due_at=now.first_due_at,
        due_at=now.due_at,
        warn_at=now.warn_at,
        paused_at=now.paused_at,
        changes=[each.written() for each in row.changes],
        extensions=now.extensions,
        provisional=now.provisional,
        stopped_at=row.stopped_at,
        outcome=outcome(row.verb or "", now.due_at, now.paused_at or row.stopped_at)
        if ended and row.stopped_at
        else "",
        near_noted_at=at if now.warn_at < at else None,
        passed_noted_at=at if now.due_at < at else None,
    )

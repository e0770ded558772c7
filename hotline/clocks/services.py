"""Starts, stops and cancels clocks, and notes once that a limit has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from hotline.clocks import queries
from hotline.clocks.change import Change, HistoryClock, outcome
from hotline.clocks.models import Clock
from hotline.clocks.queries import ClockView
from hotline.clocks.reckoning import due, warn
from hotline.ledger import chain
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Json, Stream
from hotline.packs import Limit
from hotline.policy.policy import Policy

__all__ = ["HistoryClock", "append_history", "apply", "note_passed"]

_COLUMNS = (
    "id, kind, started_at, due_at, warn_at, stopped_at, outcome, round, limit_amount AS amount, limit_unit AS unit"
)
_END = f"""
UPDATE clocks_clock AS clock SET stopped_at = %s,
       outcome = CASE WHEN NOT ends.stops THEN 'cancelled' WHEN clock.due_at >= %s THEN 'met' ELSE 'late' END
FROM unnest(%s::text[], %s::boolean[]) AS ends(kind_ended, stops)
WHERE clock.stream_kind = %s AND clock.stream_id = %s AND clock.kind = ends.kind_ended AND clock.stopped_at IS NULL
RETURNING {_COLUMNS}
"""  # noqa: S608 - nothing from outside is put into the text
_START = f"""
INSERT INTO clocks_clock (stream_kind, stream_id, kind, round, policy_version_id, calendar_version,
                          limit_amount, limit_unit, started_at, due_at, warn_at, outcome)
SELECT %s, %s, starts.kind_started,
       1 + coalesce((SELECT max(before.round) FROM clocks_clock AS before WHERE before.stream_kind = %s
                     AND before.stream_id = %s AND before.kind = starts.kind_started), 0),
       %s, %s, starts.amount, starts.unit, %s, starts.due, starts.warned, ''
FROM unnest(%s::text[], %s::integer[], %s::text[], %s::timestamptz[], %s::timestamptz[])
     AS starts(kind_started, amount, unit, due, warned)
RETURNING {_COLUMNS}
"""  # noqa: S608


@transaction.atomic(savepoint=False)
def apply(*, stream: Stream, changes: Sequence[Change], policy: Policy, at: datetime) -> list[ClockView]:
    """Change the clocks of a stream; returns those that changed. At most 2 statements.

    Stopping or cancelling what does not run does nothing. A start ends a run of the same clock that was still going:
    as stopped when the same changes stop it, as cancelled otherwise.
    """
    starts = {change.kind: change.limit for change in changes if change.verb == "start" and change.limit is not None}
    ends = dict.fromkeys(starts, False) | {
        change.kind: change.verb == "stop" for change in changes if change.verb != "start"
    }
    changed: list[ClockView] = []
    if ends:
        values = [at, at, list(ends), list(ends.values()), stream.kind, stream.id]
        changed += _run(_END, values)
    if starts:
        changed += _run(_START, _start_values(stream, starts, policy, at))
    return changed


def _start_values(stream: Stream, starts: dict[str, Limit], policy: Policy, at: datetime) -> list[Any]:
    calendar = queries.calendar_of(policy)
    dues = [due(limit, at, calendar) for limit in starts.values()]
    warns = [warn(policy.clocks.warn_before, at, due_at, calendar) for due_at in dues]
    return [
        *(stream.kind, stream.id, stream.kind, stream.id, policy.id, policy.calendar_version, at),
        list(starts),
        [limit.amount for limit in starts.values()],
        [limit.unit for limit in starts.values()],
        dues,
        warns,
    ]


def _run(statement: str, values: Sequence[Any]) -> list[ClockView]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [ClockView(*row) for row in cursor.fetchall()]


@transaction.atomic
def append_history(*, rows: Sequence[HistoryClock], at: datetime) -> int:
    """Write the clocks of imported lives, whose streams have none yet; returns how many.

    A limit that passed in the past is noted as of `at` and causes no event: history causes nothing.
    """
    rounds: dict[tuple[Stream, str], int] = {}
    clocks = []
    for row in sorted(rows, key=lambda each: each.started_at):
        number = rounds[row.stream, row.kind] = rounds.get((row.stream, row.kind), 0) + 1
        clocks.append(_historic(row, number, at))
    Clock.objects.bulk_create(clocks, batch_size=2000)
    return len(clocks)


def _historic(row: HistoryClock, number: int, at: datetime) -> Clock:
    calendar = queries.calendar_of(row.policy)
    due_at = due(row.limit, row.started_at, calendar)
    ended = row.stopped_at is not None and row.verb is not None
    return Clock(
        stream_kind=row.stream.kind,
        stream_id=row.stream.id,
        kind=row.kind,
        round=number,
        policy_version_id=row.policy.id,
        calendar_version=row.policy.calendar_version,
        limit_amount=row.limit.amount,
        limit_unit=row.limit.unit,
        started_at=row.started_at,
        due_at=due_at,
        warn_at=warn(row.policy.clocks.warn_before, row.started_at, due_at, calendar),
        stopped_at=row.stopped_at,
        outcome=outcome(row.verb or "", due_at, row.stopped_at) if ended and row.stopped_at else "",
        passed_noted_at=at if due_at < at else None,
    )


@transaction.atomic
def note_passed(*, at: datetime, limit: int = 500) -> int:
    """Append "clock.limit_passed" once for each clock whose limit has passed, `limit` at most; returns how many.

    One worker does it at a time; the others find nothing to do. Clocks of sealed history are left alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('clocks.note_passed'))")
        if not cursor.fetchone()[0]:
            return 0
    passed = Q(passed_noted_at__isnull=True, outcome__in=["", "late"], due_at__lt=at)
    rows = list(Clock.objects.filter(passed).order_by("due_at", "pk")[:limit])
    # The ledger locks the heads of the streams; clock rows are locked after them, as everywhere.
    ledger.append(drafts=[_passed(row, at) for row in rows], at=at)
    Clock.objects.filter(pk__in=[row.pk for row in rows]).update(passed_noted_at=at)
    return len(rows)


def _passed(row: Clock, at: datetime) -> Draft:
    facts: dict[str, Json] = {
        "clock_id": row.pk,
        "clock": row.kind,
        "round": row.round,
        "due_at": chain.moment(row.due_at),
        "policy_version_id": row.policy_version_id,
    }
    return Draft(Stream(row.stream_kind, row.stream_id), "clock.limit_passed", facts, SYSTEM, at)

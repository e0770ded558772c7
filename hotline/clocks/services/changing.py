"""Changing the clocks of a stream: starting, pausing, putting off, bringing forward, ending."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from hotline.clocks import life, queries
from hotline.clocks.change import BETWEEN, Change, Timed
from hotline.clocks.life import Reckoned
from hotline.clocks.models import Clock
from hotline.clocks.queries import ClockView
from hotline.clocks.services.basis import Basis, of_row
from hotline.ledger.record import Stream
from hotline.policy.policy import Policy

_COLUMNS = (
    "clock.id, clock.kind, clock.started_at, clock.due_at, clock.warn_at, clock.stopped_at, clock.outcome, clock.round,"
    " clock.limit_amount, clock.unit, clock.paused_at, clock.extensions, clock.provisional, clock.first_due_at"
)
_END = f"""
UPDATE clocks_clock AS clock SET stopped_at = %s,
       outcome = CASE WHEN NOT ends.stops THEN 'cancelled'
                      WHEN clock.due_at >= coalesce(clock.paused_at, %s) THEN 'met' ELSE 'late' END
FROM unnest(%s::text[], %s::boolean[]) AS ends(kind_ended, stops)
WHERE clock.stream_kind = %s AND clock.stream_id = %s AND clock.kind = ends.kind_ended AND clock.stopped_at IS NULL
RETURNING {_COLUMNS}
"""  # noqa: S608 - nothing from outside is put into the text
# A due moment that has been moved into the future can pass once more, and be near once more.
_CHANGE = f"""
UPDATE clocks_clock AS clock SET unit = new.unit, due_at = new.due_at, warn_at = new.warn_at,
       paused_at = new.paused_at, changes = new.changes::jsonb, extensions = new.extensions,
       provisional = new.provisional, stopped_at = new.stopped_at, outcome = new.outcome,
       near_noted_at = CASE WHEN new.warn_at > %s THEN NULL ELSE clock.near_noted_at END,
       passed_noted_at = CASE WHEN new.due_at > %s THEN NULL ELSE clock.passed_noted_at END
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            %s::integer[], %s::boolean[], %s::timestamptz[], %s::text[])
     AS new(id, unit, due_at, warn_at, paused_at, changes, extensions, provisional, stopped_at, outcome)
WHERE clock.id = new.id
RETURNING {_COLUMNS}
"""  # noqa: S608
_START = f"""
INSERT INTO clocks_clock AS clock (
    authority_id, stream_kind, stream_id, kind, round, policy_version_id, calendar_version, started_at,
    limit_amount, limit_unit, unit, first_due_at, due_at, warn_at, paused_at, changes, extensions, provisional, outcome)
SELECT %s, %s, %s, new.kind,
       1 + coalesce((SELECT max(before.round) FROM clocks_clock AS before WHERE before.stream_kind = %s
                     AND before.stream_id = %s AND before.kind = new.kind), 0),
       %s, %s, %s, new.amount, new.limit_unit, new.unit, new.first_due_at, new.due_at, new.warn_at, new.paused_at,
       new.changes::jsonb, new.extensions, new.provisional, ''
FROM unnest(%s::text[], %s::integer[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::text[], %s::integer[], %s::boolean[])
     AS new(kind, amount, limit_unit, unit, first_due_at, due_at, warn_at, paused_at, changes, extensions, provisional)
RETURNING {_COLUMNS}
"""  # noqa: S608


@dataclass
class _Plan:
    """What happens to the clock of one kind: to the run that goes on, how that run ends, and a new run."""

    between: list[Change] = field(default_factory=list)
    end: str = ""
    start: Change | None = None
    then: list[Change] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def apply(*, stream: Stream, changes: Sequence[Change], policy: Policy, at: datetime) -> list[ClockView]:
    """Change the clocks of a stream, in the order given; returns those that changed. At most 3 statements.

    Changing or ending what does not run does nothing, nor does a start without a limit or moment. A start ends a run
    of the same clock that was still going: as stopped when the same changes stop it, as cancelled otherwise; what
    comes after it happens to the new run. A run goes on under the policy and calendar that it has, `policy` is for new
    ones (a statement more where the two differ and it is not known yet).
    """
    plans = _plans(changes)
    changed: list[ClockView] = []
    if any(plan.between for plan in plans.values()):
        changed += _change(stream, plans, policy, at)
    else:
        ends = {kind: plan.end == "stop" for kind, plan in plans.items() if plan.end}
        if ends:
            changed += _run(_END, [at, at, list(ends), list(ends.values()), stream.kind, stream.id])
    starts = {kind: plan for kind, plan in plans.items() if plan.start}
    if starts:
        changed += _start(stream, starts, policy, at)
    return changed


def _plans(changes: Iterable[Change]) -> dict[str, _Plan]:
    plans: dict[str, _Plan] = {}
    for change in changes:
        plan = plans.setdefault(change.kind, _Plan())
        if change.verb == "start":
            if change.limit is not None or change.until is not None:
                plan.start, plan.end = change, plan.end or "cancel"
        elif change.verb in BETWEEN:
            (plan.then if plan.start else plan.between).append(change)
        elif plan.end != "stop":
            plan.end = change.verb
    return plans


def _change(stream: Stream, plans: dict[str, _Plan], policy: Policy, at: datetime) -> list[ClockView]:
    """Pause, resume, extend or shorten the runs that go on, and end what ends."""
    rows = Clock.objects.select_for_update().filter(
        stream_kind=stream.kind, stream_id=stream.id, kind__in=list(plans), stopped_at__isnull=True
    )
    values: list[list[Any]] = []
    for row in rows.order_by("pk"):
        plan, basis = plans[row.kind], of_row(row, policy)
        kept = _kept(row.paused_at is not None, plan.between)
        if kept or plan.end:
            past = [*(Timed.read(row.kind, each) for each in row.changes), *(Timed(change, at) for change in kept)]
            values.append([row.pk, *_changed_values(row, past, basis, plan.end, at)])
    return _run(_CHANGE, [at, at, *map(list, zip(*values, strict=True))]) if values else []


def _changed_values(row: Clock, past: list[Timed], basis: Basis, end: str, at: datetime) -> list[Any]:
    standing = life.begin(*basis.start, basis.calendar)
    for change in past:
        standing = life.after(standing, change, basis.calendar)
    now = life.reckoned(standing, row.started_at, basis.calendar, basis.warn_before)
    return [
        *(now.unit, now.due_at, now.warn_at, now.paused_at, _written(past), now.extensions, now.provisional),
        *((at, standing.ended(end, at)) if end else (None, "")),
    ]


def _kept(paused: bool, changes: Iterable[Change]) -> list[Change]:
    """The changes that do something: pausing what is paused, or extending by nothing, is not worth a line."""
    kept = []
    for change in changes:
        if change.verb in ("pause", "resume"):
            if paused == (change.verb == "pause"):
                continue
            paused = not paused
        elif change.limit is None:
            continue
        kept.append(change)
    return kept


def _start(stream: Stream, plans: dict[str, _Plan], policy: Policy, at: datetime) -> list[ClockView]:
    calendar, before = queries.calendar_of(policy), policy.clocks.warn_before
    values: list[list[Any]] = []
    for kind, plan in plans.items():
        assert plan.start is not None  # noqa: S101 - the caller looked
        limit, then = plan.start.limit, [Timed(change, at) for change in _kept(False, plan.then)]
        now = life.replay(limit, plan.start.until, at, then, calendar, before)
        amount, unit = (limit.amount, limit.unit) if limit else (None, "")
        values.append([kind, amount, unit, *_row(now, then)])
    head = [policy.authority_id, stream.kind, stream.id, stream.kind, stream.id, policy.id, policy.calendar_version, at]
    return _run(_START, [*head, *map(list, zip(*values, strict=True))])


def _row(now: Reckoned, then: list[Timed]) -> list[Any]:
    return [
        *(now.unit, now.first_due_at, now.due_at, now.warn_at, now.paused_at),
        *(_written(then), now.extensions, now.provisional),
    ]


def _written(changes: Iterable[Timed]) -> str:
    return json.dumps([each.written() for each in changes])


def _run(statement: str, values: Sequence[Any]) -> list[ClockView]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [ClockView(*row) for row in cursor.fetchall()]

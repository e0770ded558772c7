"""Reckoning open clocks anew when their authority's calendar was corrected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from hotline.clocks import life, queries
from hotline.clocks.calendar import Calendar
from hotline.clocks.change import Timed
from hotline.clocks.life import Reckoned
from hotline.clocks.services.basis import table_of
from hotline.ledger import chain
from hotline.ledger import services as ledger
from hotline.ledger.record import LIST_LIMIT, SYSTEM, Draft, Json, Stream
from hotline.packs import Limit
from hotline.policy import queries as policies

BATCH = 20_000  # clocks of one transaction: some seconds at most for people who act on one of them
TRIES = 3

# A clock may start under the calendar before, in a process that has not heard of the new one: it is found by a sweep.
SWEEP = timedelta(minutes=10)

_BEHIND = """
SELECT newest.authority_id, newest.version
FROM (SELECT authority_id, max(version) AS version FROM policy_calendarversion GROUP BY authority_id) AS newest
LEFT JOIN clocks_reach AS reach ON reach.authority_id = newest.authority_id
WHERE reach.calendar_version IS DISTINCT FROM newest.version OR coalesce(reach.swept_at <= %s, true)
ORDER BY newest.authority_id
"""
_REACH = """
SELECT coalesce(max(clock_id), 0) FROM clocks_reach
WHERE authority_id = %s AND calendar_version = %s AND swept_at IS NULL
"""
_REACHED = """
INSERT INTO clocks_reach (authority_id, calendar_version, clock_id, swept_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (authority_id) DO UPDATE SET calendar_version = excluded.calendar_version, clock_id = excluded.clock_id,
                                         swept_at = excluded.swept_at
"""
# Moments travel as microseconds, arrays as one word each: a million of them are read and written here.
_MICROS = "round(date_part('epoch', %s) * 1000000)::bigint"  # exact for some centuries
_MOMENT = "'epoch'::timestamptz + new.%s * interval '1 microsecond'"
# `xmin` names the version of the row that was read.
_READ = f"""
SELECT clock.id, clock.xmin::text::bigint, clock.policy_version_id, clock.limit_amount, clock.limit_unit,
       {_MICROS % "clock.started_at"}, {_MICROS % "clock.first_due_at"}, {_MICROS % "clock.due_at"},
       {_MICROS % "clock.warn_at"}, clock.provisional,
       CASE WHEN clock.changes <> '[]'::jsonb THEN clock.changes::text END
FROM clocks_clock AS clock
WHERE clock.authority_id = %s AND clock.id > %s AND clock.calendar_version < %s
  AND (clock.stopped_at IS NULL OR (clock.outcome = 'late' AND clock.passed_noted_at IS NULL))
ORDER BY clock.id LIMIT %s
"""  # noqa: S608 - nothing from outside is put into the text
_WRITE = f"""
UPDATE clocks_clock AS clock SET calendar_version = %s, unit = new.unit, first_due_at = {_MOMENT % "first_due_at"},
       due_at = {_MOMENT % "due_at"}, warn_at = {_MOMENT % "warn_at"}, provisional = new.provisional,
       outcome = CASE WHEN clock.outcome = 'late'
                       AND coalesce(clock.paused_at, clock.stopped_at) <= {_MOMENT % "due_at"}
                      THEN 'met' ELSE clock.outcome END,
       near_noted_at = CASE WHEN {_MOMENT % "warn_at"} > %s THEN NULL ELSE clock.near_noted_at END,
       passed_noted_at = CASE WHEN {_MOMENT % "due_at"} > %s THEN NULL ELSE clock.passed_noted_at END
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[])
     AS new(id, seen, unit, first_due_at, due_at, warn_at, provisional)
WHERE clock.id = new.id AND clock.xmin::text::bigint = new.seen
"""  # noqa: S608
_SAME = """
UPDATE clocks_clock AS clock SET calendar_version = %s
FROM unnest(%s::bigint[], %s::bigint[]) AS mine(id, seen)
WHERE clock.id = mine.id AND clock.xmin::text::bigint = mine.seen
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class _Row(NamedTuple):
    """A clock as it was read; its moments are microseconds since 1970."""

    id: int
    seen: int
    policy_version_id: int
    limit_amount: int | None
    limit_unit: str
    started_at: int
    first_due_at: int
    due_at: int
    warn_at: int
    provisional: bool
    changes: str | None


class _Now(NamedTuple):
    """What is said of it now, likewise."""

    unit: str
    first_due_at: int
    due_at: int
    warn_at: int
    provisional: bool


class _ChangedMeanwhile(Exception):
    """Somebody acted on a clock of the batch between reading and writing; it is read again."""


def recompute(*, at: datetime, limit: int = BATCH) -> int:
    """Reckon open clocks anew whose authority has a newer calendar, `limit` at most; returns how many.

    Each batch is a transaction: what was not reached is reached the next time. "clock.recomputed" on the authority's
    policy stream keeps which clocks got which due moment instead of which, by which calendar; a clock that stays as it
    is only takes the calendar's version. One worker does it at a time; the others find nothing to do.
    """
    done = 0
    for authority_id, version in _behind(at):
        while done < limit:
            size = min(BATCH, limit - done)
            reached = _tried(authority_id, version, size, at)
            done += reached
            if reached < size:
                break
    return done


def _behind(at: datetime) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, [at - SWEEP])
        return list(cursor.fetchall())


def _tried(authority_id: int, version: int, size: int, at: datetime) -> int:
    for _ in range(TRIES):
        try:
            return _batch(authority_id, version, size, at)
        except _ChangedMeanwhile:
            continue
    return 0


@transaction.atomic
def _batch(authority_id: int, version: int, size: int, at: datetime) -> int:
    """One batch in 8 statements: lock, place, clocks, calendar, events, changed clocks, unchanged ones, new place.

    The rows are not locked while they are reckoned: the ledger's head comes before clock rows, as everywhere, and
    nobody waits longer than the writing takes. Whoever was quicker is found out by the row's version.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('clocks.recompute'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_REACH, [authority_id, version])
        (last,) = cursor.fetchone()
        cursor.execute(_READ, [authority_id, last, version, size])
        rows = [_Row(*row) for row in cursor.fetchall()]
    moved: list[tuple[_Row, _Now]] = []
    same: list[_Row] = []
    for row, now in _reckoned(rows, authority_id, version):
        if now[1:] == (row.first_due_at, row.due_at, row.warn_at, row.provisional):
            same.append(row)
        else:
            moved.append((row, now))
    ledger.append(drafts=_drafts(authority_id, version, moved, at), at=at)
    columns = zip(*((row.id, row.seen, *now) for row, now in moved), strict=True)
    written = _write(_WRITE, [version, at, at, *map(_array, columns)], len(moved))
    seen = [_array(row.id for row in same), _array(row.seen for row in same)]
    written += _write(_SAME, [version, *seen], len(same))
    with connection.cursor() as cursor:
        whole = len(rows) < size
        cursor.execute(_REACHED, [authority_id, version, rows[-1].id if rows else last, at if whole else None])
    return written


def _reckoned(rows: Sequence[_Row], authority_id: int, version: int) -> Iterator[tuple[_Row, _Now]]:
    """Each clock with what the calendar of this version makes of it."""
    if not rows:
        return
    table = table_of(authority_id, version)
    known: dict[int, tuple[Calendar, Limit]] = {}
    for row in rows:
        if row.policy_version_id not in known:
            rules = policies.version(row.policy_version_id).clocks
            known[row.policy_version_id] = (queries.calendar_for(table, rules), rules.warn_before)
        now = _lived(row, *known[row.policy_version_id])
        yield row, _Now(now.unit, _micros(now.first_due_at), _micros(now.due_at), _micros(now.warn_at), now.provisional)


def _lived(row: _Row, calendar: Calendar, warn_before: Limit) -> Reckoned:
    start = _datetime(row.started_at)
    limit = Limit(row.limit_amount, row.limit_unit) if row.limit_amount is not None else None
    if limit is not None and row.changes is None:
        return life.untouched(limit, start, calendar, warn_before)
    changes = [Timed.read("", each) for each in json.loads(row.changes or "[]")]
    until = None if limit else _datetime(row.first_due_at)
    return life.replay(limit, until, start, changes, calendar, warn_before)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _datetime(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _array(values: Iterable[object]) -> str:
    """An array of the database's, of numbers, truths and codes without a comma."""
    return f"{{{','.join(map(str, values))}}}"


def _drafts(authority_id: int, version: int, moved: Sequence[tuple[_Row, _Now]], at: datetime) -> list[Draft]:
    """The clocks whose due moment is another one now, as many in an event as it may list."""
    other = [(row.id, row.due_at, now.due_at) for row, now in moved if row.due_at != now.due_at]
    moments = {micros for _, old, new in other for micros in (old, new)}
    words = {micros: chain.moment(_datetime(micros)) for micros in moments}
    drafts = []
    for begin in range(0, len(other), LIST_LIMIT):
        part = other[begin : begin + LIST_LIMIT]
        facts: dict[str, Json] = {
            "calendar_version": version,
            "clock_ids": [clock_id for clock_id, _, _ in part],
            "olds": [words[old] for _, old, _ in part],
            "news": [words[new] for _, _, new in part],
        }
        drafts.append(Draft(Stream("policy", authority_id), "clock.recomputed", facts, SYSTEM, at))
    return drafts


def _write(statement: str, values: Sequence[Any], expected: int) -> int:
    if expected:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            if cursor.rowcount != expected:
                raise _ChangedMeanwhile
    return expected

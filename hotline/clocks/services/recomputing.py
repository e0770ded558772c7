"""Reckoning open clocks anew when their authority's calendar was corrected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from hotline.clocks import life, queries
from hotline.clocks.change import Timed
from hotline.clocks.life import Reckoned
from hotline.clocks.services.basis import table_of
from hotline.ledger import chain
from hotline.ledger import services as ledger
from hotline.ledger.record import LIST_LIMIT, SYSTEM, Draft, Json, Stream
from hotline.packs import Limit
from hotline.policy import queries as policies
from hotline.policy.policy import Policy

BATCH = 20_000  # clocks of one transaction: some seconds at most for people who act on one of them
TRIES = 3

_BEHIND = """
SELECT newest.authority_id, newest.version
FROM (SELECT authority_id, max(version) AS version FROM policy_calendarversion GROUP BY authority_id) AS newest
WHERE EXISTS (SELECT FROM clocks_clock AS clock
              WHERE clock.authority_id = newest.authority_id AND clock.calendar_version < newest.version
                AND (clock.stopped_at IS NULL OR (clock.outcome = 'late' AND clock.passed_noted_at IS NULL)))
ORDER BY newest.authority_id
"""
# The lock lasts as long as the transaction. `xmin` names the version of the row that was read.
_READ = """
SELECT clock.id, clock.xmin::text, clock.policy_version_id, clock.limit_amount, clock.limit_unit, clock.unit,
       clock.started_at, clock.first_due_at, clock.due_at, clock.warn_at, clock.provisional,
       coalesce(clock.paused_at, clock.stopped_at), clock.outcome,
       CASE WHEN clock.changes <> '[]'::jsonb THEN clock.changes::text END
FROM clocks_clock AS clock
WHERE clock.authority_id = %s AND clock.calendar_version < %s
  AND (clock.stopped_at IS NULL OR (clock.outcome = 'late' AND clock.passed_noted_at IS NULL))
ORDER BY clock.calendar_version, clock.id LIMIT %s
"""
# Many clocks have the same new moments: these are sent once, and each clock says which are its own.
_WRITE = """
UPDATE clocks_clock AS clock SET calendar_version = %s, unit = new.unit, first_due_at = new.first_due_at,
       due_at = new.due_at, warn_at = new.warn_at, provisional = new.provisional,
       outcome = CASE WHEN clock.outcome = 'late' AND coalesce(clock.paused_at, clock.stopped_at) <= new.due_at
                      THEN 'met' ELSE clock.outcome END,
       near_noted_at = CASE WHEN new.warn_at > %s THEN NULL ELSE clock.near_noted_at END,
       passed_noted_at = CASE WHEN new.due_at > %s THEN NULL ELSE clock.passed_noted_at END
FROM unnest(%s::bigint[], %s::text[], %s::integer[]) AS mine(id, seen, place),
     unnest(%s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::boolean[])
     WITH ORDINALITY AS new(unit, first_due_at, due_at, warn_at, provisional, place)
WHERE clock.id = mine.id AND clock.xmin::text = mine.seen AND new.place = mine.place
"""
_SAME = """
UPDATE clocks_clock AS clock SET calendar_version = %s
FROM unnest(%s::bigint[], %s::text[]) AS mine(id, seen) WHERE clock.id = mine.id AND clock.xmin::text = mine.seen
"""


class _Row(NamedTuple):
    """A clock as it was read; `judged_at` is when it paused or ended."""

    id: int
    seen: str
    policy_version_id: int
    limit_amount: int | None
    limit_unit: str
    unit: str
    started_at: datetime
    first_due_at: datetime
    due_at: datetime
    warn_at: datetime
    provisional: bool
    judged_at: datetime | None
    outcome: str
    changes: str | None


class _ChangedMeanwhile(Exception):
    """Somebody acted on a clock of the batch between reading and writing; it is read again."""


def recompute(*, at: datetime, limit: int = BATCH) -> int:
    """Reckon open clocks anew whose authority has a newer calendar, `limit` at most; returns how many.

    Each batch is a transaction: what was not reached is reached the next time. "clock.recomputed" on the authority's
    policy stream keeps which clocks got which due moment instead of which, by which calendar; a clock that stays as it
    is only takes the calendar's version. One worker does it at a time; the others find nothing to do.
    """
    done = 0
    for authority_id, version in _behind():
        while done < limit:
            size = min(BATCH, limit - done)
            reached = _tried(authority_id, version, size, at)
            done += reached
            if reached < size:
                break
    return done


def _behind() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND)
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
    """One batch in 5 statements: lock, read, events, changed clocks, unchanged ones.

    The rows are not locked while they are reckoned: the ledger's head comes before clock rows, as everywhere, and
    nobody waits longer than the writing takes. Whoever was quicker is found out by the row's version.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('clocks.recompute'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_READ, [authority_id, version, size])
        rows = [_Row(*row) for row in cursor.fetchall()]
    moved: list[tuple[_Row, Reckoned]] = []
    same: list[_Row] = []
    for row, now in _reckoned(rows, authority_id, version):
        if (now.due_at, now.warn_at, now.first_due_at) == (row.due_at, row.warn_at, row.first_due_at) and (
            now.provisional == row.provisional
        ):
            same.append(row)
        else:
            moved.append((row, now))
    ledger.append(drafts=_drafts(authority_id, version, moved, at), at=at)
    written = _write(_WRITE, [version, at, at, *_columns(moved)], len(moved))
    _write(_SAME, [version, [row.id for row in same], [row.seen for row in same]], len(same))
    return written + len(same)


def _reckoned(rows: Sequence[_Row], authority_id: int, version: int) -> Iterator[tuple[_Row, Reckoned]]:
    """Each clock with what the calendar of this version makes of it."""
    table = table_of(authority_id, version)
    known: dict[int, Policy] = {}
    for row in rows:
        policy = known.get(row.policy_version_id)
        if policy is None:
            policy = known[row.policy_version_id] = policies.version(row.policy_version_id)
        calendar = queries.calendar_for(table, policy.clocks)
        limit = Limit(row.limit_amount, row.limit_unit) if row.limit_amount is not None else None
        changes = [Timed.read("", each) for each in json.loads(row.changes)] if row.changes else ()
        until = None if limit else row.first_due_at
        yield row, life.replay(limit, until, row.started_at, changes, calendar, policy.clocks.warn_before)


def _columns(moved: Sequence[tuple[_Row, Reckoned]]) -> list[list[Any]]:
    """The arrays of `_WRITE`: which clock has which moments, then the moments."""
    places: dict[tuple[Any, ...], int] = {}
    mine: list[int] = []
    for _, now in moved:
        moments = (now.unit, now.first_due_at, now.due_at, now.warn_at, now.provisional)
        mine.append(places.setdefault(moments, len(places) + 1))
    columns = [list(column) for column in zip(*places, strict=True)] or [[], [], [], [], []]
    return [[row.id for row, _ in moved], [row.seen for row, _ in moved], mine, *columns]


def _drafts(authority_id: int, version: int, moved: Sequence[tuple[_Row, Reckoned]], at: datetime) -> list[Draft]:
    """The clocks whose due moment is another one now, as many in an event as it may list."""
    other = [(row.id, row.due_at, now.due_at) for row, now in moved if row.due_at != now.due_at]
    words: dict[datetime, str] = {}
    drafts = []
    for begin in range(0, len(other), LIST_LIMIT):
        part = other[begin : begin + LIST_LIMIT]
        facts: dict[str, Json] = {
            "calendar_version": version,
            "clock_ids": [clock_id for clock_id, _, _ in part],
            "olds": [_moment(old, words) for _, old, _ in part],
            "news": [_moment(new, words) for _, _, new in part],
        }
        drafts.append(Draft(Stream("policy", authority_id), "clock.recomputed", facts, SYSTEM, at))
    return drafts


def _moment(at: datetime, words: dict[datetime, str]) -> str:
    found = words.get(at)
    if found is None:
        found = words[at] = chain.moment(at)
    return found


def _write(statement: str, values: Sequence[Any], expected: int) -> int:
    if expected:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            if cursor.rowcount != expected:
                raise _ChangedMeanwhile
    return expected

"""Proving the ledger: every link of every stream recomputed, then every anchor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from hotline.ledger.chain import Break, Row, Walk
from hotline.ledger.record import Actor, Stream
from hotline.ledger.services.anchors import Checked, check_anchors, check_cut, streamed

__all__ = ["Verification", "verify"]

_TELL_EVERY = 5000  # events between two calls of `progress`

_ONE = "WHERE (%s::text IS NULL OR (e.stream_kind = %s::text AND e.stream_id = %s::bigint))"
_ROWS = f"""
SELECT e.id, e.stream_kind, e.stream_id, e.seq, e.kind, e.at, e.recorded_at,
       e.actor_kind, e.actor_id, e.actor_role, e.actor_unit_id, e.facts::text, e.body, e.hash, h.seq, h.hash
FROM ledger_event e LEFT JOIN ledger_head h ON h.stream_kind = e.stream_kind AND h.stream_id = e.stream_id
{_ONE}
ORDER BY e.stream_kind, e.stream_id, e.seq
"""  # noqa: S608 - our own text
_BARE_HEAD = f"""
SELECT e.stream_kind, e.stream_id, e.seq FROM ledger_head e
{_ONE} AND NOT EXISTS (
    SELECT 1 FROM ledger_event v WHERE v.stream_kind = e.stream_kind AND v.stream_id = e.stream_id
)
ORDER BY e.stream_kind, e.stream_id LIMIT 1
"""  # noqa: S608


@dataclass(frozen=True)
class Verification:
    """What was walked, and the first link that does not hold.

    `copies` counts the anchors that the copy outside the database confirms; `anchors` all that hold.
    """

    ok: bool
    streams: int
    events: int
    anchors: int
    first_break: Break | None
    copies: int = 0


@transaction.atomic
def verify(*, stream: Stream | None = None, progress: Callable[[int], None] | None = None) -> Verification:
    """Recompute the chains of all streams (or of one) and all anchors; stops at the first break and names it.

    Streams the rows: memory stays flat. `progress` is called with the number of events walked so far. It finds what was
    changed, added, left out, cut off or removed by whoever did not also forge all later links and the copy of the
    anchors outside the database.
    """
    only = (stream.kind, stream.id) if stream else None
    walk = Walk()
    found = _walk_streams(walk, only, progress) or _bare_head(only) or check_cut(only)
    checked = Checked(0, 0, None) if found or only else check_anchors()
    found = found or checked.first_break
    return Verification(found is None, walk.streams, walk.events, checked.anchors, found, checked.copies)


def _walk_streams(walk: Walk, only: tuple[str, int] | None, progress: Callable[[int], None] | None) -> Break | None:
    for values in streamed(_ROWS, _parameters(only)):
        head = None if values[14] is None else (int(values[14]), bytes(values[15]))
        found = walk.row(_row(values), head)
        if found:
            return found
        if progress and walk.events % _TELL_EVERY == 0:
            progress(walk.events)
    if progress:
        progress(walk.events)
    return walk.end()


def _bare_head(only: tuple[str, int] | None) -> Break | None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE_HEAD, _parameters(only))
        row = cursor.fetchone()
    if row is None:
        return None
    kind, number, seq = row
    return Break(f"{kind}:{number}", 1, None, "missing", f"the head counts {seq} events, all are gone")


def _parameters(only: tuple[str, int] | None) -> list[Any]:
    kind, number = only or (None, None)
    return [kind, kind, number]


def _row(values: tuple[Any, ...]) -> Row:
    return Row(
        id=values[0],
        stream=Stream(values[1], values[2]),
        seq=values[3],
        kind=values[4],
        at=values[5],
        recorded_at=values[6],
        actor=Actor(values[7], values[8], values[9], values[10]),
        facts=values[11],
        body=values[12],
        hash=bytes(values[13]),
    )

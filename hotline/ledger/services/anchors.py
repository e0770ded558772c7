"""Anchors: a daily seal over the heads of all streams, chained, with a copy outside the database.

Chains show that nothing inside a stream was changed; only an anchor shows that its end, or all of it, was cut off.
An anchor keeps the heads that moved since the one before, so a day costs what happened in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from hotline.ledger import chain, copies, models
from hotline.ledger.chain import Break

__all__ = ["Anchor", "anchor"]

_LOCK = 0x12345_0001  # one anchor at a time
_CHUNK = 5000

# One statement is one snapshot: heads that move meanwhile belong to the next anchor, whole.
_SEAL = """
WITH heads AS MATERIALIZED (SELECT stream_kind, stream_id, seq, hash FROM ledger_head WHERE seq > 0),
moved AS (
    INSERT INTO ledger_anchor_head (stream_kind, stream_id, seq, hash, anchor_id)
    SELECT h.stream_kind, h.stream_id, h.seq, h.hash, %s::bigint
    FROM heads h LEFT JOIN LATERAL (
        SELECT a.seq FROM ledger_anchor_head a
        WHERE a.stream_kind = h.stream_kind AND a.stream_id = h.stream_id ORDER BY a.seq DESC LIMIT 1
    ) last ON true
    WHERE last.seq IS NULL OR h.seq > last.seq
)
SELECT count(*), coalesce(sum(seq), 0)::bigint FROM heads
"""
_HEADS = """
SELECT stream_kind || ':' || stream_id || ' ' || seq || ' ' || encode(hash, 'hex')
FROM ledger_anchor_head WHERE anchor_id = %s::bigint ORDER BY stream_kind, stream_id, seq
"""
_CUT = """
SELECT a.anchor_id, a.stream_kind, a.stream_id, a.seq, e.id
FROM ledger_anchor_head a
LEFT JOIN ledger_event e ON e.stream_kind = a.stream_kind AND e.stream_id = a.stream_id AND e.seq = a.seq
WHERE (e.id IS NULL OR e.hash <> a.hash)
  AND (%s::text IS NULL OR (a.stream_kind = %s::text AND a.stream_id = %s::bigint))
ORDER BY a.stream_kind, a.stream_id, a.seq LIMIT 1
"""


@dataclass(frozen=True)
class Anchor:
    """A seal: how many streams and events stood when it was made; `hash` is 64 hex digits."""

    id: int
    at: datetime
    streams: int
    events: int
    hash: str


@transaction.atomic
def anchor(*, at: datetime) -> Anchor:
    """Seal all heads as they stand, chained to the anchor before; the copy outside is written after commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [_LOCK])
        last = models.Anchor.objects.order_by("-id").values_list("id", "hash").first()
        anchor_id, previous = (last[0] + 1, bytes(last[1])) if last else (1, chain.GENESIS)
        cursor.execute(_SEAL, [anchor_id])
        streams, events = cursor.fetchone()
    body = chain.canonical(
        {"anchor": anchor_id, "at": chain.moment(at), "streams": streams, "events": events, "heads": _digest(anchor_id)}
    )
    sealed = chain.link(previous, body)
    models.Anchor.objects.create(id=anchor_id, at=at, streams=streams, events=events, body=body, hash=sealed)
    transaction.on_commit(write_copies)
    return Anchor(anchor_id, at, streams, events, sealed.hex())


def write_copies() -> int:
    """Add the anchors that the copy outside lacks (a crash may have come between); returns how many."""
    known = copies.read(folder())
    rows = models.Anchor.objects.filter(id__gt=known[-1].id if known else 0).order_by("id")
    missing = list(rows.values_list("id", "body", "hash"))
    for anchor_id, body, digest in missing:
        with transaction.atomic():
            copies.write(folder(), copies.Copy(anchor_id, body, bytes(digest).hex()), _head_lines(anchor_id))
    return len(missing)


def folder() -> Path:
    """Where the copies are kept."""
    return Path(settings.HOTLINE_DATA_DIR) / "anchors"


@dataclass(frozen=True)
class Checked:
    """How many anchors hold, how many of them the copy outside confirms, and the first that does not."""

    anchors: int
    copies: int
    first_break: Break | None


def check_anchors() -> Checked:
    """Recompute the chain of anchors, and hold it against the copy outside the database."""
    try:
        outside = {copy.id: copy for copy in copies.read(folder())}
    except ValueError as fault:
        return Checked(0, 0, Break(None, None, None, "copy", str(fault)))
    previous, count, confirmed = chain.GENESIS, 0, 0
    for row in models.Anchor.objects.order_by("id").iterator(_CHUNK):
        found = _check_anchor(row, count + 1, previous) or _check_copy(row, outside.get(row.id))
        if found:
            return Checked(count, confirmed, found)
        count += 1
        confirmed += row.id in outside
        previous = bytes(row.hash)
    if outside and max(outside) > count:
        lost = f"anchor {count + 1}: the copy outside the database has it, the database does not"
        return Checked(count, confirmed, Break(None, None, None, "anchor", lost))
    return Checked(count, confirmed, None)


def check_cut(stream: tuple[str, int] | None) -> Break | None:
    """Whether every head that was ever anchored still stands where it stood."""
    kind, number = stream or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(_CUT, [kind, kind, number])
        row = cursor.fetchone()
    if row is None:
        return None
    anchor_id, kind, number, seq, event_id = row
    what = "rewritten" if event_id else "missing"
    detail = f"anchor {anchor_id} saw event {seq}; it is {'another one now' if event_id else 'gone'}"
    return Break(f"{kind}:{number}", seq, event_id, what, detail)


def _check_anchor(row: models.Anchor, expected: int, previous: bytes) -> Break | None:
    name = f"anchor {row.id}"
    if row.id != expected:
        return Break(None, None, None, "anchor", f"anchor {expected} is missing")
    if chain.link(previous, row.body) != bytes(row.hash):
        return Break(None, None, None, "anchor", f"{name}: its hash is not that of the anchor before and its body")
    document = json.loads(row.body)
    columns = {"anchor": row.id, "at": chain.moment(row.at), "streams": row.streams, "events": row.events}
    for what, value in columns.items():
        if document.get(what) != value:
            return Break(None, None, None, "anchor", f"{name}: the column {what} is not what the body says")
    if document.get("heads") != _digest(row.id):
        return _name_stream(row.id, f"{name}: the heads that it sealed were changed")
    return None


def _check_copy(row: models.Anchor, copy: copies.Copy | None) -> Break | None:
    if copy is None or (copy.body, copy.hash) == (row.body, bytes(row.hash).hex()):
        return None
    return _name_stream(row.id, f"anchor {row.id}: it is not what the copy outside the database says")


def _name_stream(anchor_id: int, detail: str) -> Break:
    """The first sealed head that differs from the copy outside, where that tells."""
    with transaction.atomic():
        for inside, outside in zip_longest(_head_lines(anchor_id), copies.heads(folder(), anchor_id)):
            if inside != outside:
                # Both are sorted alike: the one that is missing on the other side comes first.
                stream, seq, _ = min((line for line in (inside, outside) if line), key=_place).split(" ")
                return Break(stream, int(seq), None, "anchor", detail)
    return Break(None, None, None, "anchor", detail)


def _place(line: str) -> tuple[str, int, int]:
    stream, seq, _ = line.split(" ")
    kind, _, number = stream.partition(":")
    return kind, int(number), int(seq)


def _digest(anchor_id: int) -> str:
    digest = hashlib.sha256()
    for line in _head_lines(anchor_id):
        digest.update(f"{line}\n".encode("ascii"))
    return digest.hexdigest()


def _head_lines(anchor_id: int) -> Iterator[str]:
    for (line,) in streamed(_HEADS, [anchor_id]):
        yield line


def streamed(statement: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement through a cursor on the server: any number, a few thousand in memory.

    Call it inside a transaction: without one the server would first store the whole result.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows

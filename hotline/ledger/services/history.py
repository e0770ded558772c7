"""Bulk history: whole streams of past events, chained here and copied into the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

import psycopg
from django.db import connection, transaction

from hotline.ledger import chain
from hotline.ledger.record import Draft, Stream, check

__all__ = ["StreamExists", "append_history"]

BATCH = 5000  # events in memory at once
_COPY_EVENTS = """
COPY ledger_event (stream_kind, stream_id, seq, kind, at, recorded_at,
                   actor_kind, actor_id, actor_role, actor_unit_id, facts, body, hash) FROM STDIN
"""
_COPY_HEADS = "COPY ledger_head (stream_kind, stream_id, seq, hash) FROM STDIN"

_Heads = dict[Stream, tuple[int, bytes]]


class StreamExists(ValueError):
    """History was given for a stream that has events already; it can only begin one."""


@transaction.atomic(savepoint=False)
def append_history(*, drafts: Iterable[Draft], at: datetime) -> int:
    """Write past events of streams that do not exist yet; returns how many. They cause nothing.

    Events of a stream are chained in the order given; streams may be mixed. `at` is when they are recorded. Keeps one
    small entry per stream in memory. Raises StreamExists, or BadDraft as `append` does; then nothing is written.
    """
    heads: _Heads = {}
    count = 0
    remaining = iter(drafts)
    try:
        with connection.cursor() as cursor:
            while batch := list(islice(remaining, BATCH)):
                with cursor.copy(_COPY_EVENTS) as copy:
                    for row in _rows(batch, heads, at):
                        copy.write_row(row)
                count += len(batch)
            with cursor.copy(_COPY_HEADS) as copy:
                for stream, (seq, digest) in sorted(heads.items()):
                    copy.write_row((stream.kind, stream.id, seq, digest))
    except psycopg.errors.UniqueViolation as fault:
        raise StreamExists(fault.diag.message_detail or "a stream has events already") from fault
    return count


def _rows(batch: list[Draft], heads: _Heads, at: datetime) -> Iterator[tuple[object, ...]]:
    for draft in batch:
        check(draft)
        stream, actor = draft.stream, draft.actor
        seq, previous = heads.get(stream, (0, chain.GENESIS))
        body = chain.body(stream, seq + 1, chain.tail(draft, at))
        digest = chain.link(previous, body)
        heads[stream] = (seq + 1, digest)
        place = (stream.kind, stream.id, seq + 1, draft.kind, draft.at, at)
        facts = chain.canonical(dict(draft.facts))
        yield (*place, actor.kind, actor.id, actor.role, actor.unit_id, facts, body, digest)

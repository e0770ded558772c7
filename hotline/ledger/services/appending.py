"""Appending events: one statement, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from hotline.ledger import chain
from hotline.ledger.record import Draft, Event, check

__all__ = ["append"]


@transaction.atomic(savepoint=False)
def append(*, drafts: Sequence[Draft], at: datetime) -> list[Event]:
    """Write events at the ends of their streams, by one statement; returns them in the order given.

    `at` is when they are recorded. Events of one stream are chained in the order given. Raises record.BadDraft when a
    draft holds anything but codes, ids, times and amounts.
    """
    if not drafts:
        return []
    for draft in drafts:
        check(draft)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, event_id, seq, hash FROM ledger_append(%b::text[], %b::bigint[], %b::text[], %b::boolean[])",
            [
                [draft.stream.kind for draft in drafts],
                [draft.stream.id for draft in drafts],
                [chain.tail(draft, at) for draft in drafts],
                [draft.history for draft in drafts],
            ],
        )
        written = sorted(cursor.fetchall())
    return [
        Event(
            id=event_id,
            stream=draft.stream,
            seq=seq,
            kind=draft.kind,
            at=draft.at,
            recorded_at=at,
            actor=draft.actor,
            facts=dict(draft.facts),
            hash=bytes(digest).hex(),
        )
        for draft, (_, event_id, seq, digest) in zip(drafts, written, strict=True)
    ]

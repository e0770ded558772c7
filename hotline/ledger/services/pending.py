"""What events still cause: taken by workers, tried again, parked for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from hotline.ledger import models, retry
from hotline.ledger.queries import EVENT_COLUMNS, event, names
from hotline.ledger.record import Event

__all__ = ["Claim", "claim", "done", "postpone", "retry_parked"]


_CLAIM = f"""
SELECT {", ".join(f"e.{name}" for name in EVENT_COLUMNS)}, p.id, p.attempts, p.remaining
FROM ledger_pending p JOIN ledger_event e ON e.id = p.event_id
WHERE p.state = 'waiting' AND p.next_at <= %s::timestamptz
ORDER BY p.next_at, p.id LIMIT %s::bigint
FOR UPDATE OF p SKIP LOCKED
"""  # noqa: S608 - our own names


@dataclass(frozen=True)
class Claim:
    """A pending row held by this transaction. `left` names the reactions still to do; empty means all of them."""

    pending_id: int
    event: Event
    attempts: int
    left: tuple[str, ...]


def claim(*, limit: int, at: datetime) -> list[Claim]:
    """Take up to `limit` due pending rows that nobody else holds; call it inside a transaction and finish them in it.

    Each is then given to `done` or `postpone`; a transaction that fails gives them back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at, limit])
        rows = cursor.fetchall()
    width = len(EVENT_COLUMNS)
    return [Claim(row[width], event(row[:width]), row[width + 1], names(row[width + 2])) for row in rows]


@transaction.atomic(savepoint=False)
def done(*, pending_ids: Sequence[int]) -> None:
    """Everything these events cause is done; one statement."""
    if pending_ids:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_pending WHERE id = ANY(%s::bigint[])", [list(pending_ids)])


@transaction.atomic(savepoint=False)
def postpone(*, pending_id: int, left: Sequence[str], error: str, at: datetime, max_attempts: int = 5) -> None:
    """A reaction failed: try again later, ever later; after `max_attempts` it is parked for a person.

    `left` names the reactions still to do. `error` is the kind of failure (a class name, a code): never a message that
    could quote a person's data; it is cut at 200 characters.
    """
    row = models.Pending.objects.select_for_update().get(id=pending_id)
    row.attempts += 1
    row.state = retry.PARKED if row.attempts >= max_attempts else retry.WAITING
    row.next_at = at + (retry.pause(row.attempts) if row.state == retry.WAITING else retry.NOTHING)
    row.remaining = list(left)
    row.error = error[:200]
    row.save(update_fields=["attempts", "state", "next_at", "remaining", "error"])


@transaction.atomic(savepoint=False)
def retry_parked(*, pending_id: int, at: datetime) -> bool:
    """A person says: try again now. False when it is not parked (any more)."""
    changed = models.Pending.objects.filter(id=pending_id, state=retry.PARKED).update(
        state=retry.WAITING, attempts=0, next_at=at
    )
    return bool(changed)

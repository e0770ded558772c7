"""Reading events: what happened in a stream, and what waits for a person."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from hotline.ledger import models
from hotline.ledger.record import Actor, Event, Stream
from hotline.ledger.retry import PARKED

EVENT_COLUMNS = (
    "id",
    "stream_kind",
    "stream_id",
    "seq",
    "kind",
    "at",
    "recorded_at",
    "actor_kind",
    "actor_id",
    "actor_role",
    "actor_unit_id",
    "facts",
    "hash",
)


@dataclass(frozen=True)
class Parked:
    """An event whose reactions were given up: what is left to do, how often it was tried, and the last error."""

    pending_id: int
    event: Event
    attempts: int
    left: tuple[str, ...]
    error: str
    since: datetime


def timeline(stream: Stream, *, kinds: Collection[str] | None = None) -> list[Event]:
    """The events of a stream in their order; one query. `kinds` narrows it."""
    rows = models.Event.objects.filter(stream_kind=stream.kind, stream_id=stream.id).order_by("seq")
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    return [event(row) for row in rows.values_list(*EVENT_COLUMNS)]


def last_seq(stream: Stream) -> int:
    """How many events a stream has; 0 when it has none."""
    head = models.Head.objects.filter(stream_kind=stream.kind, stream_id=stream.id)
    return head.values_list("seq", flat=True).first() or 0


def parked(*, limit: int) -> list[Parked]:
    """What the machine gave up and a person must look at, oldest first."""
    columns = ", ".join(f"e.{name}" for name in EVENT_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, p.id, p.attempts, p.remaining, p.error, p.next_at"  # noqa: S608 - our own names
            " FROM ledger_pending p JOIN ledger_event e ON e.id = p.event_id"
            " WHERE p.state = 'parked' ORDER BY p.id LIMIT %s::bigint",
            [limit],
        )
        rows = cursor.fetchall()
    width = len(EVENT_COLUMNS)
    return [
        Parked(row[width], event(row[:width]), row[width + 1], names(row[width + 2]), row[width + 3], row[width + 4])
        for row in rows
    ]


def parked_count() -> int:
    """How many events wait for a person."""
    return models.Pending.objects.filter(state=PARKED).count()


def event(row: tuple[Any, ...]) -> Event:
    """An event from a row of EVENT_COLUMNS."""
    facts = json.loads(row[11]) if isinstance(row[11], str) else row[11]
    return Event(
        id=row[0],
        stream=Stream(row[1], row[2]),
        seq=row[3],
        kind=row[4],
        at=row[5],
        recorded_at=row[6],
        actor=Actor(row[7], row[8], row[9], row[10]),
        facts=facts,
        hash=bytes(row[12]).hex(),
    )


def names(value: Any) -> tuple[str, ...]:
    """The names of reactions as `ledger_pending.remaining` keeps them (raw cursors hand JSON out as text)."""
    return tuple(json.loads(value) if isinstance(value, str) else value)

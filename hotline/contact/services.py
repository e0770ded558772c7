"""Putting messages in the outbox and saying what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from hotline.contact.models import Message
from hotline.contact.outbox import LEASE, MessageState, seal_context, wait_after
from hotline.ledger.record import Event, Stream
from hotline.vault import cipher
from hotline.vault import queries as vault
from hotline.vault.cipher import OpenKey

_CLAIM = """
UPDATE contact_message AS m
   SET attempts = m.attempts + 1, next_at = %(until)s, delivery_ref = coalesce(m.delivery_ref, gen_random_uuid())
  FROM (SELECT id, delivery_ref FROM contact_message
         WHERE state = 'queued' AND channel = %(channel)s AND next_at <= %(at)s
         ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS due
 WHERE m.id = due.id
RETURNING m.id, m.stream_kind, m.stream_id, m.resident_id, m.key_id, m.template, m.body_sealed, m.attempts,
          m.delivery_ref, due.delivery_ref IS NOT NULL
"""


@dataclass(frozen=True)
class NewMessage:
    """A message to be sent: `body` are the finished words in the person's language, sealed here under `key`.

    With an `event_id` it is queued once for that event and template, however often it is asked for.
    """

    stream: Stream
    resident_id: int | None
    key: OpenKey
    template: str
    body: str = field(repr=False)
    channel: str = "file"
    event_id: int | None = None


@dataclass(frozen=True)
class DueMessage:
    """A claimed message. `maybe_delivered`: an earlier claim ended without a word, so look before delivering again."""

    id: int
    stream: Stream
    resident_id: int | None
    template: str
    body: str | None = field(repr=False)
    attempts: int
    delivery_ref: uuid.UUID
    maybe_delivered: bool


@transaction.atomic
def queue(*, messages: Sequence[NewMessage], at: datetime) -> list[int]:
    """Put `messages` in the outbox with one insert; returns their ids in the same order.

    What was queued for its event before is left out: one more query when there are such messages.
    """
    told = _told({message.event_id for message in messages if message.event_id is not None})
    rows = [
        Message(
            stream_kind=message.stream.kind,
            stream_id=message.stream.id,
            resident_id=message.resident_id,
            key_id=message.key.id,
            template=message.template,
            channel=message.channel,
            body_sealed=cipher.seal(
                message.key, message.body, context=seal_context(str(message.stream), message.template)
            ),
            next_at=at,
            created_at=at,
            event_id=message.event_id,
        )
        for message in messages
        if (message.event_id, message.template) not in told
    ]
    return [row.pk for row in Message.objects.bulk_create(rows)]


def _told(event_ids: Collection[int]) -> set[tuple[int | None, str]]:
    """Which events were told before, and by which template."""
    found = Message.objects.filter(event_id__in=event_ids) if event_ids else Message.objects.none()
    return set(found.values_list("event_id", "template"))


@transaction.atomic
def claim_due(*, channel: str, limit: int, at: datetime) -> list[DueMessage]:
    """Lease up to `limit` due messages of `channel` for five minutes; a body whose key was destroyed is None.

    Commit before delivering: the delivery reference must be on record first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"channel": channel, "at": at, "until": at + LEASE, "limit": limit})
        rows = cursor.fetchall()
    keys = vault.open_keys({row[4] for row in rows}) if rows else {}
    return sorted((_due(row, keys.get(row[4])) for row in rows), key=lambda due: due.id)


def _due(row: tuple[object, ...], key: OpenKey | None) -> DueMessage:
    message_id, kind, stream_id, resident_id, _, template, sealed, attempts, reference, claimed_before = row
    stream = Stream(str(kind), int(str(stream_id)))
    body = None
    if key is not None and sealed is not None:
        blob = bytes(sealed)  # type: ignore[call-overload]
        body = cipher.unseal(key, blob, context=seal_context(str(stream), str(template)))
    return DueMessage(
        id=int(str(message_id)),
        stream=stream,
        resident_id=None if resident_id is None else int(str(resident_id)),
        template=str(template),
        body=body,
        attempts=int(str(attempts)),
        delivery_ref=uuid.UUID(str(reference)),
        maybe_delivered=bool(claimed_before),
    )


@transaction.atomic
def mark_sent(*, message_ids: Sequence[int], at: datetime) -> int:
    """Record that these were handed over; returns how many were still waiting to hear it."""
    return Message.objects.filter(pk__in=message_ids, state=MessageState.QUEUED).update(
        state=MessageState.SENT, sent_at=at, last_error=""
    )


@transaction.atomic
def mark_failed(*, message_id: int, error: str, delivered_nothing: bool, at: datetime) -> MessageState:
    """Record a failed attempt (`error`: a code, no personal data): tried again later, or failed for good.

    `delivered_nothing` says that the channel is sure; then the next attempt need not look first.
    """
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state != MessageState.QUEUED:
        return MessageState(message.state)
    wait = wait_after(message.attempts)
    message.state = MessageState.FAILED if wait is None else MessageState.QUEUED
    message.next_at = at + (wait or LEASE)
    message.last_error = error[:80]
    if delivered_nothing:
        message.delivery_ref = None
    message.save(update_fields=["state", "next_at", "last_error", "delivery_ref"])
    return MessageState(message.state)


@transaction.atomic
def cancel(*, message_ids: Sequence[int], at: datetime) -> int:
    """Take messages back that were not handed over yet; returns how many. `at` is noted as the last change."""
    return Message.objects.filter(pk__in=message_ids, state=MessageState.QUEUED).update(
        state=MessageState.CANCELLED, next_at=at
    )


@transaction.atomic
def forget(*, events: Sequence[Event], at: datetime) -> None:
    """Reaction to resident.erased: drop the words of every message to them; what was not sent is cancelled."""
    rows = Message.objects.filter(resident_id__in=[event.stream.id for event in events])
    rows.filter(state=MessageState.QUEUED).update(state=MessageState.CANCELLED, next_at=at)
    rows.update(body_sealed=None)

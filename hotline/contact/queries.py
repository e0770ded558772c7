"""What was said to whom, and what still waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.contact.models import Message
from hotline.contact.outbox import MessageState
from hotline.ledger.record import Stream


@dataclass(frozen=True)
class MessageView:
    """A message without its words."""

    id: int
    stream: Stream
    template: str
    channel: str
    state: MessageState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str


def for_stream(stream: Stream) -> list[MessageView]:
    """The messages about `stream`, oldest first. 1 query."""
    return [_view(row) for row in Message.objects.filter(stream_kind=stream.kind, stream_id=stream.id).order_by("id")]


def failed(*, limit: int = 100) -> list[MessageView]:
    """Messages that were given up, newest first, for a person's list. 1 query."""
    return [_view(row) for row in Message.objects.filter(state=MessageState.FAILED).order_by("-id")[:limit]]


def _view(row: Message) -> MessageView:
    return MessageView(
        id=row.pk,
        stream=Stream(row.stream_kind, row.stream_id),
        template=row.template,
        channel=row.channel,
        state=MessageState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
    )

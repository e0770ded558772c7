"""The outbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hotline.contact.outbox import MessageState


class Message(models.Model):
    """One message to one person about one stream; the words are sealed under the key of what it is about."""

    stream_kind = models.CharField(max_length=40)
    stream_id = models.BigIntegerField()
    resident_id = models.BigIntegerField(null=True)
    key_id = models.BigIntegerField()
    template = models.CharField(max_length=60)
    channel = models.CharField(max_length=40)
    body_sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=12, default=MessageState.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivery_ref = models.UUIDField(null=True, unique=True)
    last_error = models.CharField(max_length=80, blank=True)
    # The event that the message tells about: a reaction that sees it again must not tell it again.
    event_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_id", "template"], name="message_once_per_event")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "next_at"], condition=models.Q(state=MessageState.QUEUED.value), name="message_due"
            ),
            models.Index(fields=["stream_kind", "stream_id"], name="message_stream"),
        ]

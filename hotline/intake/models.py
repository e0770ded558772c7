"""What intake remembers of requests: sent twice they make one order, and a partner finds its own again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Request(models.Model):
    """A request that became an order. `name` and `digest` are keyed hashes: neither tells anything by itself."""

    authority = models.ForeignKey("organisation.Authority", on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=60, blank=True)
    name = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    order = models.ForeignKey("workorder.Order", on_delete=models.CASCADE, null=True, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["authority", "name"], name="request_once")]
        indexes: ClassVar = [
            models.Index(fields=["sender", "number"], condition=~models.Q(sender=""), name="request_sender")
        ]

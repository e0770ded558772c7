"""What was read in an order, as codes and offsets; never a text."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class OrderReading(models.Model):
    """One engine's reading of one order; a newer edition of the engine adds a row and replaces nothing."""

    order = models.ForeignKey("workorder.Order", models.CASCADE, related_name="+")
    engine = models.CharField(max_length=32)
    version = models.CharField(max_length=64)
    document = models.JSONField()
    empty_reason = models.CharField(max_length=32, null=True)  # noqa: DJ001 - null says that a matter was found
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "engine", "version"], name="reading_once_per_edition"),
        ]

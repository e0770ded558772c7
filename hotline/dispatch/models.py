"""What was suggested for an order, kept so that it can be compared with what a person took."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SuggestionRecord(models.Model):
    """One suggestion for one order; a changed suggestion adds a row. The document holds ids and codes only."""

    order = models.ForeignKey("workorder.Order", models.CASCADE, related_name="+")
    document = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "-id"], name="suggestion_newest")]

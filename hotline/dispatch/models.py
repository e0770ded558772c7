"""What was suggested for an order, kept so that it can be compared with what a person took."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SuggestionRecord(models.Model):
    """One suggestion for one order; a changed suggestion adds a row. The document holds ids and codes only."""

    order = models.ForeignKey("workorder.Order", models.CASCADE, related_name="+")
    document = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "-id"], name="suggestion_newest")]


class Ruling(models.Model):
    """What a meeting decided: who leads this matter in this area, and whoever assists. It binds the next suggestion
    until it is replaced by a newer one, or the row of the catalogue that it interprets changes (`row_digest`)."""

    authority = models.ForeignKey("organisation.Authority", models.PROTECT, related_name="+")
    matter_code = models.CharField(max_length=12)
    # A county's code, or the authority's own where the matter's place was not known.
    area = models.ForeignKey("organisation.Area", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    assist_ids = models.JSONField(default=list)
    row_digest = models.CharField(max_length=64)
    order = models.ForeignKey("workorder.Order", models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "matter_code", "area"], condition=Q(replaced_at=None), name="ruling_in_force"
            ),
        ]

"""Questions people ask and the answers that may be given to them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from hotline.organisation.models import Authority


class Entry(models.Model):
    """One version of an entry. A changed entry is a new row, so that an answer once cited can still be read."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    question = models.TextField()
    alternatives = ArrayField(models.TextField())
    answer = models.TextField()
    matter_code = models.CharField(max_length=7)
    owner_role = models.CharField(max_length=40)
    audience = models.CharField(max_length=12)
    source_type = models.CharField(max_length=40)
    valid_from = models.DateField()
    # The first day on which it no longer holds: its owner must have looked at it again by then.
    valid_until = models.DateField()
    version = models.PositiveIntegerField()
    from_pack = models.BooleanField()
    written_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    # What it is found by: pairs of characters of the question, its other wordings and the matter's keywords.
    tokens = ArrayField(models.TextField())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["authority", "question"], condition=Q(superseded_at__isnull=True), name="knowledge_entry_newest"
            ),
        )
        indexes = (GinIndex(fields=["tokens"], condition=Q(superseded_at__isnull=True), name="knowledge_entry_tokens"),)

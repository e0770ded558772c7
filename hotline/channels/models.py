"""What doors have to remember: keys of partners, unfinished forms, wrong guesses of a query code."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiKey(models.Model):
    """A partner's key to the machine door; only the hash of its secret is kept."""

    authority = models.ForeignKey("organisation.Authority", on_delete=models.PROTECT, related_name="+")
    partner = models.CharField(max_length=60)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=30))
    channel = models.CharField(max_length=32)
    per_minute = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Draft(models.Model):
    """What a resident has typed so far, sealed under the authority's key; gone an hour after the last touch."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    key_id = models.BigIntegerField()
    sealed = models.BinaryField()
    touched_at = models.DateTimeField(db_index=True)


class Guess(models.Model):
    """Wrong guesses in a window of time; `subject` is a keyed hash of an address or of an order number."""

    subject = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(db_index=True)
    wrong = models.PositiveIntegerField(default=0)

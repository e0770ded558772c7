"""The order and its notes. The state is written by `services.move` and `services.append_lives` alone."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

OPEN_STATES = (
    "registered",
    "incomplete",
    "accepted",
    "dispatched",
    "returned",
    "convened",
    "signed",
    "waiting",
    "hung",
    "reviewing",
    "merged",
    "replied",
    "evaluated",
)


class Order(models.Model):
    """One appeal on its way: codes and counts only; its words are notes, its history is the ledger's stream."""

    authority = models.ForeignKey("organisation.Authority", models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    query_code_index = models.BinaryField()
    state = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    matter_code = models.CharField(max_length=12, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    urgency = models.CharField(max_length=10, default="normal")
    channel = models.CharField(max_length=32)
    line = models.CharField(max_length=32, blank=True)
    # Who leads now, and whom the hotline gave it to (首办单位): they differ once it was handed down.
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", null=True)
    first_unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", null=True, db_index=False)
    resident = models.ForeignKey("residents.Resident", models.PROTECT, related_name="+", null=True)
    key = models.ForeignKey("vault.Key", models.PROTECT, related_name="+")
    secret = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    own_at = models.DateTimeField(null=True)
    policy_version = models.ForeignKey("policy.PolicyVersion", models.PROTECT, related_name="+")
    dispatched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The lead may not return the order any more.
    bound = models.BooleanField(default=False)
    rounds = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    escalations = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    # How much more time is asked for, in the unit of the policy's extensions; 0 while nothing is.
    extension_asked = models.PositiveSmallIntegerField(default=0)
    assisting = models.PositiveSmallIntegerField(default=0)
    # The order that this one was merged into, and the one that it was a part of.
    head = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, db_index=False)
    split_from = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, db_index=False)
    solved = models.BooleanField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "number"], name="order_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "-registered_at"], name="order_authority_state"),
            models.Index(fields=["authority", "-registered_at"], name="order_newest"),
            models.Index(
                fields=["unit", "state", "-registered_at"],
                name="order_unit_open",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["number"], name="order_by_number"),
            models.Index(fields=["head"], name="order_members", condition=models.Q(head__isnull=False)),
            models.Index(fields=["split_from"], name="order_parts", condition=models.Q(split_from__isnull=False)),
            models.Index(
                fields=["authority", "dispatched_at"],
                name="order_extension_asked",
                condition=models.Q(extension_asked__gt=0),
            ),
            models.Index(
                fields=["ended_at"],
                name="order_to_archive",
                condition=models.Q(ended_at__isnull=False) & ~models.Q(state="archived"),
            ),
        ]


class Assist(models.Model):
    """A unit that assists the lead on an order; its own limit is a clock on the stream ("assist", this row's id)."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="assists")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "unit"], name="assist_once")]


class Note(models.Model):
    """One text about an order, sealed under the order's key; `version` is the order's version that it came with."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    body = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["order", "kind", "-version"], name="note_newest")]


class SearchEntry(models.Model):
    """The order's search tokens, made from redacted text only; forgotten with the resident."""

    order = models.OneToOneField(Order, models.CASCADE, primary_key=True, related_name="search")
    tokens = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["tokens"], name="search_tokens")]


class Incident(models.Model):
    """One cause behind many appeals. It stands on a head order, into which the others are merged; an area code covers
    everything below it. All of it is public: nothing here is about a person."""

    authority = models.ForeignKey("organisation.Authority", models.PROTECT, related_name="+", db_index=False)
    head = models.ForeignKey(Order, models.PROTECT, related_name="+")
    matter_code = models.CharField(max_length=12)
    area_codes = ArrayField(models.CharField(max_length=12))
    state = models.CharField(max_length=10, default="open")
    started_at = models.DateTimeField()
    # When it should be over; nobody knows while it is null.
    expected_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["head"], condition=~models.Q(state="closed"), name="incident_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority"], condition=~models.Q(state="closed"), name="incident_running"),
            models.Index(fields=["authority", "-started_at"], name="incident_newest"),
        ]


class IncidentNotice(models.Model):
    """What was said to everybody about an incident, in plain words: announcement, progress or restoration."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12)
    words = models.TextField()
    words_en = models.TextField(blank=True)
    expected_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()


class QuarantinedLife(models.Model):
    """An imported history that the law does not allow, kept for a person; nothing of it became an order."""

    authority = models.ForeignKey("organisation.Authority", models.PROTECT, related_name="+")
    source_ref = models.CharField(max_length=200)
    step = models.PositiveSmallIntegerField()
    reasons = models.JSONField()
    quarantined_at = models.DateTimeField()

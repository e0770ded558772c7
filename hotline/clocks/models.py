"""Clocks: deadlines that run on a ledger stream."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hotline.policy.models import PolicyVersion


class Clock(models.Model):
    """One run of one deadline; `round` counts the runs of its kind on its stream from 1.

    The limit and the calendar's version are kept, so that a corrected calendar can reckon open clocks anew.
    """

    stream_kind = models.CharField(max_length=64)
    stream_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    round = models.PositiveIntegerField()
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    calendar_version = models.PositiveIntegerField()
    limit_amount = models.PositiveIntegerField()
    limit_unit = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    # met, late or cancelled; empty while it runs.
    outcome = models.CharField(max_length=12, blank=True, default="")
    # When the ledger was told that the limit has passed.
    passed_noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stream_kind", "stream_id", "kind", "round"], name="clocks_clock_once"),
            models.UniqueConstraint(
                fields=["stream_kind", "stream_id", "kind"],
                condition=Q(stopped_at__isnull=True),
                name="clocks_clock_one_runs",
            ),
        )
        indexes = (
            models.Index(
                fields=["stream_kind", "due_at"], condition=Q(stopped_at__isnull=True), name="clocks_clock_running"
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(passed_noted_at__isnull=True) & Q(outcome__in=["", "late"]),
                name="clocks_clock_to_note",
            ),
        )

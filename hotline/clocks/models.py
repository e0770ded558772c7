"""Clocks: deadlines that run on a ledger stream."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hotline.organisation.models import Authority
from hotline.policy.models import PolicyVersion

# A corrected calendar reaches what has not ended, and what ended late before anybody was told so.
OPEN = Q(stopped_at__isnull=True) | Q(outcome="late", passed_noted_at__isnull=True)
RUNNING = Q(stopped_at__isnull=True, paused_at__isnull=True)


class Clock(models.Model):
    """One run of one deadline; `round` counts the runs of its kind on its stream from 1.

    Limit, changes, policy and the calendar's version are kept, so that any clock can be reckoned anew from its start.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)
    stream_kind = models.CharField(max_length=64)
    stream_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    round = models.PositiveIntegerField()
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_index=False)
    calendar_version = models.PositiveIntegerField()
    # None and "" for a clock until a fixed moment, which is its first due moment.
    limit_amount = models.PositiveIntegerField(null=True)
    limit_unit = models.CharField(max_length=16, blank=True, default="")
    # What it counts in now: the limit's unit, or that of a shortening.
    unit = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    # The due moment without what happened on the way.
    first_due_at = models.DateTimeField()
    # While it is paused: the due moment as seen when it paused, so that what is left lies between the two.
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    # [verb, moment, amount, unit] of what happened after the start, in order.
    changes = models.JSONField(default=list)
    extensions = models.PositiveSmallIntegerField(default=0)
    # Did a year whose make-up days are not published have a part in the due moment?
    provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    # met, late or cancelled; empty while it runs.
    outcome = models.CharField(max_length=12, blank=True, default="")
    # When the ledger was told that the limit is near, and that it has passed.
    near_noted_at = models.DateTimeField(null=True)
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
            models.Index(fields=["stream_kind", "due_at"], condition=RUNNING, name="clocks_clock_running"),
            models.Index(
                fields=["due_at"],
                condition=Q(passed_noted_at__isnull=True) & Q(outcome__in=["", "late"]),
                name="clocks_clock_to_note",
            ),
            models.Index(
                fields=["warn_at"], condition=RUNNING & Q(near_noted_at__isnull=True), name="clocks_clock_to_warn"
            ),
            # Without the calendar's version: a clock that only takes a new one is then rewritten in its place, eight
            # times as fast. `Reach` remembers how far a calendar has come instead.
            models.Index(fields=["authority", "id"], condition=OPEN, name="clocks_clock_open"),
        )


class Reach(models.Model):
    """How far the newest calendar of an authority has come through its open clocks."""

    authority = models.OneToOneField(Authority, models.PROTECT, related_name="+", primary_key=True)
    calendar_version = models.PositiveIntegerField()
    # Open clocks up to this id have been reached.
    clock_id = models.BigIntegerField()
    # When the last sweep came to its end; None while one is under way.
    swept_at = models.DateTimeField(null=True)

"""Published policies and calendars, and where the running numbers of a period begin."""

from __future__ import annotations

from django.db import models

from hotline.organisation.models import Authority, Staff


class PolicyVersion(models.Model):
    """One published rulebook of an authority; its document never changes, orders point at the one they are judged by.

    `activated_at` is null in a draft and rises from activation to activation, so that its order is theirs. `began_at`
    is null until the version has come into force: one that was activated ahead waits for `valid_from`. Who did it is
    null where it was done at the command line.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField(null=True)
    document = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "version"], name="policy_version_once"),)


class CalendarVersion(models.Model):
    """One published calendar of an authority: office hours, make-up days, days off."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    document = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "version"], name="policy_calendar_once"),)


class Counter(models.Model):
    """Where a period's running numbers begin: the value of the sequence just before the period's first number.

    The numbers themselves come from a sequence, so that people who register at once do not wait for each other.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    value = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "name"], name="policy_counter_once"),)

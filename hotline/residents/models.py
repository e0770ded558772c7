"""Residents as the database keeps them: sealed, found by blind index; and who saw whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hotline.residents.residency import Kind


class Resident(models.Model):
    """A person, household or enterprise that has called. Readable only with its vault key."""

    authority = models.ForeignKey("organisation.Authority", on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey("vault.Key", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, default=Kind.PERSON.value)
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    # Who speaks for an enterprise or household.
    contact_sealed = models.BinaryField(null=True)
    # Keyed hashes of the normalised number and of its last four digits; null without a number and after erasure.
    phone_index = models.BinaryField(max_length=32, null=True)
    last4_index = models.BinaryField(max_length=32, null=True)
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["authority", "phone_index"], name="resident_phone"),)
        indexes = (models.Index(fields=["authority", "last4_index"], name="resident_last4"),)


class Viewing(models.Model):
    """One look of one member of staff at one full identity, granted or withheld."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The ledger stream that the look was for, e.g. "order:12".
    stream = models.CharField(max_length=60)
    reason_code = models.CharField(max_length=30)
    # Empty when the identity was shown, otherwise the code of the reason why it was not.
    withheld_code = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["staff", "at"], name="viewing_staff"),)

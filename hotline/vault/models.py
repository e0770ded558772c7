"""The table of wrapped keys."""

from django.db import models


class Key(models.Model):
    """One key, wrapped by its parent or by the master key; destroyed when `wrapped` is empty."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    wrapped = models.BinaryField(null=True)
    master_id = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="vault_key_destroyed_is_empty",
                condition=models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at__isnull=True),
            ),
        )

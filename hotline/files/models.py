"""The table of attachments; their bytes lie encrypted in the data folder."""

from django.db import models


class File(models.Model):
    """One attachment. Staged for an hour under `token`, then attached to a ledger stream.

    `sealed_key` is the file's own key, sealed under the vault key `key_id`: attaching reseals these 32 bytes, the file
    itself stays as it lies.
    """

    token = models.UUIDField(unique=True)
    stream_kind = models.CharField(max_length=64, blank=True)
    stream_id = models.BigIntegerField(null=True)
    key_id = models.BigIntegerField()
    sealed_key = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    staged_at = models.DateTimeField()
    attached_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("stream_kind", "stream_id"), name="files_stream", condition=models.Q(stream_id__isnull=False)
            ),
            models.Index(fields=("staged_at",), name="files_staged", condition=models.Q(stream_id__isnull=True)),
        )

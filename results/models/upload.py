"""Uploads of pictures from phones, in parts until the picture is complete.

They are in the database rather than among the media files: every process can read them, and no web
server serves them.
"""

from django.conf import settings
from django.db import models

#: The most bytes of a part. A part that is lost is sent again as a whole.
LARGEST_PART = 512 * 1024


class Upload(models.Model):
    """An upload of one picture of `size` bytes, of which the first `received` are stored.

    `digest` is the SHA-256 of a completed picture: a repeated request is answered by it after the
    parts are gone.
    """

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    idempotency_key = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    touched_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "idempotency_key"], name="uploaded_once_by_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reporter}: {self.received} of {self.size}"


class UploadPart(models.Model):
    """A part of an upload: its bytes from `offset` on."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    offset = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="one_part_at_each_offset")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: from {self.offset}"

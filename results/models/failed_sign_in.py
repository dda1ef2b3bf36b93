"""Wrong codes and passwords of late, where every process of the desk counts them."""

from django.db import models


class FailedSignIn(models.Model):
    """One wrong try under one heading (a network, or a name from it), which is kept as a mark."""

    heading = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["heading", "at"], name="failed_sign_ins_by_heading")]

    def __str__(self) -> str:
        return f"{self.heading[:8]} {self.at:%H:%M:%S}"

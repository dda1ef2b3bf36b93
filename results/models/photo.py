"""Pictures from a count: published photos, and the returning officer's notice, which is not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .contest import Contest
from .publication import SeatPublication
from .text_limits import LONGEST_CAPTION, LONGEST_CREDIT

#: Widths in pixels that a picture is stored in: for the page, and enlarged.
WIDTHS = (640, 1600)


class Photo(SeatPublication):
    """A published picture, stored under `name` in every width of `WIDTHS`."""

    name = models.CharField(_("stored as"), max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    caption = models.CharField(_("caption"), max_length=LONGEST_CAPTION)
    alt = models.CharField(
        _("what it shows"), max_length=LONGEST_CAPTION, help_text=_("For those who cannot see it.")
    )
    credit = models.CharField(_("credit"), max_length=LONGEST_CREDIT)
    location = models.CharField(_("location"), max_length=200, blank=True)

    class Meta:
        ordering = ["-sequence"]
        default_related_name = "photos"
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption

    @property
    def full_text(self) -> str:
        return f"{self.caption} ({self.alt}; {self.credit})"

    @property
    def shown_height(self) -> int:
        """Height in pixels at the first of `WIDTHS`."""
        return max(round(self.height * WIDTHS[0] / self.width), 1)


class Notice(models.Model):
    """A picture of the returning officer's notice: the source of a declaration, not published."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="notices")
    name = models.CharField(_("stored as"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    idempotency_key = models.CharField(max_length=80)
    # Like `IdempotencyRecord.fingerprint`; null for notices of earlier releases.
    fingerprint = models.CharField(max_length=64, null=True, editable=False)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["by", "idempotency_key"], name="one_notice_per_key")
        ]
        verbose_name = _("picture of a notice")
        verbose_name_plural = _("pictures of notices")

    def __str__(self) -> str:
        return f"{self.contest.full_name}, {self.created_at:%H:%M}"

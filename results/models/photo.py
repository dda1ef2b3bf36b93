"""Pictures from a count: those that readers see, and the officer's notice, which they do not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .append_only import AppendOnlyQuerySet, Reworded
from .contest import Contest
from .election import Election

#: Widths, in pixels, that a picture is stored in: for the page, and for a closer look.
WIDTHS = (640, 1600)


class PhotoQuerySet(AppendOnlyQuerySet):
    def current(self) -> "PhotoQuerySet":
        """Photos that nothing has replaced and that are not withdrawn, newest first."""
        return self.filter(replaced_by__isnull=True, withdrawn=False).order_by("-sequence")


class Photo(Reworded):
    """A published picture. Another caption, or its withdrawal, is another row."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="photos")
    contest = models.ForeignKey(Contest, models.CASCADE, null=True, related_name="photos")
    name = models.CharField(_("stored as"), max_length=64)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    caption = models.CharField(_("caption"), max_length=400)
    alt = models.CharField(
        _("what it shows"), max_length=400, help_text=_("For those who cannot see it.")
    )
    credit = models.CharField(_("credit"), max_length=120)
    location = models.CharField(_("location"), max_length=200, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("filed at"), default=clock.now, editable=False)

    objects = PhotoQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-sequence"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.caption

    @property
    def shown_height(self) -> int:
        """At the first of ``WIDTHS``."""
        return max(round(self.height * WIDTHS[0] / self.width), 1)


class Notice(models.Model):
    """A picture of the returning officer's notice: the desk's source, never published."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="notices")
    name = models.CharField(_("stored as"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    idempotency_key = models.CharField(max_length=80)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["by", "idempotency_key"], name="one_notice_per_key")
        ]
        verbose_name = _("picture of a notice")
        verbose_name_plural = _("pictures of notices")

    def __str__(self) -> str:
        return f"{self.contest.name}, {self.created_at:%H:%M}"

"""Quotes from the counts."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .contest import Candidate
from .publication import SeatPublication
from .text_limits import LONGEST_NAME

#: Codename of the permission to publish quotes and photos without review.
PUBLISH_UNREVIEWED = "publish_unreviewed"


class Quote(SeatPublication):
    """A person's words, with their role and where they spoke them."""

    candidate = models.ForeignKey(Candidate, models.RESTRICT, null=True, blank=True)
    speaker = models.CharField(_("speaker"), max_length=LONGEST_NAME)
    role = models.CharField(_("role"), max_length=LONGEST_NAME, blank=True)
    location = models.CharField(_("location"), max_length=200, blank=True)
    words = models.TextField(_("words"))
    reported = models.BooleanField(
        _("reported speech"), default=False, help_text=_("Shown without quotation marks.")
    )
    said_at = models.DateTimeField(_("said at"), db_default=Now())

    class Meta:
        ordering = ["-said_at", "-pk"]
        default_related_name = "quotes"
        permissions = [
            (
                PUBLISH_UNREVIEWED,
                _("Quotes and photos go straight out, without the desk’s approval"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(words="") | models.Q(erased_by__isnull=False),
                name="a_quote_has_words",
            ),
            models.CheckConstraint(
                condition=~models.Q(speaker="") | models.Q(erased_by__isnull=False),
                name="a_quote_has_a_speaker",
            ),
        ]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self) -> str:
        return f"{self.speaker}: {self.words[:60]}"

    @property
    def full_text(self) -> str:
        return f"{self.speaker}: {self.words}"

"""Figures that are not ours: an exit poll, a wire service. Shown apart, labelled, never counted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .append_only import AppendOnly
from .election import Election

#: The label of those whom the source does not name.
OTHERS = "others"


class ExternalFigures(AppendOnly):
    """One box of such figures; the newest of an election stands, and one without lines ends it.

    ``rows`` is ``[{"label": label of the tally, "seats": seats}, …]``, most seats first.
    """

    class Kind(models.TextChoices):
        EXIT_POLL = "exit-poll", _("Exit poll")
        WIRE = "wire", _("From a wire service")

    election = models.ForeignKey(Election, models.CASCADE, related_name="external_figures")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.EXIT_POLL)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who made them, as readers know them.")
    )
    as_of = models.DateTimeField(_("as of"))
    rows = models.JSONField(_("figures"), default=list)
    sequence = models.PositiveIntegerField(_("bulletin"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered at"), default=clock.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("external figures")
        verbose_name_plural = _("external figures")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.source}" if self.rows else str(_("(ended)"))

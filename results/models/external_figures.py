"""Seats forecast or counted by others: an exit poll or a wire service. Never added to a tally."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .publication import Publication

#: The label of parties that the source does not name.
OTHERS = "others"


class ExternalFigures(Publication):
    """Figures of one source, shown in one box. An election's newest ones are current.

    `rows` is `[{"label": label of the tally, "seats": seats}, …]`, most seats first.
    """

    class Kind(models.TextChoices):
        EXIT_POLL = "exit-poll", _("Exit poll")
        WIRE = "wire", _("From a wire service")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.EXIT_POLL)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who made them, as readers know them.")
    )
    as_of = models.DateTimeField(_("as of"))
    rows = models.JSONField(_("figures"), default=list)

    class Meta:
        ordering = ["-pk"]
        default_related_name = "external_figures"
        verbose_name = _("external figures")
        verbose_name_plural = _("external figures")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.source}" if self.rows else str(_("(ended)"))

    @property
    def is_current(self) -> bool:
        """Whether these are the election's newest figures: later ones replace them on the pages."""
        if not super().is_current:
            return False
        return not ExternalFigures.objects.filter(
            election=self.election_id, pk__gt=self.pk
        ).exists()

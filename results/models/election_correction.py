"""Corrections of details that a whole election's pages share: names, rules and parties."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .append_only import AppendOnly
from .declaration import Declaration
from .election import Election


class ElectionCorrection(AppendOnly):
    """A correction of published details that many contests share.

    `changes` are `[figure, before, after]` as printed. `details` are the shared details as they
    are since: `{"election": {…}, "parties": {label: name}}`. Details of only one contest are
    corrected by a revision of its result.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="corrections")
    sequence = models.PositiveIntegerField(_("bulletin"))
    changes = models.JSONField(_("changes"))
    details = models.JSONField(editable=False)
    reason = models.TextField(_("reason, as readers see it"))
    blame = models.CharField(
        _("whose mistake"), max_length=8, choices=Declaration.Blame.choices, blank=True
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("received at"), default=clock.now, editable=False)

    class Meta:
        ordering = ["election", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "sequence"], name="one_correction_a_bulletin"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="an_election_correction_has_a_reason"
            ),
        ]
        verbose_name = _("correction of an election")
        verbose_name_plural = _("corrections of elections")

    def __str__(self) -> str:
        return f"{self.election_id}: {self.sequence}"

    @property
    def kind(self) -> str:
        """The kind of a declaration, as pages show this like a correction of one."""
        return str(Declaration.Kind.CORRECTION)

    def get_kind_display(self) -> str:
        return str(Declaration.Kind.CORRECTION.label)

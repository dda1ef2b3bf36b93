"""Milestones that an election has reached, such as half of the seats or a majority."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import MilestoneKind, ReachedMilestone

from .body import Body
from .election import Election


class Milestone(models.Model):
    """A milestone, and the bulletin with which the tally reached it.

    The tally is that of `body` where there is one, else that of the whole election.

    A correction can take the tally below it again: the row stays and gets `undone_by`.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="milestones")
    body = models.ForeignKey(Body, models.CASCADE, null=True, related_name="milestones")
    reached = models.CharField(
        max_length=12, choices=[(kind.value, kind.value) for kind in MilestoneKind]
    )
    label = models.CharField(max_length=80, blank=True)
    seats = models.PositiveIntegerField(_("seats declared then"))
    sequence = models.PositiveIntegerField(_("bulletin"))
    at = models.DateTimeField(
        _("at"), null=True, help_text=_("Empty where the declaration's time is not known.")
    )
    undone_by = models.PositiveIntegerField(_("bulletin that undid it"), null=True)

    class Meta:
        ordering = ["-sequence", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "reached", "label"],
                condition=models.Q(undone_by__isnull=True, body__isnull=True),
                name="reached_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["body", "reached", "label"],
                condition=models.Q(undone_by__isnull=True, body__isnull=False),
                name="body_reached_once_at_a_time",
            ),
        ]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self) -> str:
        return f"{self.reached} {self.label}".strip()

    @property
    def reached_milestone(self) -> ReachedMilestone:
        return ReachedMilestone(MilestoneKind(self.reached), self.label)

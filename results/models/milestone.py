"""When the night reached what readers wait for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import MilestoneKind, ReachedMilestone

from .election import Election


class Milestone(models.Model):
    """One mark that the tally reached, and the bulletin that took it there.

    A correction can take the tally back below a mark: the milestone then ends, and stays on record.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="milestones")
    reached = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in MilestoneKind]
    )
    label = models.CharField(max_length=80, blank=True)
    seats = models.PositiveIntegerField(_("seats declared then"))
    sequence = models.PositiveIntegerField(_("bulletin"))
    at = models.DateTimeField(_("at"))
    undone_by = models.PositiveIntegerField(_("bulletin that undid it"), null=True)

    class Meta:
        ordering = ["-at", "-sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "reached", "label"],
                condition=models.Q(undone_by__isnull=True),
                name="reached_once_at_a_time",
            )
        ]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self) -> str:
        return f"{self.reached} {self.label}".strip()

    @property
    def reached_milestone(self) -> ReachedMilestone:
        return ReachedMilestone(MilestoneKind(self.reached), self.label)

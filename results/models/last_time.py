"""Results of the previous election, actual or notional (recalculated for new boundaries)."""

from fractions import Fraction

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import Holder, LastTime, LastVote

from .contest import Contest, Person
from .party import StandsAs


class LastResult(models.Model):
    """The previous result that a contest's swing, holds and gains are measured against."""

    contest = models.OneToOneField(Contest, models.CASCADE, related_name="last_result")
    date = models.DateField(_("polling day"), null=True, blank=True)
    notional = models.BooleanField(
        _("notional"), default=False, help_text=_("Worked out for new boundaries.")
    )
    seats = models.PositiveSmallIntegerField(
        _("seats up"), null=True, blank=True, help_text=_("How many were elected then.")
    )
    electorate = models.PositiveIntegerField(_("electorate"), null=True, blank=True)
    valid = models.PositiveIntegerField(_("valid votes"), null=True, blank=True)
    rejected = models.PositiveIntegerField(_("rejected ballots"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("last result")
        verbose_name_plural = _("last results")

    def __str__(self) -> str:
        return f"{self.contest.full_name}, {self.date or _('last time')}"

    @property
    def last_time(self) -> LastTime:
        """The result as a value for the arithmetic. Those elected are the holders."""
        votes = list(self.votes.all())
        return LastTime(
            votes=tuple(vote.last_vote for vote in votes),
            holders=tuple(vote.holder for vote in votes if vote.elected),
            valid=self.valid,
            rejected=self.rejected,
            electorate=self.electorate,
            notional=self.notional,
            seats=self.seats,
        )


class LastVotes(StandsAs):
    """Previous votes of one candidate, or of one party."""

    last_result = models.ForeignKey(LastResult, models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=200, blank=True)
    votes = models.PositiveIntegerField(_("votes"), null=True, blank=True)
    share = models.DecimalField(
        _("share, per cent"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Only where the votes themselves are not known, as in notional results."),
    )
    elected = models.BooleanField(_("elected"), default=False)

    class Meta:
        ordering = ["-votes", "pk"]
        verbose_name = _("votes last time")
        verbose_name_plural = _("votes last time")

    def __str__(self) -> str:
        return f"{self.name or self.label}: {self.votes}"

    @property
    def last_vote(self) -> LastVote:
        share = None if self.share is None else Fraction(self.share) / 100
        return LastVote(label=self.label, person=self.person_id, votes=self.votes, share=share)

    @property
    def holder(self) -> Holder:
        return Holder(label=self.label, person=self.person_id, name=self.name)

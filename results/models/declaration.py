"""Declarations with their revisions, and the present standing of each contest."""

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import BallotCounts, Constituencies, Tally

from . import clock
from .append_only import AppendOnly
from .contest import Candidate, Contest


class Declaration(AppendOnly):
    """One revision of a contest's result. A withdrawal has no ballot counts.

    `details` are the facts published besides the counts, as they stood at publication: `{"contest":
    name, "seats", "region", "region_slug", "election": {…}, "candidates": [{"id", "name",
    "description", "label", "party"}] in ballot-paper order, "result", "swing": as sentences,
    "lost_deposits": [name]}`. Later edits of the rows do not change it.
    """

    class Kind(models.TextChoices):
        """The kind of a revision. Pages show updates, corrections and withdrawals differently."""

        DECLARATION = "declaration", _("Declaration")
        WINNER_ONLY = "winner_only", _("Winner only")
        UPDATE = "update", _("Update")
        CORRECTION = "correction", _("Correction")
        WITHDRAWAL = "withdrawal", _("Withdrawn")
        UNOPPOSED = "unopposed", _("Elected unopposed")
        INCOMPLETE = "incomplete", _("Incomplete totals")

    #: Kinds that change a published result.
    CHANGES = (Kind.CORRECTION, Kind.WITHDRAWAL)

    class Blame(models.TextChoices):
        """The source of the mistake that a correction puts right."""

        OURS = "ours", _("Our mistake")
        OFFICER = "officer", _("The returning officer’s correction")

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="declarations")
    revision = models.PositiveIntegerField(_("revision"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # The number of its bulletin, which is created later: the fragments need the number.
    sequence = models.PositiveIntegerField(_("bulletin"))
    declared_at = models.DateTimeField(
        _("declared at"), null=True, blank=True, help_text=_("When it was read out.")
    )
    rejected = models.PositiveIntegerField(_("rejected ballots"), null=True, blank=True)
    electorate = models.PositiveIntegerField(_("electorate"), null=True, blank=True)
    turnout_announced = models.DecimalField(
        _("turnout as announced"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    valid_announced = models.PositiveIntegerField(
        _("valid votes as announced"), null=True, blank=True
    )
    papers = models.PositiveIntegerField(_("ballot papers at verification"), null=True, blank=True)
    quota = models.PositiveIntegerField(_("quota"), null=True, blank=True)
    recount = models.BooleanField(_("after a recount"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    reason = models.TextField(_("reason, as readers see it"), blank=True)
    blame = models.CharField(_("whose mistake"), max_length=8, choices=Blame.choices, blank=True)
    note = models.TextField(_("note for the desk"), blank=True)
    warnings = models.JSONField(_("warnings accepted"), default=list, blank=True)
    warning_reason = models.TextField(_("why the warnings were accepted"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="declarations")
    created_at = models.DateTimeField(_("received at"), default=clock.now, editable=False)
    # Null for a withdrawal.
    details = models.JSONField(null=True, editable=False)
    # A region's `Constituencies` as they were, which count in the allocation of its seats.
    constituencies = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["contest", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "revision"], name="one_of_each_revision"),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="revisions_from_one"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["correction", "withdrawal"]) | ~models.Q(reason=""),
                name="a_correction_has_a_reason",
            ),
        ]
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")

    def __str__(self) -> str:
        return f"{self.contest.full_name}, revision {self.revision}"

    @property
    def withdrawn(self) -> bool:
        return self.kind == self.Kind.WITHDRAWAL

    @property
    def unopposed(self) -> bool:
        """Whether no poll was held, by its kind or, for a correction, by its details."""
        return self.kind == self.Kind.UNOPPOSED or bool((self.details or {}).get("unopposed"))

    @property
    def incomplete(self) -> bool:
        """Whether it is incomplete totals, by its kind or, for a correction, by its details."""
        return self.kind == self.Kind.INCOMPLETE or bool((self.details or {}).get("incomplete"))

    @cached_property
    def ballot_counts(self) -> BallotCounts:
        """The ballot counts, without votes for a withdrawal. Cached, as rows never change."""
        totals = list(self.totals.all())
        return BallotCounts(
            votes={total.candidate_id: total.votes for total in totals},
            rejected=self.rejected,
            electorate=self.electorate,
            turnout_announced=self.turnout_announced,
            valid_announced=self.valid_announced,
            papers=self.papers,
            lot=tuple(total.candidate_id for total in totals if total.drawn_by_lot),
            winners=tuple(total.candidate_id for total in totals if total.announced_elected),
            unopposed=True if self.unopposed else None,
            stages={total.candidate_id: total.stage for total in totals if total.stage} or None,
            quota=self.quota,
            constituencies=(
                Constituencies.from_json(self.constituencies) if self.constituencies else None
            ),
        )


class Total(AppendOnly):
    """One candidate's votes in one revision; null where not known yet."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="totals")
    candidate = models.ForeignKey(Candidate, models.RESTRICT, related_name="totals")
    votes = models.PositiveIntegerField(_("votes"), null=True, blank=True)
    announced_elected = models.BooleanField(_("announced as elected"), default=False)
    drawn_by_lot = models.BooleanField(_("drawn by lot"), default=False)
    stage = models.PositiveSmallIntegerField(_("elected at stage"), null=True, blank=True)

    class Meta:
        ordering = ["declaration", "pk"]
        indexes = [models.Index(fields=["votes"], name="figures_of_contests")]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "candidate"], name="one_total_a_candidate"
            ),
            models.CheckConstraint(
                condition=models.Q(votes__isnull=True) | models.Q(votes__gte=0),
                name="votes_not_negative",
            ),
        ]
        verbose_name = _("total")
        verbose_name_plural = _("totals")

    def __str__(self) -> str:
        return f"{self.candidate}: {self.votes}"


class Standing(models.Model):
    """The present state of a contest, derived from its last revision by the publishing API.

    `contribution` is what the contest has added to the tally, which the next revision subtracts.
    `summary` is for lists of contests:
    `{"elected": [{"candidate", "name", "label", "hold", "gained_from", "new"}], "majority",
    "by_lot", "partial", "valid", "turnout", "swing": {"from", "to", "points"},
    "lost_deposits": [label], "defeated": [{"name", "label"}]}`, fractions as “34603/53805”, and
    where there was no poll `{"unopposed": true, "vacancies": number of seats that nobody took}`.
    Where seats are open it has `{"to_fill": how many, "waits_for": "count", "constituencies" or
    "lot", "seats": of the contest}`. A postponed poll contributes its seats, as postponed, and has
    no summary. Where only some totals are published it is `{"incomplete": {"known": 3, "of": 9}}`.
    """

    class Status(models.TextChoices):
        """The states of a count."""

        AWAITING = "awaiting", _("Awaiting")
        UNDER_WAY = "under_way", _("Count under way")
        BUNDLE_CHECK = "bundle_check", _("Bundle check")
        RECOUNT = "recount", _("Recount")
        ON_STAGE = "on_stage", _("Returning officer on the stage")
        WINNER_ONLY = "winner_only", _("Winner only, figures to follow")
        DECLARED = "declared", _("Declared")
        CORRECTED = "corrected", _("Corrected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        POSTPONED = "postponed", _("Postponed")
        UNOPPOSED = "unopposed", _("Elected unopposed")
        INCOMPLETE = "incomplete", _("Incomplete: some totals known")

    contest = models.OneToOneField(
        Contest, models.CASCADE, primary_key=True, related_name="standing"
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.AWAITING
    )
    revision = models.PositiveIntegerField(default=0)
    declaration = models.OneToOneField(
        Declaration, models.SET_NULL, null=True, related_name="standing"
    )
    # Some totals and no result are published; reporters may set the status of the count after them.
    incomplete = models.BooleanField(default=False, db_default=False)
    # Lists are ordered by these, so that a correction does not move its contest.
    first_declared_at = models.DateTimeField(null=True)
    first_sequence = models.PositiveIntegerField(null=True)
    # The number of the bulletin that postponed the poll, null while it is not postponed.
    postponed_in = models.PositiveIntegerField(null=True)
    # Figures announced when the ballot papers were verified, before the votes were counted.
    verified_electorate = models.PositiveIntegerField(_("electorate at verification"), null=True)
    verified_papers = models.PositiveIntegerField(_("papers at verification"), null=True)
    verified_turnout = models.DecimalField(
        _("turnout at verification"), max_digits=5, decimal_places=2, null=True
    )
    # Change of turnout in tenths of a percentage point, of valid votes, for checks of others.
    turnout_change = models.SmallIntegerField(_("change of turnout"), null=True)
    contribution = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.status}"

    @property
    def status_since(self) -> datetime | None:
        """The time of the current correction's publication, else of the declaration."""
        if self.status == self.Status.CORRECTED and self.declaration is not None:
            return self.declaration.created_at
        return self.first_declared_at

    @property
    def status_name(self) -> str:
        """The status as people read it: “No candidates” where nobody stood, “2 of 4 elected”, …"""
        if self.status == self.Status.UNOPPOSED and not self.summary.get("elected"):
            return str(_("No candidates"))
        if self.summary.get("to_fill") and self.has_result:
            return self._open_name
        if self.status == self.Status.INCOMPLETE:
            return self.incomplete_label
        if self.has_several_winners_only:
            return str(_("Winners only, figures to follow"))
        return str(self.get_status_display())

    @property
    def has_several_winners_only(self) -> bool:
        """Whether several are published as elected without their votes, and nobody else is."""
        return self.status == self.Status.WINNER_ONLY and len(self.summary.get("elected", ())) > 1

    @property
    def incomplete_label(self) -> str:
        """The label “Incomplete: 3 of 9 totals known”; empty unless totals are incomplete."""
        if not self.incomplete:
            return ""
        return str(_("Incomplete: %(known)d of %(of)d totals known") % self.summary["incomplete"])

    @property
    def _open_name(self) -> str:
        """The status of a result with seats that are not filled yet."""
        if self.summary["waits_for"] == "constituencies":
            return str(_("Votes declared"))
        elected, to_fill = len(self.summary["elected"]), self.summary["to_fill"]
        numbers = {"elected": elected, "seats": elected + to_fill}
        return str(_("%(elected)d of %(seats)d elected") % numbers)

    @property
    def has_result(self) -> bool:
        return self.status in WITH_RESULT

    @property
    def is_published(self) -> bool:
        """Whether a result or incomplete totals are published, which a correction can change."""
        return self.has_result or self.incomplete

    @property
    def added_to_tally(self) -> Tally:
        return Tally.from_json(self.contribution) if self.contribution else Tally()


#: Statuses with a published result, at least its winner.
WITH_RESULT = (
    Standing.Status.WINNER_ONLY,
    Standing.Status.DECLARED,
    Standing.Status.CORRECTED,
    Standing.Status.UNOPPOSED,
)
#: Statuses after which no declaration is to come on this night.
NOT_AWAITED = (*WITH_RESULT, Standing.Status.POSTPONED)
#: Statuses of the count, which reporters can set.
WITHOUT_RESULT = (
    Standing.Status.AWAITING,
    Standing.Status.UNDER_WAY,
    Standing.Status.BUNDLE_CHECK,
    Standing.Status.RECOUNT,
    Standing.Status.ON_STAGE,
    Standing.Status.POSTPONED,
)

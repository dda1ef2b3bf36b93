"""Contests, candidates and sitting members."""

from collections.abc import Collection, Container, Iterable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from results.arithmetic import Candidacy, ElectoralSystem, Holder, Method, method_of, system_of
from results.arithmetic.holders import holders_up
from results.arithmetic.people_elected import PersonElected, is_first_time
from results.arithmetic.slugs import free_slug

from .body import Body
from .election import Election, Region
from .party import StandsAs
from .sort_key import SortKeyField
from .welsh_name import WelshName

#: Slugs of an election's own pages: no new contest may have one, and a contest older than the page
#: keeps its address.
PAGES_OF_THE_NIGHT = frozenset(
    {
        "bodies",
        "bulletins",
        "changes",
        "corrections",
        "feed",
        "find",
        "following",
        "groups",
        "now",
        "parties",
        "photos",
    }
    | {"recap", "records", "regions", "seats", "updates", "wall"}
    | {"map", "scoreboard"}  # of what is embedded elsewhere
)


def validate_contest_slug(slug: str) -> None:
    if slug in PAGES_OF_THE_NIGHT:
        raise ValidationError(_("“%(slug)s” is an address of the night itself.") % {"slug": slug})


def free_contest_slug(name: str, taken: Container[str] = ()) -> str:
    """Return a slug for a new contest that is neither taken nor the slug of a page."""
    slug = slugify(name)[:110] or "contest"
    return free_slug(slug, 120, lambda each: each in taken or each in PAGES_OF_THE_NIGHT)


#: Words for each way of filling seats, in the order in which they are offered.
METHODS = [
    (Method.VOTES.value, _("most votes")),
    (Method.LISTS.value, _("party lists (D’Hondt)")),
    (Method.DECLARED.value, _("as declared (single transferable vote)")),
]


class Person(models.Model):
    """A person who stands now or stood before, never identified by name only."""

    name = models.CharField(_("name"), max_length=200)
    sort_key = SortKeyField()
    democracy_club_id = models.PositiveIntegerField(
        _("Democracy Club id"), null=True, blank=True, unique=True
    )

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name


class ContestQuerySet(models.QuerySet["Contest"]):
    """QuerySet that gives new contests without a body the election's only one."""

    def bulk_create(self, objs: Iterable["Contest"], *args: Any, **kwargs: Any) -> "list[Contest]":
        contests = list(objs)
        bodies: dict[int, Body] = {}
        for contest in contests:
            if not contest.body_id:
                pk = contest.election_id
                if pk not in bodies:
                    bodies[pk] = Body.only_one_of(contest.election)
                contest.body = bodies[pk]
        return super().bulk_create(contests, *args, **kwargs)


class Contest(WelshName, models.Model):
    """A ballot of one area (a constituency or ward) for one or more seats of one body.

    Identified by `ballot_paper_id`, else by body and code, else by body and name: never by its name
    only, since two councils may have wards of one name, and one ward two ballots on one day.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="contests")
    # Blank in forms: `save` sets the election's only body.
    body = models.ForeignKey(
        Body, models.RESTRICT, blank=True, related_name="contests", verbose_name=_("body")
    )
    ballot_paper_id = models.CharField(
        _("ballot paper id"),
        max_length=200,
        blank=True,
        db_default="",
        help_text=_("Democracy Club’s, such as “parl.islington-north.2024-07-04”."),
    )
    by_election = models.BooleanField(_("by-election"), default=False, db_default=False)
    qualifier = models.CharField(
        _("told apart by"), max_length=200, blank=True, db_default="", editable=False
    )
    slug = models.SlugField(_("address"), max_length=120, validators=[validate_contest_slug])
    name = models.CharField(_("name"), max_length=160)
    sort_key = SortKeyField()
    code = models.CharField(_("official code"), max_length=20, blank=True, db_index=True)
    region = models.ForeignKey(
        Region, models.RESTRICT, null=True, blank=True, related_name="contests"
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1)]
    )
    method = models.CharField(
        _("elected by"),
        max_length=12,
        choices=METHODS,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: as usual for the kind of election."),
    )
    region_contest = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="constituencies",
        verbose_name=_("list seats with"),
        help_text=_("Of a constituency: the ballot whose party lists count the seat won here."),
    )
    part_of = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("counting area of"),
        help_text=_("The contest that the votes counted here are added up for."),
    )
    electorate = models.PositiveIntegerField(
        _("electorate"), null=True, blank=True, help_text=_("As known before the count.")
    )
    venue = models.CharField(_("count venue"), max_length=200, blank=True)
    note = models.TextField(_("background"), blank=True, help_text=_("Shown on its page."))
    expected_at = models.DateTimeField(_("declaration expected"), null=True, blank=True)
    hex_q = models.SmallIntegerField(
        _("column on the map"), null=True, blank=True, help_text=_("Of a HexJSON cartogram.")
    )
    hex_r = models.SmallIntegerField(
        _("row on the map"), null=True, blank=True, help_text=_("Counted from the south.")
    )

    objects = cast("models.Manager[Contest]", ContestQuerySet.as_manager())

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "slug"], name="contest_address"),
            models.UniqueConstraint(
                fields=["election", "ballot_paper_id"],
                condition=~models.Q(ballot_paper_id=""),
                name="contest_ballot_paper_id",
                violation_error_message=_(
                    "Another contest of this election has this ballot paper id."
                ),
            ),
            models.CheckConstraint(condition=models.Q(seats__gte=1), name="contest_has_a_seat"),
        ]
        verbose_name = _("contest")
        verbose_name_plural = _("contests")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.body_id:
            self.body = Body.only_one_of(self.election)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("seat_page", args=[self.election.slug, self.slug])

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check the fields, but leave a stored slug that has since become a page's as it is."""
        stored = type(self).objects.filter(pk=self.pk, slug=self.slug)
        is_kept = self.slug in PAGES_OF_THE_NIGHT and stored.exists()
        super().clean_fields({*(exclude or ()), *(("slug",) if is_kept else ())})

    @property
    def full_name(self) -> str:
        """The name, with the qualifier in brackets that tells it apart from others of the name."""
        return f"{self.local_name} ({self.qualifier})" if self.qualifier else self.local_name

    @property
    def candidacies(self) -> tuple[Candidacy, ...]:
        """The candidates as values for the arithmetic, in ballot-paper order."""
        return tuple(candidate.candidacy for candidate in self.candidates.all())

    @property
    def elected_by(self) -> Method:
        if self.is_counting_area:
            return Method.COUNTED
        return method_of(self.election.kind, self.method)

    @property
    def elects_lists(self) -> bool:
        """Whether votes are for party lists, whose people have none of their own."""
        return self.elected_by is Method.LISTS

    @property
    def is_counting_area(self) -> bool:
        """Whether votes are counted here for another contest, so that nobody is elected."""
        return self.part_of_id is not None

    @property
    def system(self) -> ElectoralSystem:
        """The electoral system that fills the seats, with the lists of the ballot paper."""
        if self.is_counting_area:
            return ElectoralSystem(method=Method.COUNTED)
        return system_of(self.election.kind, self.method, self.candidacies)

    @property
    def holders(self) -> tuple[Holder, ...] | None:
        """The holders of the seats that are up, by the election's baseline; None if not known."""
        if self.election.baseline == Election.Baseline.SITTING:
            holders = tuple(member.holder for member in self.sitting_members.all())
        else:
            last = getattr(self, "last_result", None)
            holders = last.last_time.holders if last else ()
        return holders_up(holders, self.seats)


class Candidate(StandsAs):
    """One name on one ballot paper.

    `gender` is empty where it is not known, and is never guessed. In a counting area `counts_for`
    is the same candidate of the contest that it is a part of.
    """

    class Gender(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("another")

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="candidates")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="candidacies"
    )
    name = models.CharField(_("name on the ballot paper"), max_length=200)
    ballot_order = models.PositiveSmallIntegerField(_("place on the ballot paper"))
    list_position = models.PositiveSmallIntegerField(
        _("place on the party’s list"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Where parties’ lists are voted for."),
    )
    description = models.CharField(_("ballot-paper description"), max_length=200, blank=True)
    counts_for = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, editable=False, related_name="counted_as"
    )
    sitting_member = models.BooleanField(_("sitting member"), default=False)
    times_elected = models.PositiveSmallIntegerField(
        _("times elected here before"),
        null=True,
        blank=True,
        help_text=_("Before this election; “elected for the 10th time” is worked out from it."),
    )
    elected_before = models.BooleanField(
        _("elected to this body before"),
        null=True,
        blank=True,
        help_text=_("Here or elsewhere. Unknown is left out of the count of people elected first."),
    )
    gender = models.CharField(
        _("gender"),
        max_length=8,
        choices=Gender.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("As a source says, never by the name. Readers see how many women are elected."),
    )

    class Meta:
        ordering = ["contest", "ballot_order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "ballot_order"], name="one_name_a_place_on_the_ballot"
            )
        ]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")

    def __str__(self) -> str:
        return self.name

    @property
    def as_elected(self) -> PersonElected:
        """The recorded facts about the person, for the counts of people elected."""
        return PersonElected(
            is_woman=self.gender == self.Gender.FEMALE if self.gender else None,
            is_first_time=is_first_time(self.times_elected, self.elected_before),
        )

    @property
    def candidacy(self) -> Candidacy:
        return Candidacy(
            id=self.pk,
            label=self.label,
            person=self.person_id,
            name=self.name,
            list_position=self.list_position,
        )


class SittingMember(StandsAs):
    """A member who sat when the election was called, for elections with that baseline."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="sitting_members")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sitting member")
        verbose_name_plural = _("sitting members")

    def __str__(self) -> str:
        return self.name or self.label

    @property
    def holder(self) -> Holder:
        return Holder(label=self.label, person=self.person_id, name=self.name)

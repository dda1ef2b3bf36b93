"""Elections, their regions, and the state of each election's log."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from results.arithmetic import ElectionKind, Rules, Tally, rules_of
from results.arithmetic.known import TurnoutChanges, changes_from_json

from .languages import SEGMENTS, chosen_language
from .sort_key import SortKeyField
from .welsh_name import WelshName

# First path segments that the site itself uses.
RESERVED_SLUGS = frozenset(
    {"admin", "count", "api", "embed", "healthz", "readyz", "metrics", "static", "media", "live"}
    | {"favicon.ico", "robots.txt", "i18n", "masthead", "nights", "push", "schema"}
    | set(SEGMENTS.values())
)

#: Counts go on through the day after the poll.
NIGHT_LASTS = timedelta(hours=36)
#: How long after that readers' subscriptions to messages are kept.
FOLLOWED_AFTERWARDS = timedelta(days=3)


#: Words for each kind of election, in the order in which they are offered.
KINDS = [
    (ElectionKind.UK_PARLIAMENT.value, _("UK Parliament")),
    (ElectionKind.UK_PARLIAMENT_BY_ELECTION.value, _("UK Parliament, by-elections")),
    (ElectionKind.COUNCIL.value, _("council")),
    (ElectionKind.COUNCIL_STV.value, _("council, by single transferable vote")),
    (ElectionKind.MAYOR.value, _("mayor")),
    (ElectionKind.COMMISSIONER.value, _("police and crime commissioner")),
    (ElectionKind.REFERENDUM.value, _("referendum")),
    (ElectionKind.SENEDD.value, _("Senedd")),
    (ElectionKind.SCOTTISH_PARLIAMENT.value, _("Scottish Parliament")),
    (ElectionKind.LONDON_ASSEMBLY.value, _("London Assembly")),
    (ElectionKind.NI_ASSEMBLY.value, _("Northern Ireland Assembly")),
]

#: Languages with a catalogue, named in their own words.
STORED_LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]


def validate_election_slug(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is an address of the site itself.") % {"slug": slug})


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone.") % {"name": name})


class PublicElections(models.Manager["Election"]):
    """Manager of the elections that readers may see; the only place that decides which."""

    def get_queryset(self) -> models.QuerySet["Election"]:
        return super().get_queryset().filter(is_public())


def is_public(prefix: str = "") -> models.Q:
    """Return the condition that an election is public; `prefix` is as in `"election__"`."""
    return models.Q(**{f"{prefix}visibility": Election.Visibility.PUBLISHED})


class Election(WelshName, models.Model):
    """One election on one day, with some or all of its contests.

    `objects` has all elections; responses to readers use `public` only.
    """

    class Visibility(models.TextChoices):
        """Whether readers may see the election. Only a draft or a rehearsal may be deleted."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Baseline(models.TextChoices):
        """The baseline of holds and gains, which pages name, since publishers differ."""

        GENERAL = "general", _("the last election of the same kind")
        SITTING = "sitting", _("the party sitting when the election was called")

    class SecondPerson(models.TextChoices):
        """The cases in which a result waits for a second person to confirm or enter it too."""

        NEVER = "never", _("never")
        ASKED = "asked", _("where a check asks for a second look")
        ALWAYS = "always", _("always")

    class HexLayout(models.TextChoices):
        """The rows or columns of a HexJSON cartogram that are shifted by half a hexagon."""

        ODD_R = "odd-r"
        EVEN_R = "even-r"
        ODD_Q = "odd-q"
        EVEN_Q = "even-q"

    slug = models.SlugField(_("address"), unique=True, validators=[validate_election_slug])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=32,
        choices=KINDS,
        default=ElectionKind.UK_PARLIAMENT.value,
        db_default=ElectionKind.UK_PARLIAMENT.value,
        help_text=_("One election is of one kind, on one polling day."),
    )
    date = models.DateField(_("polling day"))
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_timezone]
    )
    polls_close = models.DateTimeField(
        _("close of poll"), help_text=_("No declaration is accepted before this time.")
    )
    language = models.CharField(
        _("language of its pages"),
        max_length=8,
        choices=STORED_LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("Of everything at the election’s own address."),
    )
    second_language = models.CharField(
        _("second language"),
        max_length=8,
        choices=STORED_LANGUAGES,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Every page is at a second address as well, below /cy/ or /en/, in this language. "
            "Readers switch between the two at the foot of each page."
        ),
    )
    baseline = models.CharField(
        _("hold and gain against"),
        max_length=16,
        choices=Baseline.choices,
        default=Baseline.GENERAL,
    )
    house_seats = models.PositiveIntegerField(
        _("seats in the whole House"),
        null=True,
        blank=True,
        help_text=_("Leave empty when every seat of the House is covered here."),
    )
    deposits = models.BooleanField(
        _("candidates pay a deposit"),
        default=True,
        help_text=_("Lost at 5% of the valid votes or less."),
    )
    second_person = models.CharField(
        _("results wait for a second person"),
        max_length=8,
        choices=SecondPerson.choices,
        default=SecondPerson.ASKED,
        help_text=_("A person, not a role: nobody confirms what they entered themselves."),
    )
    hex_layout = models.CharField(
        _("layout of the map"), max_length=8, choices=HexLayout.choices, default=HexLayout.ODD_R
    )
    rehearsal = models.BooleanField(
        _("rehearsal"), default=False, help_text=_("Invented figures: every page says so.")
    )
    final = models.BooleanField(_("night closed"), default=False)
    visibility = models.CharField(
        _("visibility"),
        max_length=16,
        choices=Visibility.choices,
        default=Visibility.PUBLISHED,
        db_default=Visibility.PUBLISHED,
        editable=False,
    )
    #: The text that readers see in place of a withdrawn election's pages.
    withdrawal_reason = models.CharField(max_length=500, blank=True, db_default="", editable=False)
    front = models.BooleanField(
        _("the front page leads to it"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Of one election at most. Without one it leads to the night under way."),
    )

    objects = models.Manager["Election"]()
    public = PublicElections()

    class Meta:
        ordering = ["-date", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["front"], condition=models.Q(front=True), name="one_front_page"
            )
        ]
        verbose_name = _("election")
        verbose_name_plural = _("elections")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # An election that is made after its close of poll never had a page saying polls are open.
        polls_close = models.DateTimeField().to_python(self.polls_close)
        past = polls_close if polls_close <= timezone.now() else None
        Night.objects.get_or_create(election=self, defaults={"poll_closed_at": past})

    def get_absolute_url(self) -> str:
        return reverse("live_page", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.visibility == self.Visibility.PUBLISHED

    @property
    def is_draft(self) -> bool:
        return self.visibility == self.Visibility.DRAFT

    @property
    def rules(self) -> Rules:
        return rules_of(self.kind)

    @property
    def pays_deposits(self) -> bool:
        """Whether candidates pay a deposit, which they never do for a council."""
        return self.deposits and self.rules.deposit_threshold is not None

    @cached_property
    def area_kinds(self) -> frozenset[str]:
        """The values of `Body.areas` of its bodies. Costs one query."""
        return frozenset(self.bodies.order_by().values_list("areas", flat=True).distinct())

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def page_language(self) -> str:
        """The second language if the reader's address chose it, else the election's own."""
        chosen = chosen_language()
        return chosen if chosen and chosen == self.second_language else self.language

    @property
    def languages(self) -> list[str]:
        """The languages of its pages, its own first."""
        return list(dict.fromkeys(filter(None, (self.language, self.second_language))))

    def clean(self) -> None:
        super().clean()
        if self.second_language == self.language:
            text = _("Its pages are in this language already: choose the other one, or none.")
            raise ValidationError({"second_language": text})

    @property
    def polls_are_open(self) -> bool:
        """Whether nothing can be declared yet, by the clock."""
        return timezone.now() < self.polls_close

    @property
    def night_ends(self) -> datetime:
        """The end of the night's coverage."""
        return self.polls_close + NIGHT_LASTS

    @property
    def pushed_until(self) -> datetime:
        """When readers' browsers are sent nothing more of it, and what they follow is deleted."""
        return self.night_ends + FOLLOWED_AFTERWARDS

    @property
    def is_pushed(self) -> bool:
        """Whether a reader's browser may ask to be sent messages of it."""
        return not (self.rehearsal or self.final) and timezone.now() <= self.pushed_until


class Region(WelshName, models.Model):
    """A region or nation that contests are listed under."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="regions")
    slug = models.SlugField(_("address"), max_length=80)
    name = models.CharField(_("name"), max_length=120)
    sort_key = SortKeyField()
    nation = models.CharField(_("nation"), max_length=80, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="region_address")]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name


class Night(models.Model):
    """The state of an election's log: its epoch, its last sequence and the tally.

    Publishing locks this row, which keeps sequences dense and in order of commit. It has a table of
    its own, so that saving an election's form never writes an old sequence back. A new epoch tells
    every open page to reload, since sequences of the old epoch have no meaning in it.
    """

    election = models.OneToOneField(
        Election, models.CASCADE, primary_key=True, related_name="night"
    )
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    tally = models.JSONField(default=dict, editable=False)
    # Number of contests by region ("by-elections" for those) and by change of turnout in tenths
    # of a point: {"12": {"-15": 3}}. Results are compared with them.
    turnout_changes = models.JSONField(default=dict, db_default={}, editable=False)
    #: The chain's last entry (`ChainEntry`), and the last bulletin that has one.
    entries = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    head = models.CharField(max_length=64, default="", db_default="", editable=False)
    chained = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    #: The close of poll that pages say has passed. The election's own may be moved to later.
    poll_closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("night")
        verbose_name_plural = _("nights")

    def __str__(self) -> str:
        return f"{self.election_id} at {self.sequence}"

    def is_closed_for(self, election: Election) -> bool:
        """Whether pages say that polls have closed, which a bulletin changes and no clock does."""
        return self.poll_closed_at is not None and self.poll_closed_at >= election.polls_close

    @property
    def changes_by_region(self) -> dict[str, TurnoutChanges]:
        return changes_from_json(self.turnout_changes)

    def count_turnout_change(self, region: str, change: int | None, contests: int) -> None:
        """Add `contests` to a region's number of contests with a change; −1 removes one."""
        changes = self.changes_by_region.get(region, TurnoutChanges()).plus(change, contests)
        self.turnout_changes = self.turnout_changes | {region: dict(changes.contests)}

    @property
    def standing_tally(self) -> Tally:
        return Tally.from_json(self.tally) if self.tally else Tally()

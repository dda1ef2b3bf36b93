"""Parties, and how candidates stand: for a party, as an independent or as the Speaker."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import ANSWER, INDEPENDENT, SPEAKER

from .sort_key import SortKeyField


def validate_party_slug(slug: str) -> None:
    if slug in (ANSWER, INDEPENDENT, SPEAKER):
        raise ValidationError(_("“%(slug)s” is a way of standing, not a party.") % {"slug": slug})


#: Codename of the permission to merge parties, or contests, that are one.
MERGE_DUPLICATES = "merge_duplicates"


class Party(models.Model):
    """A party with its names and its colour, from which the pages derive every shade."""

    slug = models.SlugField(_("address"), unique=True, validators=[validate_party_slug])
    name = models.CharField(_("name"), max_length=120, help_text=_("As in “Conservative”."))
    sort_key = SortKeyField()
    collective = models.CharField(
        _("collective name"),
        max_length=120,
        blank=True,
        help_text=_("As in “Conservatives gain Blyth Valley”; empty where the name serves."),
    )
    abbreviation = models.CharField(_("abbreviation"), max_length=24)
    name_cy = models.CharField(
        _("name in Welsh"), max_length=120, blank=True, default="", db_default=""
    )
    collective_cy = models.CharField(
        _("collective name in Welsh"), max_length=120, blank=True, default="", db_default=""
    )
    abbreviation_cy = models.CharField(
        _("abbreviation in Welsh"),
        max_length=24,
        blank=True,
        default="",
        db_default="",
        help_text=_("On pages in Welsh; where one is empty, the other name serves."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#6b6b6b",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour reads like #dc241f."))],
    )
    tallied_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="folded",
        verbose_name=_("tallied with"),
        help_text=_("Labour and Co-operative counts as Labour in every tally."),
    )
    electoral_commission_id = models.CharField(
        _("Electoral Commission id"), max_length=40, blank=True, db_index=True
    )

    class Meta:
        ordering = ["sort_key", "pk"]
        permissions = [(MERGE_DUPLICATES, _("Can merge parties and contests that are one"))]
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        target = self.tallied_with
        if target and (target.pk == self.pk or target.tallied_with_id):
            raise ValidationError(
                {"tallied_with": _("Choose a party that is itself tallied under its own name.")}
            )

    @property
    def label(self) -> str:
        """The key of the party's seats and votes in a tally."""
        return (self.tallied_with or self).slug


class StandingAs(models.TextChoices):
    PARTY = "party", _("a party")
    INDEPENDENT = INDEPENDENT, _("an independent")
    SPEAKER = SPEAKER, _("the Speaker seeking re-election")
    ANSWER = ANSWER, _("an answer in a referendum")


class StandsAs(models.Model):
    """Abstract base: stands for a party, or as independent or Speaker, which are no parties."""

    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("party")
    )
    standing_as = models.CharField(
        _("stands as"), max_length=12, choices=StandingAs.choices, default=StandingAs.PARTY
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.standing_as == StandingAs.PARTY and self.party_id is None:
            raise ValidationError({"party": _("Choose the party, or another way of standing.")})

    @property
    def label(self) -> str:
        """The key in a tally: a party's slug, `independent`, `speaker` or `answer`."""
        if self.standing_as == StandingAs.PARTY and self.party is not None:
            return self.party.label
        return INDEPENDENT if self.standing_as == StandingAs.PARTY else self.standing_as

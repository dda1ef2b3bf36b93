"""Bodies that contests elect to: a parliament, a council, an office."""

import re

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from results.arithmetic import ElectionKind, Tally, rules_of
from results.arithmetic.kinds import RULES

from .election import Election
from .sort_key import SortKeyField
from .welsh_name import WelshName


class AreaKind(models.TextChoices):
    """The name that a council has for the areas of its contests."""

    WARD = "ward", _("wards")
    DIVISION = "division", _("divisions")
    ELECTORAL_AREA = "electoral-area", _("electoral areas")


#: The kind of an area by the start of its official code. Source: Office for National Statistics,
#: Register of Geographic Codes: county electoral divisions, district electoral areas.
AREA_KINDS_BY_CODE: dict[str, AreaKind] = {
    "E58": AreaKind.DIVISION,
    "N10": AreaKind.ELECTORAL_AREA,
}


class SeveralBodiesError(ValueError):
    """Raised where a contest is given no body and its election has several."""


class Body(WelshName, models.Model):
    """A body that some or all contests of an election elect to, such as a council.

    `composition_before` has the seats that each party held when the poll was held, by label, those
    not up this time included; `not_up` has those alone, where they are entered and not worked out
    from the holders of the contests. `control_before` is a label or `NO_OVERALL_CONTROL`, empty
    where the seats before tell it.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="bodies")
    slug = models.SlugField(_("address"), max_length=120)
    name = models.CharField(_("name"), max_length=160)
    sort_key = SortKeyField()
    seats = models.PositiveSmallIntegerField(
        _("seats in all"), null=True, blank=True, help_text=_("Those not up this time included.")
    )
    areas = models.CharField(
        _("its areas are"),
        max_length=16,
        blank=True,
        choices=AreaKind.choices,
        default="",
        db_default="",
        help_text=_("Of a council. Empty: wards, unless the areas’ codes say otherwise."),
    )
    control_before = models.CharField(_("control before"), max_length=200, blank=True)
    composition_before = models.JSONField(_("composition before"), default=dict, blank=True)
    not_up = models.JSONField(_("seats not up"), default=dict, db_default={}, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="body_address")]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def only_one_of(cls, election: Election) -> "Body":
        """Return the election's only body, created if there is none.

        A new one is named after the election's kind, or else after the election. Raises
        SeveralBodiesError if the election has several.
        """
        bodies = list(cls.objects.filter(election=election)[:2])
        if len(bodies) > 1:
            raise SeveralBodiesError(f"“{election}” has several bodies: say which one")
        if bodies:
            return bodies[0]
        name = default_name(election.kind, election.name)
        body, _created = cls.objects.get_or_create(
            election=election, slug=body_slug(name), defaults={"name": name}
        )
        return body


def councils_of(elections: "models.QuerySet[Election]") -> "models.QuerySet[Body]":
    """Return these elections' councils that hold a scheduled election, not only by-elections."""
    kinds = [kind for kind, rules in RULES.items() if rules.has_control]
    bodies = Body.objects.filter(election__in=elections, election__kind__in=kinds)
    return bodies.filter(contests__by_election=False).distinct()


class BodyTally(models.Model):
    """The tally of one body's contests, of kinds whose rules have them (`has_body_tallies`).

    It is updated with the night's, under its lock. It has a table of its own, so that saving a
    body's form never writes an old tally back. A body without a result has no row.
    """

    body = models.OneToOneField(Body, models.CASCADE, primary_key=True, related_name="tally")
    tally = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("tally of a body")
        verbose_name_plural = _("tallies of bodies")

    def __str__(self) -> str:
        return f"{self.body_id}: {self.standing_tally.seats}"

    @property
    def standing_tally(self) -> Tally:
        return Tally.from_json(self.tally) if self.tally else Tally()


def set_area_kinds(election: Election) -> None:
    """Set the kind of bodies' areas from their contests' codes, where no editor has set it."""
    unsaid = Body.objects.filter(election=election, areas="")
    codes: dict[int, set[str]] = {}
    for pk, code in unsaid.exclude(contests=None).values_list("pk", "contests__code"):
        codes.setdefault(pk, set()).add(code[:3].upper())
    for pk, prefixes in codes.items():
        kinds = {AREA_KINDS_BY_CODE.get(prefix) for prefix in prefixes}
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind:
            unsaid.filter(pk=pk).update(areas=kind)


def body_slug(name: str) -> str:
    return slugify(name)[:120] or "body"


def default_name(kind: str, election_name: str) -> str:
    """Return the default name of a body: that of the kind's only body, or the election's.

    A council gets the election's name without its words for an election: “Medway Council election”
    and “Medway Council, 4 May 2023” both give “Medway Council”.
    """
    rules = rules_of(kind)
    name = council_in(election_name) if rules.has_control else ""
    return (rules.body or name or election_name)[:160]


def council_in(election_name: str) -> str:
    """Return the council named by an election's name; "" for “Council elections, 7 May 2026”."""
    name = _ELECTION.sub("", election_name).strip()
    return "" if _NO_PLACE.issuperset(name.casefold().split()) else name


#: Words that may be left of the name of an election that does not name a place.
_NO_PLACE = frozenset(
    {"council", "councils", "local", "borough", "district", "county", "unitary", "and", "the"}
)


#: The end of a council election's name, such as “ local elections, 4 May 2023” or “, 4 May 2023”.
_ELECTION = re.compile(
    r"\s*\b(local |borough |district |county )?elections?\b.*$|,? \d{1,2} [a-z]+ \d{4}$",
    re.IGNORECASE,
)


def default_slugs(election: Election) -> frozenset[str]:
    """Return the slugs that a body with a default name may have, for any kind of the election.

    Earlier releases knew no kinds, so an editor may have changed the kind since.
    """
    names = [
        election.name,
        default_name(ElectionKind.COUNCIL, election.name),
        *(rules.body for rules in RULES.values() if rules.body),
    ]
    return frozenset(map(body_slug, names))


def rename_default(election: Election, *, kind: str, name: str) -> bool:
    """Rename the body whose default name is from an earlier kind or name of the election.

    Leave a body whose contests were loaded with ballot paper ids, which name what they elect to.
    Returns whether a body is renamed.
    """
    before, now = default_name(kind, name), default_name(election.kind, election.name)
    bodies = Body.objects.filter(election=election)
    taken = bodies.filter(slug=body_slug(now)).exclude(name=before).exists()
    # Earlier releases gave a council the whole name of its election.
    named = bodies.filter(slug__in=[body_slug(before), body_slug(name)], name__in=[before, name])
    named = named.exclude(
        pk__in=bodies.exclude(contests__ballot_paper_id="").exclude(contests=None).values("pk")
    )
    body = None if before == now or taken else named.first()
    if body is not None:
        body.name, body.slug = now, body_slug(now)
        body.save(update_fields=["name", "slug", "sort_key"])
    return body is not None

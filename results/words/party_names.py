"""Names of the tally's labels: parties, independents and the Speaker."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext as _

from results.arithmetic import ANSWER, INDEPENDENT, SPEAKER
from results.models import Party, PartyAlias
from results.models.party_alias import public_number

#: The most letters of an abbreviation that fit on a tile of the map: more, if all are capitals.
TILE_LETTERS, TILE_CAPITALS = 3, 4


def tile_letters(abbreviation: str) -> str:
    """Return the letters of a party on a tile: “Lab”, “SDLP”, “Grn” for “Green”.

    One that is too long keeps its first letter and the consonants after it, as English and Welsh
    shorten words; cut at its third letter it would be another word, such as “All”.
    """
    most = TILE_CAPITALS if abbreviation.isupper() else TILE_LETTERS
    if len(abbreviation) <= most:
        return abbreviation
    consonants = [letter for letter in abbreviation[1:] if letter.lower() not in "aeiou"]
    short = abbreviation[0] + "".join(letter for letter, _same in groupby(consonants))
    return (short if len(short) >= most else abbreviation)[:most]


@dataclass(frozen=True, slots=True)
class PartyName:
    """A label's names. `collective` takes a plural verb: “Conservatives gain …”.

    `number` is the Electoral Commission's, as “PP52”; empty where it is not known.
    """

    label: str
    name: str
    collective: str
    abbreviation: str
    number: str = ""

    @property
    def letters(self) -> str:
        """The letters that identify the party on a tile or a hexagon of the map."""
        return tile_letters(self.abbreviation)

    @property
    def as_loser(self) -> str:
        """Whom one seat is gained from: “Labour”, “an independent”, “the Speaker”."""
        if self.label == INDEPENDENT:
            return _("an independent")
        return _("the Speaker") if self.label == SPEAKER else self.collective

    @property
    def is_party(self) -> bool:
        return self.label not in (ANSWER, INDEPENDENT, SPEAKER)

    @property
    def is_answer(self) -> bool:
        """Whether this is the label of a referendum's answers, which have no party name."""
        return self.label == ANSWER


class PartyNames(dict[str, PartyName]):
    """Party names by label. An unknown label is its own name, rather than an error on a page.

    A name is in the language that is active when it is looked up, so that names that were read for
    one page serve those in another language. `translations` are those of other languages, by
    language and label. `moved` are labels that parties had before they were merged: records that
    cannot change, such as an exit poll's figures, still have them.
    """

    def __init__(
        self,
        names: Mapping[str, PartyName],
        moved: Mapping[str, str] | None = None,
        translations: Mapping[str, Mapping[str, PartyName]] | None = None,
    ) -> None:
        super().__init__(names)
        self.moved = dict(moved or {})
        self._translations = dict(translations or {})

    def __getitem__(self, label: str) -> PartyName:
        party_name = super().__getitem__(label)
        translated = self._translations.get(get_language() or "")
        return translated.get(party_name.label, party_name) if translated else party_name

    def __missing__(self, label: str) -> PartyName:
        if label in self.moved:
            return self[self.moved[label]]
        return PartyName(label=label, name=label, collective=label, abbreviation=label)


def load_party_names(on: date | None = None) -> PartyNames:
    """Read the names of all labels, as of an election's day or of now: one query.

    Where abbreviations of several parties are the same, each has its name in place of it, with its
    number if the names are the same as well.
    """
    names: dict[str, PartyName] = {}
    welsh: dict[str, PartyName] = {}
    moved: dict[str, str] = {}
    until: dict[str, date] = {}
    for own, in_welsh, alias in _rows():
        slug = own.label
        names.setdefault(slug, own)
        welsh.setdefault(slug, in_welsh)
        if alias.kind == PartyAlias.Kind.ADDRESS:
            moved[alias.text] = slug
        # Of names with a last day, the one in use then has the earliest day not before `on`.
        if on and alias.until and on <= alias.until < until.get(slug, date.max):
            until[slug] = alias.until
            short = alias.abbreviation or own.abbreviation
            earlier = PartyName(slug, alias.text, alias.text, short, own.number)
            names[slug] = welsh[slug] = earlier
    return PartyNames(
        _with_others(names, settings.LANGUAGE_CODE), moved, {"cy": _with_others(welsh, "cy")}
    )


def _with_others(names: Mapping[str, PartyName], language: str) -> dict[str, PartyName]:
    """Return the names of parties and of the other ways of standing, in this language."""
    with translation.override(language):
        return {
            INDEPENDENT: PartyName(INDEPENDENT, _("Independent"), _("Independents"), _("Ind")),
            ANSWER: PartyName(ANSWER, "", "", ""),
            SPEAKER: PartyName(SPEAKER, _("Speaker"), _("The Speaker"), _("Spk")),
            **{party_name.label: party_name for party_name in _told_apart(list(names.values()))},
        }


@dataclass(frozen=True, slots=True)
class _Alias:
    kind: str | None
    text: str
    until: date | None
    abbreviation: str


def _rows() -> Iterator[tuple[PartyName, PartyName, _Alias]]:
    """Yield a party's names, those in Welsh, and an alias, once for each alias."""
    rows = Party.objects.filter(tallied_with__isnull=True).order_by("sort_key", "pk")
    for row in rows.values_list(
        *("slug", "electoral_commission_id", "name", "collective", "abbreviation"),
        *("name_cy", "collective_cy", "abbreviation_cy"),
        *("aliases__kind", "aliases__text", "aliases__until", "aliases__abbreviation"),
    ):
        slug, number, name, collective, short, *others = row
        name_cy, collective_cy, short_cy, kind, text, until, earlier = others
        number, collective = public_number(number), collective or name
        own = PartyName(slug, name, collective, short, number)
        welsh = PartyName(
            slug, name_cy or name, collective_cy or name_cy or collective, short_cy or short, number
        )
        yield own, welsh, _Alias(kind, text or "", until, earlier or "")


def _told_apart(names: list[PartyName]) -> Iterator[PartyName]:
    """Replace abbreviations that several parties share, and mark names that they share."""
    named = Counter(party_name.name.casefold() for party_name in names)
    short = Counter(party_name.abbreviation.casefold() for party_name in names)
    for party_name in names:
        if named[party_name.name.casefold()] > 1:
            mark = f"{party_name.name} ({party_name.number or party_name.label})"
            party_name = replace(party_name, name=mark)
        if short[party_name.abbreviation.casefold()] > 1:
            party_name = replace(party_name, abbreviation=party_name.name)
        yield party_name

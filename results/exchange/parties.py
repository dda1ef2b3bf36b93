"""Find the party that a file names: by Electoral Commission number, then by spelling.

An unknown spelling with a known number is that party. A known spelling with a number that is not
the party's is another party: it is created beside the first one and reported
(`collected_questions`), for an editor to merge the two or to leave them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from results.arithmetic.slugs import free_slug
from results.models import Party, PartyAlias, StandingAs
from results.models.known_parties import KnownParty, known_parties
from results.models.party_alias import number_key, public_number, spelling_key

INDEPENDENTS = {
    *("independent", "ind", "no description", "ynmp party 2", "independents"),
    *("annibynnol", "ymgeisydd annibynnol", "dim disgrifiad"),
}
SPEAKERS = {"speaker", "spk", "speaker seeking re election", "ynmp party 12522"}
NEUTRAL = "#6b6b6b"
#: Additions of some sources to a party's name: abbreviation, or words from ballot papers.
_PLAIN = re.compile(r"\s*(\([A-Z. ]{2,8}\)|[Cc]andidate)$")


class AmbiguousParty(ValueError):
    """A spelling or an abbreviation is shared by several parties, and no number decides."""

    def __init__(self, text: str, parties: list[str]) -> None:
        super().__init__(
            _("“%(text)s” may be %(parties)s: give the party’s number or its full name")
            % {"text": text, "parties": _(" or ").join(sorted(parties))}
        )


@dataclass(slots=True)
class _Index:
    """Stored parties by what names them; several may share a spelling or an abbreviation."""

    by_slug: dict[str, Party] = field(default_factory=dict)
    by_number: dict[str, Party] = field(default_factory=dict)
    by_name: dict[str, dict[int, Party]] = field(default_factory=lambda: defaultdict(dict))
    in_welsh: dict[str, dict[int, Party]] = field(default_factory=lambda: defaultdict(dict))
    by_abbreviation: dict[str, dict[int, Party]] = field(default_factory=lambda: defaultdict(dict))
    numbers: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls) -> "_Index":
        index = cls()
        for party in Party.objects.select_related("tallied_with").prefetch_related("aliases"):
            index.add(party, list(party.aliases.all()))
        return index

    def add(self, party: Party, aliases: list[PartyAlias]) -> None:
        self.by_slug[party.slug] = party
        names = {party.name, party.collective}
        numbers = {party.electoral_commission_id}
        for alias in aliases:
            if alias.kind == PartyAlias.Kind.ADDRESS:
                self.by_slug.setdefault(alias.text, party)
            elif alias.kind == PartyAlias.Kind.NUMBER:
                numbers.add(alias.text)
            else:
                names.add(alias.text)
        for name in filter(None, names):
            self.by_name[spelling_key(name)][party.pk] = party
        for name in filter(None, (party.name_cy, party.collective_cy)):
            self.in_welsh[spelling_key(name)][party.pk] = party
        self.by_abbreviation[spelling_key(party.abbreviation)][party.pk] = party
        for number in filter(None, map(number_key, numbers)):
            self.add_number(party, number)

    def add_number(self, party: Party, number: str) -> None:
        # The first one keeps it: two parties with one number are reported by `verify`.
        self.by_number.setdefault(number, party)
        self.numbers[party.pk].add(number)


class Parties:
    """Finds parties as files name them, and creates those that are unknown."""

    def __init__(self) -> None:
        self._index = _Index.read()
        self._standings: dict[tuple[str, str, str], dict[str, Any]] = {}

    def standing(
        self, name: str, abbreviation: str = "", commission: str = "", *, name_cy: str = ""
    ) -> dict[str, Any]:
        """Return `{"standing_as": …, "party": …}`, the fields of `StandsAs` in models.

        A party without a name in Welsh gets `name_cy`. Raises AmbiguousParty where several parties
        are meant by a text without a number.
        """
        key = (name, abbreviation, commission)
        if key not in self._standings:
            self._standings[key] = self._standing(*key)
        party: Party | None = self._standings[key]["party"]
        if name_cy and party is not None and not party.name_cy:
            party.name_cy = name_cy
            party.save(update_fields=["name_cy"])
        return self._standings[key]

    def _standing(self, name: str, abbreviation: str, commission: str) -> dict[str, Any]:
        names = {spelling_key(text) for text in (name or abbreviation, commission) if text}
        if names & SPEAKERS:
            return {"standing_as": StandingAs.SPEAKER, "party": None}
        if names & INDEPENDENTS or not names or is_independent(name):
            return {"standing_as": StandingAs.INDEPENDENT, "party": None}
        party = self._party(name, abbreviation, number_key(commission))
        return {"standing_as": StandingAs.PARTY, "party": party}

    def _party(self, name: str, abbreviation: str, number: str) -> Party:
        numbered = self._with_number(number)
        if numbered is not None:
            return self._more_specific(numbered, name)
        text = name or abbreviation
        named = self._named(name) if name else self._abbreviated(abbreviation)
        if not number:
            return _only(text, named) or self._create(text, abbreviation, "")
        unnumbered = [party for party in named if not self._index.numbers[party.pk]]
        if len(named) == 1 and unnumbered:
            return self._number(unnumbered[0], number)
        party = self._create(text, abbreviation, number)
        if named:
            self._ask(party, named)
        return party

    def _with_number(self, number: str) -> Party | None:
        """Return the party with this number, stored or in the registry."""
        if not number:
            return None
        if number not in self._index.by_number and number in _by_commission():
            self._known(_by_commission()[number])
        return self._index.by_number.get(number)

    def _more_specific(self, numbered: Party, name: str) -> Party:
        """Prefer the named one of two that are tallied together; report a name of another party.

        Some files give Labour's own number to “Labour and Co-operative”.
        """
        named = self._named(name)
        same = [party for party in named if party.label == numbered.label]
        if named and not same:
            words = {"name": name, "number": _numbers(self._index.numbers[numbered.pk])}
            self._report(
                _("“%(name)s” has the number of %(party)s (%(number)s), and is taken for it")
                % {**words, "party": numbered.name}
            )
        return same[0] if len(same) == 1 else numbered

    def _named(self, name: str) -> list[Party]:
        """Return the parties with this spelling; those of no name with this abbreviation.

        A name that is none may be one party's in two languages.
        """
        found = self._spelt(name) if name else []
        halves = _in_two_languages(name)
        # Most such names are of two parties, which need not be stored for it.
        if found or not halves or not set.intersection(*map(self._labels, halves)):
            return found
        first, second = map(self._spelt, halves)
        same = {party.label for party in first} == {party.label for party in second}
        return first if same else []

    def _labels(self, name: str) -> set[str]:
        """The labels of all parties that this spelling may be of, stored or in the registry."""
        index = self._index
        keys = {spelling_key(text) for text in (name, _PLAIN.sub("", name))}
        stored = [
            party
            for texts in (index.by_name, index.in_welsh, index.by_abbreviation)
            for key in keys
            for party in texts.get(key, {}).values()
        ]
        known = [
            texts[key] for texts in (_by_name(), _by_abbreviation()) for key in keys & {*texts}
        ]
        return {party.label for party in stored} | set(map(self._known_label, known))

    def _known_label(self, known: KnownParty) -> str:
        """The label of a row of the registry, whose party may be stored under another address."""
        numbered = (self._index.by_number.get(number) for number in known.commission)
        stored = self._index.by_slug.get(known.slug) or next(filter(None, numbered), None)
        return stored.label if stored else known.tallied_with or known.slug

    def _spelt(self, name: str) -> list[Party]:
        for text in (name, _PLAIN.sub("", name)):
            key = spelling_key(text)
            known = _by_name().get(key) if key not in self._index.by_name else None
            party = self._known(known) if known is not None else None
            if key in self._index.by_name:
                return list(self._index.by_name[key].values())
            if party is not None:
                return [party]  # an editor has renamed it, and files go on as before
            if key in self._index.in_welsh:
                return list(self._index.in_welsh[key].values())
        return self._abbreviated(name, names=False)

    def _abbreviated(self, abbreviation: str, *, names: bool = True) -> list[Party]:
        """Return the parties with this abbreviation, or with this name where one has it."""
        key = spelling_key(abbreviation)
        known = _by_abbreviation().get(key) or (_by_name().get(key) if names else None)
        party = self._known(known) if known is not None else None
        found = dict(self._index.by_abbreviation.get(key, {}))
        if names:
            found |= self._index.by_name.get(key, {})
        # Where an editor has renamed it, files go on as before.
        return list(found.values()) or ([party] if party is not None else [])

    def _known(self, known: KnownParty) -> Party:
        """Return the party of a row of the registry, created if it is missing."""
        party = self._index.by_slug.get(known.slug)
        if party is None:
            party = known.make()
            self._index.add(party, list(party.aliases.all()))
            self._index.by_slug[known.slug] = party
        return party

    def _number(self, party: Party, number: str) -> Party:
        """Set the number of a party without one to that of the file."""
        party.electoral_commission_id = number[:40]
        party.save(update_fields=["electoral_commission_id"])
        self._index.add_number(party, number)
        return party

    def _create(self, name: str, abbreviation: str, number: str) -> Party:
        slug = slugify(name)[:45] or "party"
        taken = {*self._index.by_slug, *StandingAs.values}
        party = Party.objects.create(
            slug=free_slug(slug, 50, taken.__contains__),
            name=name[:120],
            abbreviation=self._free_abbreviation(name, abbreviation),
            colour=NEUTRAL,
            electoral_commission_id=number[:40],
        )
        self._index.add(party, [])
        return party

    def _free_abbreviation(self, name: str, given: str) -> str:
        """Return the file's abbreviation or the initials if no other party has them; else the name.

        The initials of the Space Navies Party are not its own.
        """
        for text in (given if len(given) <= 12 else "", initials(name)):
            key = spelling_key(text)
            taken = {*self._index.by_abbreviation, *self._index.by_name, *_by_abbreviation()}
            if text and key not in taken and key not in _by_name():
                return text
        return name[:24].strip()

    def _ask(self, party: Party, named: list[Party]) -> None:
        others = ", ".join(
            f"{other.name} ({_numbers(self._index.numbers[other.pk])})" for other in named
        )
        self._report(
            _(
                "%(name)s has the number %(number)s, which is not that of %(others)s: it is "
                "another party until an editor merges them"
            )
            % {
                "name": party.name,
                "number": public_number(party.electoral_commission_id),
                "others": others,
            }
        )

    def _report(self, question: str) -> None:
        collected = _collected.get()
        if collected is not None and question not in collected:
            collected.append(question)


#: What `collected_questions` collects.
_collected: ContextVar[list[str] | None] = ContextVar("collected", default=None)


@contextmanager
def collected_questions() -> Iterator[list[str]]:
    """Collect sentences about parties that an editor should look at after a load."""
    questions: list[str] = []
    token = _collected.set(questions)
    try:
        yield questions
    finally:
        _collected.reset(token)


def is_independent(name: str) -> bool:
    """Whether a file's name of a party means none, in one language or in both."""
    halves = {spelling_key(text) for text in _in_two_languages(name)}
    return spelling_key(name) in INDEPENDENTS or (bool(halves) and halves <= INDEPENDENTS)


def _in_two_languages(name: str) -> list[str]:
    """The halves of “Welsh Labour / Llafur Cymru”; [] where a name has no two halves."""
    halves = re.split(r"\s*/\s*|\s+[-\u2013\u2014|]\s+", name)
    return halves if len(halves) == 2 and all(halves) else []


def _numbers(numbers: set[str]) -> str:
    return ", ".join(public_number(number) for number in sorted(numbers)) or _("no number")


def _only(text: str, found: list[Party]) -> Party | None:
    """Return the one party found; None for none. Raises AmbiguousParty for several.

    Of Labour and of Labour and Co-operative, Labour is meant.
    """
    whole = [party for party in found if party.tallied_with_id is None] or found
    if len({party.label for party in found}) > 1:
        raise AmbiguousParty(text, [party.name for party in found])
    return whole[0] if whole else None


@cache
def _by_name() -> dict[str, KnownParty]:
    """Known parties by their names and aliases."""
    by_name: dict[str, KnownParty] = {}
    for known in known_parties():
        earlier = (name.name for name in known.renamed)
        for name in (known.name, *known.aliases, *earlier):
            by_name.setdefault(spelling_key(name), known)
    return by_name


@cache
def _by_abbreviation() -> dict[str, KnownParty]:
    by_abbreviation: dict[str, KnownParty] = {}
    for known in known_parties():
        for text in (known.abbreviation, *(earlier.abbreviation for earlier in known.renamed)):
            by_abbreviation.setdefault(spelling_key(text), known)
    return by_abbreviation


@cache
def _by_commission() -> dict[str, KnownParty]:
    return {number: known for known in known_parties() for number in known.commission}


def initials(name: str) -> str:
    """Abbreviate a name: “Animal Welfare Party” is “AWP”; a single word is cut."""
    words = re.findall(r"\w+", re.sub(r"\b(the|of|and|for|a|in)\b", " ", name, flags=re.IGNORECASE))
    return "".join(word[0].upper() for word in words)[:8] if len(words) > 1 else name[:8].strip()

"""Registry of parties (`known_parties.csv`) that imports create by name. It may be extended."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .party import Party
from .party_alias import PartyAlias, key_of, party_with

REGISTRY = Path(__file__).with_name("known_parties.csv")


@dataclass(frozen=True, slots=True)
class EarlierName:
    """A name that the registration had, for elections up to the day `until`."""

    name: str
    abbreviation: str
    until: date


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A row of the registry. `aliases` are spellings used by common sources.

    The first number of `commission` is the party's main one; the others are those of the register
    for Northern Ireland, of other parts of the party, or of joint descriptions.
    """

    slug: str
    name: str
    collective: str
    abbreviation: str
    name_cy: str
    collective_cy: str
    abbreviation_cy: str
    colour: str
    tallied_with: str
    commission: tuple[str, ...]
    aliases: tuple[str, ...]
    renamed: tuple[EarlierName, ...]

    def make(self) -> Party:
        """The stored party, created if missing. Changes made by editors are kept."""
        return self.stored() or self._create()

    def stored(self) -> Party | None:
        """Return the stored party with this address or one of these numbers; None if missing."""
        party = Party.objects.filter(slug=self.slug).first()
        party = party or party_with(PartyAlias.Kind.ADDRESS, self.slug)
        numbered = (party_with(PartyAlias.Kind.NUMBER, number) for number in self.commission)
        return party or next((party for party in numbered if party is not None), None)

    def _create(self) -> Party:
        other = known_party(self.tallied_with).make() if self.tallied_with else None
        party = Party.objects.create(
            slug=self.slug,
            name=self.name,
            collective=self.collective if self.collective != self.name else "",
            abbreviation=self.abbreviation,
            name_cy=self.name_cy,
            collective_cy=self.collective_cy,
            abbreviation_cy=self.abbreviation_cy,
            colour=self.colour,
            tallied_with=other,
            electoral_commission_id=self.commission[0] if self.commission else "",
        )
        PartyAlias.objects.bulk_create(self.alias_rows(party), ignore_conflicts=True)
        return party

    def alias_rows(self, party: Party) -> Iterator[PartyAlias]:
        """Yield the aliases of the row, unsaved, with their keys."""
        # Earlier names first: a spelling that is the same is ignored then.
        for earlier in self.renamed:
            alias = _alias(party, PartyAlias.Kind.SPELLING, earlier.name)
            alias.until, alias.abbreviation = earlier.until, earlier.abbreviation
            yield alias
        for name in self.aliases:
            yield _alias(party, PartyAlias.Kind.SPELLING, name)
        for number in self.commission[1:]:
            yield _alias(party, PartyAlias.Kind.NUMBER, number)


def _alias(party: Party, kind: PartyAlias.Kind, text: str) -> PartyAlias:
    return PartyAlias(party=party, kind=kind, text=text, key=key_of(kind, text))


@cache
def known_parties() -> tuple[KnownParty, ...]:
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        return tuple(
            KnownParty(
                slug=row["slug"],
                name=row["name"],
                collective=row["collective"],
                abbreviation=row["abbreviation"],
                name_cy=row["name_cy"],
                collective_cy=row["collective_cy"],
                abbreviation_cy=row["abbreviation_cy"],
                colour=row["colour"],
                tallied_with=row["tallied_with"],
                commission=tuple(filter(None, row["electoral_commission"].split("|"))),
                aliases=tuple(filter(None, row["aliases"].split("|"))),
                renamed=tuple(map(_earlier_name, filter(None, row["renamed"].split("|")))),
            )
            for row in csv.DictReader(file)
        )


def _earlier_name(text: str) -> EarlierName:
    """Parse “Brexit Party/Brexit/2021-01-03”: name, abbreviation, last day."""
    name, abbreviation, until = text.split("/")
    return EarlierName(name, abbreviation, date.fromisoformat(until))


def known_party(slug: str) -> KnownParty:
    """The row with this slug. Raises `KeyError` where there is none."""
    return {known.slug: known for known in known_parties()}[slug]

"""Registry of parties (`known_parties.csv`) that imports create by name. It may be extended."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .party import Party

REGISTRY = Path(__file__).with_name("known_parties.csv")


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the registry. `aliases` are spellings used by common sources."""

    slug: str
    name: str
    collective: str
    abbreviation: str
    colour: str
    tallied_with: str
    commission: tuple[str, ...]
    aliases: tuple[str, ...]

    def make(self) -> Party:
        """The stored party, created if missing. Changes made by editors are kept."""
        defaults = {
            "name": self.name,
            "collective": self.collective if self.collective != self.name else "",
            "abbreviation": self.abbreviation,
            "colour": self.colour,
            # A callable, so that the other party is created only where this one is.
            "tallied_with": known_party(self.tallied_with).make if self.tallied_with else None,
            "electoral_commission_id": self.commission[0] if self.commission else "",
        }
        return Party.objects.get_or_create(slug=self.slug, defaults=defaults)[0]


@cache
def known_parties() -> tuple[Known, ...]:
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        return tuple(
            Known(
                slug=row["slug"],
                name=row["name"],
                collective=row["collective"],
                abbreviation=row["abbreviation"],
                colour=row["colour"],
                tallied_with=row["tallied_with"],
                commission=tuple(filter(None, row["electoral_commission"].split("|"))),
                aliases=tuple(filter(None, row["aliases"].split("|"))),
            )
            for row in csv.DictReader(file)
        )


def known_party(slug: str) -> Known:
    """The row with this slug. Raises `KeyError` where there is none."""
    return {known.slug: known for known in known_parties()}[slug]

"""Find the party that a file names, by name, alias, abbreviation or Electoral Commission number."""

import re
from functools import cache
from typing import Any

from django.utils.text import slugify

from results.models import Party, StandingAs
from results.models.known_parties import Known, known_parties

INDEPENDENTS = {"independent", "ind", "no description", "ynmp party 2", "independents"}
SPEAKERS = {"speaker", "spk", "the speaker", "speaker seeking re election", "ynmp party 12522"}
NEUTRAL = "#6b6b6b"


@cache
def _by_name() -> dict[str, Known]:
    """Known parties by name; names and aliases win over another party's abbreviation."""
    by_name: dict[str, Known] = {}
    for known in known_parties():
        for name in (known.name, *known.aliases):
            by_name.setdefault(_plain(name), known)
    for known in known_parties():
        by_name.setdefault(_plain(known.abbreviation), known)
    return by_name


@cache
def _by_commission() -> dict[str, Known]:
    return {number: known for known in known_parties() for number in known.commission}


class Parties:
    """Finds parties as files name them, and creates those that are unknown.

    A name counts more than an abbreviation: some files write “Lab” for “Labour and Co-operative”.
    """

    def __init__(self) -> None:
        self._parties: dict[str, Party] = {party.slug: party for party in Party.objects.all()}
        self._standings: dict[tuple[str, str, str], dict[str, Any]] = {}

    def standing(self, name: str, abbreviation: str = "", commission: str = "") -> dict[str, Any]:
        """Return `{"standing_as": …, "party": …}`, the fields of `StandsAs` in models."""
        key = (name, abbreviation, commission)
        if key not in self._standings:
            self._standings[key] = self._standing(*key)
        return self._standings[key]

    def _standing(self, name: str, abbreviation: str, commission: str) -> dict[str, Any]:
        names = {_plain(text) for text in (name or abbreviation, commission) if text}
        if names & SPEAKERS:
            return {"standing_as": StandingAs.SPEAKER, "party": None}
        if names & INDEPENDENTS or not names:
            return {"standing_as": StandingAs.INDEPENDENT, "party": None}
        party = self._party(name, abbreviation, commission)
        return {"standing_as": StandingAs.PARTY, "party": party}

    def _party(self, name: str, abbreviation: str, commission: str) -> Party:
        number = re.sub(r"^(PP|party:|joint-party:|jp)", "", commission, flags=re.IGNORECASE)
        known = _by_name().get(_plain(name)) if name else None
        known = known or _by_commission().get(number)
        if known is None and not name:
            known = _by_name().get(_plain(abbreviation))
        if known is not None:
            return self._known(known)
        return self._unknown(name or abbreviation, abbreviation, number)

    def _known(self, known: Known) -> Party:
        if known.slug not in self._parties:
            self._parties[known.slug] = known.make()
        return self._parties[known.slug]

    def _unknown(self, name: str, abbreviation: str, number: str) -> Party:
        slug = slugify(name)[:45] or "party"
        if slug in self._parties and self._parties[slug].name == name[:120]:
            return self._parties[slug]
        while slug in self._parties or slug in (StandingAs.INDEPENDENT, StandingAs.SPEAKER):
            slug = f"{slug}-2"
        self._parties[slug] = Party.objects.create(
            slug=slug,
            name=name[:120],
            abbreviation=abbreviation if 0 < len(abbreviation) <= 12 else initials(name),
            colour=NEUTRAL,
            electoral_commission_id=number[:40],
        )
        return self._parties[slug]


def initials(name: str) -> str:
    """Abbreviate a name: “Animal Welfare Party” is “AWP”; a single word is cut."""
    words = re.findall(r"\w+", re.sub(r"\b(the|of|and|for|a|in)\b", " ", name, flags=re.IGNORECASE))
    return "".join(word[0].upper() for word in words)[:8] if len(words) > 1 else name[:8].strip()


def _plain(name: str) -> str:
    return re.sub(r"[^\w]+", " ", name.lower()).strip()

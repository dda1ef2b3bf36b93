"""Words that differ between kinds of election: what is elected, where, to what, and who."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _, ngettext, ngettext_lazy

from results.arithmetic import Kind
from results.models import AreaKind, Body, Contest, Election
from results.words import nouns
from results.words.nouns import Noun, People, Text

ELECTED_FOR = ngettext_lazy(
    "is duly elected as %(title)s for %(area)s",
    "are duly elected as %(title)s for %(area)s",
    "n",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one kind of election, in the active language.

    `contest` is what the law calls the area of a ballot. `listed` is what lists, maps and searches
    speak of: one row is one of it. `last` is what holds and gains are measured against. `several`:
    whether a contest may have more than one seat. `prize` is what is won, held and gained.
    `on_ballot` is what is voted for: its names are those on the ballot paper. `list_vote` is the
    second vote of each elector, for a list of the region; empty where there is none.
    """

    contest: Noun
    listed: Noun
    body: Noun
    election: Text
    by_election: Text
    people: People
    last: Text
    several: bool = False
    prize: Noun = nouns.SEAT
    on_ballot: Noun = nouns.CANDIDATE
    list_vote: Text = ""
    declared: Any = ELECTED_FOR

    @property
    def find(self) -> str:
        """“Find a ward”."""
        return gettext("Find %(a_ward)s") % {"a_ward": self.listed.a}

    @property
    def every(self) -> str:
        """“Every ward”, the title of a list of all."""
        return gettext("Every %(ward)s") % {"ward": self.listed.one}

    @property
    def mine(self) -> str:
        """“My wards”."""
        return gettext("My %(wards)s") % {"wards": self.listed.many}

    @property
    def won(self) -> str:
        """“Every seat won”, “Wards with seats won”: the title of a party's list."""
        if self.several:
            return gettext("%(wards)s with seats won") % {"wards": capfirst(str(self.listed.many))}
        return gettext("Every %(seat)s won") % {"seat": self.listed.one}

    @property
    def voted_in(self) -> Noun:
        """What the party table's votes are cast in: those for regions' lists are apart."""
        if self.list_vote:
            return nouns.CONSTITUENCY
        return self.listed

    def to_come(self, n: int) -> str:
        """“1 ward to come”."""
        return ngettext("%(wards)s to come", "%(wards)s to come", n) % {
            "wards": self.listed.number(n)
        }

    def duly_elected(self, n: int, area: str) -> str:
        """What a returning officer says of so many: “are duly elected as councillors for Abbey”.

        Source: Electoral Commission, guidance for returning officers, “Declaring the result”.
        """
        if self.people is nouns.ANSWERS:
            return gettext("has the most votes") if n else gettext("The votes are equal")
        title = self.people.title if n == 1 else self.people.titles
        return str(self.declared % {"n": n, "title": title, "area": area})


_GENERAL = Words(
    contest=nouns.CONSTITUENCY,
    listed=nouns.SEAT,
    body=nouns.HOUSE,
    election=_("general election"),
    by_election=_("by-election"),
    people=nouns.MPS,
    last=_("the last general election"),
)
_COUNCIL = Words(
    contest=nouns.WARD,
    listed=nouns.WARD,
    body=nouns.COUNCIL,
    election=_("council election"),
    by_election=_("council by-election"),
    people=nouns.COUNCILLORS,
    last=_("the last election of the same seats"),
    several=True,
)
_CHAMBER = replace(
    _GENERAL,
    listed=nouns.CONSTITUENCY,
    election=_("election"),
    last=_("the last election"),
    several=True,
)

WORDS: dict[Kind, Words] = {
    Kind.UK_PARLIAMENT: _GENERAL,
    Kind.UK_PARLIAMENT_BY_ELECTION: replace(
        _GENERAL, listed=nouns.BY_ELECTION, election=_("by-election")
    ),
    Kind.COUNCIL: _COUNCIL,
    Kind.COUNCIL_STV: _COUNCIL,
    Kind.MAYOR: Words(
        contest=nouns.AREA,
        listed=nouns.AREA,
        body=nouns.OFFICE,
        prize=nouns.OFFICE,
        election=_("mayoral election"),
        by_election=_("mayoral by-election"),
        people=nouns.MAYORS,
        last=_("the last mayoral election"),
        declared=ngettext_lazy(
            "is duly elected as %(title)s of %(area)s",
            "are duly elected as %(title)s of %(area)s",
            "n",
        ),
    ),
    Kind.COMMISSIONER: Words(
        contest=nouns.AREA,
        listed=nouns.AREA,
        body=nouns.OFFICE,
        prize=nouns.OFFICE,
        election=_("police and crime commissioner election"),
        by_election=_("police and crime commissioner by-election"),
        people=nouns.COMMISSIONERS,
        last=_("the last commissioner’s election"),
    ),
    Kind.REFERENDUM: Words(
        contest=nouns.AREA,
        listed=nouns.AREA,
        body=nouns.QUESTION,
        on_ballot=nouns.ANSWER,
        election=_("referendum"),
        by_election=_("referendum"),
        people=nouns.ANSWERS,
        declared=ngettext_lazy("has the most votes", "have as many votes", "n"),
        last=_("the last referendum"),
    ),
    Kind.SENEDD: replace(
        _CHAMBER, body=nouns.SENEDD, people=nouns.MSS, election=_("Senedd election")
    ),
    Kind.SCOTTISH_PARLIAMENT: replace(
        _CHAMBER,
        listed=nouns.CONSTITUENCY_OR_REGION,
        body=nouns.PARLIAMENT,
        people=nouns.MSPS,
        election=_("Scottish Parliament election"),
        list_vote=_("regional vote"),
    ),
    Kind.LONDON_ASSEMBLY: replace(
        _CHAMBER,
        listed=nouns.CONSTITUENCY_OR_REGION,
        body=nouns.ASSEMBLY,
        people=nouns.AMS,
        election=_("London Assembly election"),
        list_vote=_("London-wide vote"),
    ),
    Kind.NI_ASSEMBLY: replace(
        _CHAMBER, body=nouns.ASSEMBLY, people=nouns.MLAS, election=_("Assembly election")
    ),
}

#: Nouns of a council's areas, by what its body calls them.
_AREAS: dict[str, Noun] = {
    AreaKind.WARD: nouns.WARD,
    AreaKind.DIVISION: nouns.DIVISION,
    AreaKind.ELECTORAL_AREA: nouns.ELECTORAL_AREA,
}


def words_of_kind(kind: str) -> Words:
    """The words of a kind, given as a `Kind` or as its stored value. Raises ValueError."""
    return WORDS[Kind(kind)]


def words_of(about: Election | Body | Contest) -> Words:
    """The words of an election, a body or a contest.

    A council's areas are called what its body says. An election whose councils have both wards and
    divisions speaks of “wards and divisions”. Reads the bodies of a council's election once for
    each instance of it; of a body or a contest, nothing that `with_results` has not read.
    """
    if isinstance(about, Election):
        found = WORDS[Kind(about.kind)]
        return _with_areas(found, about.area_kinds) if found.body is nouns.COUNCIL else found
    found = WORDS[Kind(about.election.kind)]
    if found.body is not nouns.COUNCIL:
        return found
    body = about.body if isinstance(about, Contest) else about
    return _with_areas(found, frozenset({body.areas}))


def _with_areas(words: Words, areas: frozenset[str]) -> Words:
    called = list(dict.fromkeys(_AREAS.get(kind, nouns.WARD) for kind in sorted(areas)))
    noun = called[0] if len(called) == 1 else nouns.WARD_OR_DIVISION
    return replace(words, contest=noun, listed=noun) if called else words

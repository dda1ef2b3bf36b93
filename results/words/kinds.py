"""Words that differ between kinds of election: what is elected, where, to what, and who."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _, ngettext, ngettext_lazy

from results.arithmetic import ElectionKind, Method
from results.models import AreaKind, Body, Contest, Election
from results.words import nouns
from results.words.nouns import Noun, People, Text

ELECTED_FOR = ngettext_lazy(
    "is duly elected as %(title)s for %(area)s",
    "are duly elected as %(title)s for %(area)s",
    "n",
)

VOTES = _("Votes")
VOTE_SHARE = _("Vote share")
#: Headings of first preferences, which elect nobody by themselves.
FIRST_PREFERENCES = _("First preferences")
SHARE_OF_FIRST_PREFERENCES = _("Share of first preferences")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one kind of election, in the active language.

    `contest` is the legal term for the area of a ballot. `listed` is the noun for what lists, maps
    and searches show in a row. `last` names the baseline of holds and gains. `several`: whether a
    contest may have more than one seat. `prize` is the noun for what is won, held and gained.
    `on_ballot` is the noun for what is voted for, named on the ballot paper. `list_vote` is the
    second vote of each elector, for a list of the region; empty where there is none. `chamber` is
    what a majority of all seats is one in, empty where there is no such body. `votes` and
    `vote_share` are headings: where votes are transferred they are first preferences.
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
    chamber: Text = ""
    votes: Text = VOTES
    vote_share: Text = VOTE_SHARE
    declared: Any = ELECTED_FOR

    @property
    def find(self) -> str:
        """Text such as “Find a ward”."""
        return gettext("Find %(a_ward)s") % {"a_ward": self.listed.a}

    @property
    def every(self) -> str:
        """Text such as “Every ward”, the title of a list of all."""
        return gettext("Every %(ward)s") % {"ward": self.listed.one}

    @property
    def mine(self) -> str:
        """Text such as “My wards”."""
        return gettext("My %(wards)s") % {"wards": self.listed.many}

    @property
    def won(self) -> str:
        """Text such as “Every seat won”, “Wards with seats won”: the title of a party's list."""
        if self.several:
            return gettext("%(wards)s with seats won") % {"wards": capfirst(str(self.listed.many))}
        return gettext("Every %(seat)s won") % {"seat": self.listed.one}

    @property
    def voted_in(self) -> Noun:
        """The area that the party table's votes are cast in; votes for regions' lists are apart."""
        if self.list_vote:
            return nouns.CONSTITUENCY
        return self.listed

    def to_come(self, n: int) -> str:
        """Return “1 ward to come”."""
        return ngettext("%(wards)s to come", "%(wards)s to come", n) % {
            "wards": self.listed.number(n)
        }

    def duly_elected(self, n: int, area: str) -> str:
        """Return the words of a declaration: “are duly elected as councillors for Abbey”.

        `n` is the number of those elected. Source: Electoral Commission, guidance for returning
        officers, “Declaring the result”.
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
    chamber=_("the House"),
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

WORDS: dict[ElectionKind, Words] = {
    ElectionKind.UK_PARLIAMENT: _GENERAL,
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: replace(
        _GENERAL, listed=nouns.BY_ELECTION, election=_("by-election")
    ),
    ElectionKind.COUNCIL: _COUNCIL,
    ElectionKind.COUNCIL_STV: replace(
        _COUNCIL, votes=FIRST_PREFERENCES, vote_share=SHARE_OF_FIRST_PREFERENCES
    ),
    ElectionKind.MAYOR: Words(
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
    ElectionKind.COMMISSIONER: Words(
        contest=nouns.AREA,
        listed=nouns.AREA,
        body=nouns.OFFICE,
        prize=nouns.OFFICE,
        election=_("police and crime commissioner election"),
        by_election=_("police and crime commissioner by-election"),
        people=nouns.COMMISSIONERS,
        last=_("the last commissioner’s election"),
    ),
    ElectionKind.REFERENDUM: Words(
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
    ElectionKind.SENEDD: replace(
        _CHAMBER,
        body=nouns.SENEDD,
        chamber=_("the Senedd"),
        people=nouns.MSS,
        election=_("Senedd election"),
    ),
    ElectionKind.SCOTTISH_PARLIAMENT: replace(
        _CHAMBER,
        listed=nouns.CONSTITUENCY_OR_REGION,
        body=nouns.PARLIAMENT,
        chamber=_("the Parliament"),
        people=nouns.MSPS,
        election=_("Scottish Parliament election"),
        list_vote=_("regional vote"),
    ),
    ElectionKind.LONDON_ASSEMBLY: replace(
        _CHAMBER,
        listed=nouns.CONSTITUENCY_OR_REGION,
        body=nouns.ASSEMBLY,
        chamber=_("the Assembly"),
        people=nouns.AMS,
        election=_("London Assembly election"),
        list_vote=_("London-wide vote"),
    ),
    ElectionKind.NI_ASSEMBLY: replace(
        _CHAMBER,
        body=nouns.ASSEMBLY,
        chamber=_("the Assembly"),
        people=nouns.MLAS,
        election=_("Assembly election"),
        votes=FIRST_PREFERENCES,
        vote_share=SHARE_OF_FIRST_PREFERENCES,
    ),
}

#: Nouns of a council's areas, by what its body calls them.
_AREAS: dict[str, Noun] = {
    AreaKind.WARD: nouns.WARD,
    AreaKind.DIVISION: nouns.DIVISION,
    AreaKind.ELECTORAL_AREA: nouns.ELECTORAL_AREA,
}


def words_of_kind(kind: str) -> Words:
    """Return the words of a kind, a `ElectionKind` or its stored value. Raises ValueError."""
    return WORDS[ElectionKind(kind)]


def words_of(about: Election | Body | Contest) -> Words:
    """The words of an election, a body or a contest.

    A council's areas have the noun of its body. An election whose councils have both wards and
    divisions has “wards and divisions”. Reads the bodies of a council's election once for
    each instance of it; of a body or a contest, nothing that `with_results` has not read. Where the
    seats of one contest are filled as declared, its votes are first preferences.
    """
    if isinstance(about, Election):
        found = WORDS[ElectionKind(about.kind)]
        return _with_areas(found, about.area_kinds) if found.body is nouns.COUNCIL else found
    found = WORDS[ElectionKind(about.election.kind)]
    if isinstance(about, Contest) and about.method == Method.DECLARED:
        found = replace(found, votes=FIRST_PREFERENCES, vote_share=SHARE_OF_FIRST_PREFERENCES)
    if found.body is not nouns.COUNCIL:
        return found
    body = about.body if isinstance(about, Contest) else about
    return _with_areas(found, frozenset({body.areas}))


def _with_areas(words: Words, areas: frozenset[str]) -> Words:
    called = list(dict.fromkeys(_AREAS.get(kind, nouns.WARD) for kind in sorted(areas)))
    noun = called[0] if len(called) == 1 else nouns.WARD_OR_DIVISION
    return replace(words, contest=noun, listed=noun) if called else words

"""Kinds of election, and the rules that differ between them."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class ElectionKind(StrEnum):
    """The type of body that an election elects to.

    Whether a ballot is a by-election is a property of the contest. `UK_PARLIAMENT_BY_ELECTION` is a
    day of by-elections only: its results make no House. `COUNCIL_STV` are the councils of Scotland
    and Northern Ireland.
    """

    UK_PARLIAMENT = "uk-parliament"
    UK_PARLIAMENT_BY_ELECTION = "uk-parliament-by-election"
    COUNCIL = "council"
    COUNCIL_STV = "council-stv"
    MAYOR = "mayor"
    COMMISSIONER = "commissioner"
    REFERENDUM = "referendum"
    SENEDD = "senedd"
    SCOTTISH_PARLIAMENT = "scottish-parliament"
    LONDON_ASSEMBLY = "london-assembly"
    NI_ASSEMBLY = "ni-assembly"


#: A deposit is lost with one vote in twenty, or fewer. Source: Electoral Commission, guidance for
#: candidates and agents, “Submitting your deposit”.
ONE_IN_TWENTY = Fraction(1, 20)


class Method(StrEnum):
    """The method by which a contest's seats are filled."""

    VOTES = "votes"
    """The candidates with the most votes."""
    LISTS = "lists"
    """D'Hondt on the votes of parties, in the order of their lists."""
    DECLARED = "declared"
    """As the returning officer declares, as by single transferable vote."""
    ANSWERS = "answers"
    """Nobody: the answer with the most votes is approved, and none where the votes are equal."""
    COUNTED = "counted"
    """Nobody: votes of a counting area, which are added up with those of others."""


class Summed(StrEnum):
    """The level at which an election's results are added up."""

    HOUSE = "house"
    """One House, whose tally is the election's."""
    CHAMBER = "chamber"
    """One chamber with a majority threshold, beside whose tally regions may be counted."""
    BODIES = "bodies"
    """Each council on its own: who controls it. A sum over several has no majority."""
    NONE = "none"
    """Nothing: each result is one of its own."""


class ShareMethod(StrEnum):
    """The votes from which a party's share of several contests is computed."""

    VOTES = "votes"
    """Every vote that was cast."""
    BEST_PLACED = "best-placed"
    """Those of each party's best-placed candidate in each contest: electors have several votes."""
    FIRST_PREFERENCES = "first-preferences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules that differ between kinds of election.

    `deposit_threshold` is the share of the valid votes with which a deposit is still lost; None
    where candidates pay none. `body` is the name of the only body that the kind elects to; "" where
    there may be several, or where it is named after a place. `holds` says whether a seat can be
    held or gained, and `swing` whether a swing between two parties is computed. `counting_areas`:
    an area may be counted in parts, each announced on its own.
    """

    deposit_threshold: Fraction | None = None
    body: str = ""
    method: Method = Method.VOTES
    summed: Summed = Summed.NONE
    share: ShareMethod = ShareMethod.VOTES
    holds: bool = True
    swing: bool = False
    counting_areas: bool = False

    @property
    def has_body_tallies(self) -> bool:
        """Whether each body has a stored tally of its own (`BodyTally`)."""
        return self.summed in (Summed.CHAMBER, Summed.BODIES)

    @property
    def adds_up(self) -> bool:
        """Whether results are added up; else each stands by itself."""
        return self.summed is not Summed.NONE

    @property
    def has_majority_of_votes(self) -> bool:
        """Whether who wins has a majority over the next: not of lists, nor by transferable vote."""
        return self.method is Method.VOTES

    @property
    def has_majority(self) -> bool:
        """Whether the election's seats make one House or chamber, with a majority threshold."""
        return self.summed in (Summed.HOUSE, Summed.CHAMBER)

    @property
    def has_control(self) -> bool:
        """Whether a party with more than half of a body's seats is said to control it."""
        return self.summed is Summed.BODIES


RULES: dict[ElectionKind, Rules] = {
    ElectionKind.UK_PARLIAMENT: Rules(
        deposit_threshold=ONE_IN_TWENTY,
        body="House of Commons",
        summed=Summed.HOUSE,
        swing=True,
    ),
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: Rules(
        deposit_threshold=ONE_IN_TWENTY, body="House of Commons", swing=True
    ),
    ElectionKind.COUNCIL: Rules(summed=Summed.BODIES, share=ShareMethod.BEST_PLACED),
    ElectionKind.COUNCIL_STV: Rules(
        method=Method.DECLARED, summed=Summed.BODIES, share=ShareMethod.FIRST_PREFERENCES
    ),
    ElectionKind.MAYOR: Rules(deposit_threshold=ONE_IN_TWENTY, counting_areas=True),
    ElectionKind.COMMISSIONER: Rules(deposit_threshold=ONE_IN_TWENTY, counting_areas=True),
    ElectionKind.REFERENDUM: Rules(method=Method.ANSWERS, holds=False, counting_areas=True),
    ElectionKind.SENEDD: Rules(
        deposit_threshold=ONE_IN_TWENTY, body="Senedd", method=Method.LISTS, summed=Summed.CHAMBER
    ),
    ElectionKind.SCOTTISH_PARLIAMENT: Rules(
        deposit_threshold=ONE_IN_TWENTY, body="Scottish Parliament", summed=Summed.CHAMBER
    ),
    ElectionKind.LONDON_ASSEMBLY: Rules(
        deposit_threshold=ONE_IN_TWENTY, body="London Assembly", summed=Summed.CHAMBER
    ),
    ElectionKind.NI_ASSEMBLY: Rules(
        body="Northern Ireland Assembly",
        method=Method.DECLARED,
        summed=Summed.CHAMBER,
        share=ShareMethod.FIRST_PREFERENCES,
    ),
}


def rules_of(kind: str) -> Rules:
    """The rules of a kind, given as an `ElectionKind` or as its stored value. Raises ValueError."""
    return RULES[ElectionKind(kind)]


#: Kinds of election that a source's files do not tell apart.
_FAMILIES = (
    {ElectionKind.UK_PARLIAMENT, ElectionKind.UK_PARLIAMENT_BY_ELECTION},
    {ElectionKind.COUNCIL, ElectionKind.COUNCIL_STV},
)

#: Kinds that elect in an area, by how its official code begins. Source: Office for National
#: Statistics, Register of Geographic Codes.
_KINDS_BY_CODE: dict[str, ElectionKind] = {
    **dict.fromkeys(("E14", "W07", "S14", "N05", "N06"), ElectionKind.UK_PARLIAMENT),
    **dict.fromkeys(("E05", "W05", "E58"), ElectionKind.COUNCIL),
    **dict.fromkeys(("S13", "N08", "N10"), ElectionKind.COUNCIL_STV),
    **dict.fromkeys(("S16", "S17"), ElectionKind.SCOTTISH_PARLIAMENT),
    "E32": ElectionKind.LONDON_ASSEMBLY,
    "E23": ElectionKind.COMMISSIONER,
}


def same_family(first: str, second: str) -> bool:
    """Whether rows of the first kind may belong to an election of the second."""
    return first == second or any({first, second} <= family for family in _FAMILIES)


def kind_of_area(code: str) -> ElectionKind | None:
    """Return the kind of election held in an area, by its official code; None if unknown."""
    return _KINDS_BY_CODE.get(code[:3])

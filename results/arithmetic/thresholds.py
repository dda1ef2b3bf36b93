"""Thresholds of the checks of ballot counts, which differ between kinds of election.

Tuned on the general elections of 2015 to 2019 and the boroughs of London in 2026; docs/figures.md
has the rates that they reach on these and on others.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from results.arithmetic.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The thresholds for one kind of election: fractions of one, unless stated.

    `turnout` is the band of usual turnouts. `turnout_change` is how far a turnout may be from last
    time's before the night shows its own change, and `turnout_spreads` how many standard deviations
    below the median change it may be from then on, `turnout_contests` how many contests of the
    region, or of the night, have to have declared for that. `rejected` is the most rejected ballots
    of all, `electorate_change` the most that an electorate differs from the one on record.
    `close_votes` (votes) and `close_share` make a majority small.
    """

    turnout: tuple[Fraction, Fraction] = (Fraction(35, 100), Fraction(88, 100))
    turnout_change: Fraction = Fraction(85, 1000)
    turnout_spreads: float = 2.1
    turnout_contests: int = 5
    rejected: Fraction = Fraction(1, 100)
    electorate_change: Fraction = Fraction(10, 100)
    close_votes: int = 150
    close_share: Fraction = Fraction(5, 1000)


#: By-elections: turnout falls by a third or more, and rarely less than in a general election.
BY_ELECTION = Thresholds(
    turnout=(Fraction(10, 100), Fraction(80, 100)), turnout_change=Fraction(40, 100)
)
#: Councils: 15 to 60% vote, more where a general election is on the same day. Voters leave papers
#: blank more often, and wards differ more from each other than constituencies do.
COUNCIL = Thresholds(
    turnout=(Fraction(12, 100), Fraction(70, 100)),
    turnout_change=Fraction(20, 100),
    turnout_spreads=3.5,
    turnout_contests=10,
    rejected=Fraction(5, 100),
    electorate_change=Fraction(15, 100),
    close_votes=25,
)
#: By-elections of councils: few vote, and nobody else votes for another reason on the day.
COUNCIL_BY_ELECTION = replace(
    COUNCIL,
    turnout=(Fraction(6, 100), Fraction(65, 100)),
    turnout_change=Fraction(30, 100),
)
#: Whole areas, with supplementary ballots of other polls: many papers are rejected.
AREA = Thresholds(
    turnout=(Fraction(8, 100), Fraction(75, 100)),
    turnout_change=Fraction(25, 100),
    turnout_spreads=3.5,
    turnout_contests=10,
    rejected=Fraction(5, 100),
)
#: Parliaments and assemblies of a nation or of London, with more than one vote or by STV.
ASSEMBLY = Thresholds(
    turnout=(Fraction(25, 100), Fraction(80, 100)),
    turnout_change=Fraction(20, 100),
    turnout_spreads=2.5,
    turnout_contests=10,
    rejected=Fraction(3, 100),
)

THRESHOLDS: dict[Kind, Thresholds] = {
    Kind.UK_PARLIAMENT: Thresholds(),
    Kind.UK_PARLIAMENT_BY_ELECTION: BY_ELECTION,
    Kind.COUNCIL: COUNCIL,
    Kind.COUNCIL_STV: COUNCIL,
    Kind.MAYOR: AREA,
    Kind.COMMISSIONER: AREA,
    Kind.REFERENDUM: AREA,
    Kind.SENEDD: ASSEMBLY,
    Kind.SCOTTISH_PARLIAMENT: ASSEMBLY,
    Kind.LONDON_ASSEMBLY: ASSEMBLY,
    Kind.NI_ASSEMBLY: ASSEMBLY,
}


#: Of by-elections that are held with an election of the kind, or on another day.
BY_ELECTIONS: dict[Kind, Thresholds] = {
    Kind.UK_PARLIAMENT: BY_ELECTION,
    Kind.COUNCIL: COUNCIL_BY_ELECTION,
    Kind.COUNCIL_STV: COUNCIL_BY_ELECTION,
}


def thresholds_of(kind: str, *, by_election: bool = False) -> Thresholds:
    """The thresholds of a kind, given as a `Kind` or as its stored value; of its by-elections.

    Raises ValueError.
    """
    usual = THRESHOLDS[Kind(kind)]
    return BY_ELECTIONS.get(Kind(kind), usual) if by_election else usual

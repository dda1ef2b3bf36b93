"""Thresholds of the checks of ballot counts, which differ between kinds of election.

Tuned on the general elections of 2015 to 2019 and the boroughs of London in 2026; docs/figures.md
has the rates that they reach on these and on others.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from results.arithmetic.kinds import ElectionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The thresholds for one kind of election: fractions of one, unless stated.

    `turnout` is the band of usual turnouts. `turnout_change` is how far a turnout may be from last
    time's before the night shows its own change, and `turnout_spreads` how many standard deviations
    below the median change it may be from then on, and `turnout_contests` how many contests of the
    region, or of the night, have to have declared first. `rejected` is the most rejected ballots
    of all, `electorate_change` the most that an electorate differs from the one on record.
    `close_votes` (votes) and `close_share` make a majority small.

    `shares_contests` is the number of a council's contests that have to have declared before its
    candidates' expected shares are computed from them. The logarithm of the factor by which a
    figure may differ from the expected one is `factor_of_last` where that is from last time,
    `factor_of_night` where it is only from the night, and `factor_of_new` where last time is known
    and the party did not stand here: such a party is small everywhere.
    """

    turnout: tuple[Fraction, Fraction] = (Fraction(35, 100), Fraction(88, 100))
    turnout_change: Fraction = Fraction(85, 1000)
    turnout_spreads: float = 2.1
    turnout_contests: int = 5
    rejected: Fraction = Fraction(1, 100)
    electorate_change: Fraction = Fraction(10, 100)
    close_votes: int = 150
    close_share: Fraction = Fraction(5, 1000)
    shares_contests: int = 10
    factor_of_last: float = 1.7
    factor_of_night: float = 2.6
    factor_of_new: float = 2.0


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
    shares_contests=4,
    factor_of_last=1.6,
    factor_of_night=2.2,
    factor_of_new=1.8,
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

THRESHOLDS: dict[ElectionKind, Thresholds] = {
    ElectionKind.UK_PARLIAMENT: Thresholds(),
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: BY_ELECTION,
    ElectionKind.COUNCIL: COUNCIL,
    ElectionKind.COUNCIL_STV: COUNCIL,
    ElectionKind.MAYOR: AREA,
    ElectionKind.COMMISSIONER: AREA,
    ElectionKind.REFERENDUM: AREA,
    ElectionKind.SENEDD: ASSEMBLY,
    ElectionKind.SCOTTISH_PARLIAMENT: ASSEMBLY,
    ElectionKind.LONDON_ASSEMBLY: ASSEMBLY,
    ElectionKind.NI_ASSEMBLY: ASSEMBLY,
}


#: Thresholds of by-elections by kind, held with an election of the kind or on another day.
BY_ELECTIONS: dict[ElectionKind, Thresholds] = {
    ElectionKind.UK_PARLIAMENT: BY_ELECTION,
    ElectionKind.COUNCIL: COUNCIL_BY_ELECTION,
    ElectionKind.COUNCIL_STV: COUNCIL_BY_ELECTION,
}


def thresholds_of(kind: str, *, by_election: bool = False) -> Thresholds:
    """Return the thresholds of a kind, or of its by-elections.

    The kind is an `ElectionKind` or its stored value. Raises ValueError.
    """
    usual = THRESHOLDS[ElectionKind(kind)]
    return BY_ELECTIONS.get(ElectionKind(kind), usual) if by_election else usual

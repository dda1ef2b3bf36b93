"""Thresholds of the checks of ballot counts, which differ between kinds of election.

Tuned on the general election of 2019 and the boroughs of London in 2022; docs/figures.md has the
rates that they reach on these and on others.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The thresholds for one kind of election: fractions of one, unless stated.

    `turnout` is the band of usual turnouts. `turnout_change` is how far a turnout may be from last
    time's before the night shows its own change, and `turnout_spreads` how many standard deviations
    below the night's median change it may be from then on. `rejected` is the most rejected ballots of all,
    `electorate_change` the most that an electorate differs from the one on record. `close_votes`
    (votes) and `close_share` make a majority small.
    """

    turnout: tuple[Fraction, Fraction] = (Fraction(35, 100), Fraction(88, 100))
    turnout_change: Fraction = Fraction(12, 100)
    turnout_spreads: float = 2.0
    rejected: Fraction = Fraction(1, 100)
    electorate_change: Fraction = Fraction(10, 100)
    close_votes: int = 150
    close_share: Fraction = Fraction(5, 1000)

"""What ballot counts are checked against."""

from dataclasses import dataclass, field

from results.arithmetic.inputs import Candidacy
from results.arithmetic.known import Known
from results.arithmetic.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a result is checked against.

    `typed` figures are blocked where their sums are impossible. Those of an official file are
    published with the discrepancy named, since official tables contain such wards.
    """

    seats: int
    candidacies: tuple[Candidacy, ...]
    known: Known = field(default_factory=Known)
    thresholds: Thresholds = field(default_factory=Thresholds)
    polls_closed: bool = True
    announced_winners: tuple[int, ...] = ()
    typed: bool = True

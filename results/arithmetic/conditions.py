"""The conditions that ballot counts are checked against."""

from dataclasses import dataclass, field

from results.arithmetic.electoral_systems import BY_VOTES, ElectoralSystem
from results.arithmetic.inputs import Candidacy
from results.arithmetic.kinds import Method
from results.arithmetic.known import Known
from results.arithmetic.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """A contest's seats, candidates, records, thresholds and system, for checking its counts.

    `typed` figures are blocked where their sums are impossible. Those of an official file are
    published with the discrepancy named, since official tables contain such wards. `system` says
    who has votes of their own, and how many a ballot paper has.
    """

    seats: int
    candidacies: tuple[Candidacy, ...]
    known: Known = field(default_factory=Known)
    thresholds: Thresholds = field(default_factory=Thresholds)
    polls_closed: bool = True
    announced_winners: tuple[int, ...] = ()
    typed: bool = True
    system: ElectoralSystem = BY_VOTES

    @property
    def votes_per_paper(self) -> int:
        return self.system.votes_per_paper or self.seats

    @property
    def voted_for(self) -> tuple[Candidacy, ...]:
        """The candidates who have votes of their own; only the first of each list has."""
        if self.system.method is not Method.LISTS:
            return self.candidacies
        ids = {party_list.id for party_list in self.system.lists}
        return tuple(candidacy for candidacy in self.candidacies if candidacy.id in ids)

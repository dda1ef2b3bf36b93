"""One candidate's row in the table of a contest's result."""

from dataclasses import dataclass
from fractions import Fraction

from results.arithmetic import CandidateResult, SeatWon
from results.models import Candidate
from results.words.party_names import PartyName


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One candidate's row in a seat's table.

    `share_change` is a fraction of one. Both changes are None where there is nothing to compare
    with; `result` is None for who is not elected.
    """

    candidate: Candidate
    party_name: PartyName
    candidate_result: CandidateResult
    share_change: Fraction | None
    vote_change: int | None
    result: SeatWon | None

    @property
    def name(self) -> str:
        return self.candidate.name

    @property
    def bar(self) -> int:
        """The length of the bar in thousandths of the table's width."""
        return round(self.candidate_result.share * 1000) if self.candidate_result.share else 0

    @property
    def votes_last_time(self) -> int | None:
        if self.vote_change is None or self.candidate_result.votes is None:
            return None
        return self.candidate_result.votes - self.vote_change

    @property
    def times_elected(self) -> int | None:
        """How often the candidate has won the seat, this time included; None if not known."""
        if not self.candidate_result.elected or self.candidate.times_elected is None:
            return None
        return self.candidate.times_elected + 1

"""Ballot counts as one line of text, for the audit trail."""

from results.arithmetic import BallotCounts
from results.live.seat import Seat
from results.words.number_format import grouped


def ballot_counts_as_text(seat: Seat, ballot_counts: BallotCounts | None) -> str:
    """Every known count, with the candidates in ballot-paper order; empty for None."""
    if ballot_counts is None:
        return ""
    parts = [
        f"{candidate.name} {grouped(votes)}"
        for candidate, _party_name in seat.candidates
        if (votes := ballot_counts.votes.get(candidate.pk)) is not None
    ]
    parts += [
        f"elected {candidate.name}"
        for candidate, _party_name in seat.candidates
        if candidate.pk in ballot_counts.winners
    ]
    parts += [
        f"{field} {value}"
        for field in ("rejected", "electorate", "papers", "valid_announced", "turnout_announced")
        if (value := getattr(ballot_counts, field)) is not None
    ]
    return "; ".join(parts)

"""Format ballot counts as one line of text, for the audit trail."""

from results.arithmetic import BallotCounts
from results.live.seat import Seat
from results.words.number_format import grouped

#: Labels by the field of ballot counts, in the order of the text.
_LABELS = {
    "rejected": "rejected",
    "electorate": "electorate",
    "papers": "papers",
    "valid_announced": "valid votes announced",
    "turnout_announced": "turnout announced",
}


def ballot_counts_as_text(seat: Seat, ballot_counts: BallotCounts | None) -> str:
    """Return every known count, candidates in ballot-paper order; empty for None."""
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
        f"{label} {grouped(value) if isinstance(value, int) else value}"
        for field, label in _LABELS.items()
        if (value := getattr(ballot_counts, field)) is not None
    ]
    return "; ".join(parts)

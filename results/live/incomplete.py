"""Incomplete totals, published before there is a result, as pages show them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from results.live.lists import list_name
from results.models import Candidate
from results.words.party_names import PartyName

if TYPE_CHECKING:
    from results.live.seat import Seat


@dataclass(frozen=True, slots=True)
class KnownTotal:
    """One candidate or list in ballot-paper order; `votes` is None where they are not known."""

    candidate: Candidate
    name: str
    party_name: PartyName
    votes: int | None


def known_totals(seat: "Seat") -> list[KnownTotal]:
    """Return the totals of a seat with incomplete totals; empty for any other."""
    if not seat.is_incomplete or seat.declaration is None:
        return []
    votes = seat.declaration.ballot_counts.votes
    asked_for = {candidacy.id for candidacy in seat.voted_for}
    return [
        KnownTotal(
            candidate,
            list_name(seat, candidate) if seat.has_lists else candidate.name,
            party_name,
            votes.get(candidate.pk),
        )
        for candidate, party_name in seat.candidates
        if candidate.pk in asked_for
    ]

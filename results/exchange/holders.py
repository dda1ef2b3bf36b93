"""Tell from a file who was elected: by its own column, else by votes, and where a lot decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from results.exchange.commons_library import Candidate, Seat


@dataclass(frozen=True, slots=True)
class Winners:
    """Who was elected, and who tied for the last seat without the file saying who has it."""

    elected: Sequence[Candidate]
    tied: Sequence[Candidate] = ()
    #: Of those elected, who was drawn by lot.
    by_lot: Sequence[Candidate] = ()


def winners_of(seat: Seat, seats: int) -> Winners:
    """Return the winners of a contest of so many seats: the first by votes, if it does not say."""
    order = sorted(seat.candidates, key=lambda candidate: -candidate.votes)
    if seat.winners_are_known:
        elected = [candidate for candidate in seat.candidates if candidate.elected]
        last = min(candidate.votes for candidate in elected)
        beaten = any(c.votes == last for c in seat.candidates if not c.elected)
        tied = [candidate for candidate in elected if beaten and candidate.votes == last]
        return Winners(elected, by_lot=tied)
    if len(order) <= seats or order[seats - 1].votes > order[seats].votes:
        return Winners(order[:seats])
    last = order[seats].votes
    return Winners(
        [candidate for candidate in order if candidate.votes > last],
        tied=[candidate for candidate in order if candidate.votes == last],
    )


def tie_sentence(seat: Seat, winners: Winners) -> str:
    """Say where a tie is that the file does not settle, and how it could."""
    names = " and ".join(candidate.name or candidate.party for candidate in winners.tied)
    reason = (
        f"{seat.name}: {names} have {winners.tied[0].votes} votes each for the last seat, and the "
        "file does not say who has it; a column “elected” would"
    )
    return str(seat.error("votes", reason, winners.tied[0].line))

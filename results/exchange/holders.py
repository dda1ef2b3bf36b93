"""Determine from a file who was elected: by its own column or by votes, and who by lot."""

from collections.abc import Sequence
from dataclasses import dataclass

from results.arithmetic import Method
from results.exchange.commons_library import CandidateRow, LibrarySeat
from results.exchange.errors import counted


@dataclass(frozen=True, slots=True)
class Winners:
    """The elected candidates, and any doubt about them.

    `doubt` is a sentence where the file contradicts itself, or does not say enough; `row` is what
    it is about, None for the whole area.
    """

    elected: Sequence[CandidateRow]
    #: Of those elected, who was drawn by lot.
    by_lot: Sequence[CandidateRow] = ()
    doubt: str = ""
    row: CandidateRow | None = None
    column: str = "elected"


def winners_of(seat: LibrarySeat, seats: int, method: Method = Method.VOTES) -> Winners:
    """Return the winners of a contest of so many seats: the first by votes, if it does not say.

    A file that marks who was elected must mark as many as there are seats, and those with most
    votes; a tie is as it marks it. By single transferable vote those are elected whom it marks,
    whatever their first preferences; from lists, whoever the allocation gives a seat.
    """
    if method is Method.LISTS:
        return Winners([candidate for candidate in seat.candidates if candidate.elected])
    if seat.marks_winners:
        return _as_marked(seat, seats, by_votes=method is Method.VOTES)
    if method is Method.DECLARED:
        doubt = "the file does not say who was elected; a column “elected” would"
        return Winners([], doubt=doubt)
    order = sorted(seat.candidates, key=lambda candidate: -(candidate.votes or 0))
    if len(order) <= seats or order[seats - 1].votes != order[seats].votes:
        return Winners(order[:seats])
    last = order[seats].votes
    tied = [candidate for candidate in order if candidate.votes == last]
    elected = [candidate for candidate in order[:seats] if candidate.votes != last]
    if method in (Method.ANSWERS, Method.COUNTED):
        return Winners(elected)  # No lot is drawn: equal votes decide nothing.
    drawn = [candidate for candidate in tied if candidate.by_lot]
    if len(drawn) == seats - len(elected):
        return Winners([*elected, *drawn], by_lot=drawn)
    doubt = (
        f"{_names(tied)} have {last} votes each for the last seat, and the file does not say who "
        "has it; a column “elected” would"
    )
    return Winners(elected, doubt=doubt, row=tied[0], column="votes")


def _as_marked(seat: LibrarySeat, seats: int, *, by_votes: bool) -> Winners:
    elected = [candidate for candidate in seat.candidates if candidate.elected]
    others = [candidate for candidate in seat.candidates if not candidate.elected]
    expected = min(seats, len(seat.candidates))
    if not elected and expected:
        return Winners([], doubt="nobody is marked as elected", row=seat.candidates[0])
    if len(elected) != expected:
        marked = f"{len(elected)} {'is' if len(elected) == 1 else 'are'} marked as elected"
        doubt = f"{_names(elected)}: {marked}, for {counted(seats, 'seat')}"
        # With too few, those who are marked were elected; with too many, nobody knows who.
        winners = elected if len(elected) < expected else []
        return Winners(winners, doubt=doubt, row=elected[min(seats, len(elected) - 1)])
    if not by_votes or not seat.has_votes or not others or not elected:
        return Winners(elected)
    last = min(elected, key=lambda candidate: candidate.votes or 0)
    first = max(others, key=lambda candidate: candidate.votes or 0)
    if (first.votes or 0) > (last.votes or 0):
        doubt = (
            f"{last.name or last.party} is marked as elected with {last.votes} votes, and "
            f"{first.name or first.party} is not with {first.votes} (line {first.line})"
        )
        return Winners(elected, doubt=doubt, row=last)
    beaten = first.votes == last.votes
    drawn = [candidate for candidate in elected if beaten and candidate.votes == last.votes]
    return Winners(elected, by_lot=drawn)


def _names(candidates: Sequence[CandidateRow]) -> str:
    return " and ".join(candidate.name or candidate.party for candidate in candidates)


def doubt_sentence(seat: LibrarySeat, winners: Winners, what_follows: str) -> str:
    """Sentence on a file's contradiction about who was elected, and on what follows from it."""
    reason = f"{seat.name}: {winners.doubt}. {what_follows}"
    return str(seat.error(winners.column, reason, winners.row))

"""Rules for contests without a poll on the night: uncontested or postponed."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from results.arithmetic.comparison import SeatWon
from results.arithmetic.inputs import BallotCounts, Holder
from results.arithmetic.messages import BLOCK, ValidationMessage
from results.arithmetic.outcome import Outcome


class PollState(StrEnum):
    """The state of a contest's poll once its candidates are known."""

    HELD = "held"
    POSTPONED = "postponed"
    """Countermanded, or abandoned: as many stand as need a poll, on another day."""
    UNOPPOSED = "unopposed"
    """No more stand than there are seats: they are elected without a poll."""
    UNMARKED = "unmarked"
    """No more stand than there are seats, but the source does not say that the poll is off."""


def poll_of(*, cancelled: bool, candidates: int, seats: int) -> PollState:
    """Return the state of a poll from its source's cancellation and its number of candidates.

    A candidate's death countermands a parliamentary poll (Representation of the People Act 1983,
    Schedule 1, rules 60 to 65) and a local one (Local Elections (Principal Areas) (England and
    Wales) Rules 2006, rule 55); an uncontested one is not held.
    """
    if candidates > seats:
        return PollState.POSTPONED if cancelled else PollState.HELD
    return PollState.UNOPPOSED if cancelled else PollState.UNMARKED


def check_unopposed(
    ballot_counts: BallotCounts, candidates: Sequence[int], seats: int
) -> tuple[ValidationMessage, ...]:
    """Return a blocking message if there is a poll, or if candidates and winners differ."""
    params: dict[str, int | str] = {"candidates": len(candidates), "seats": seats}
    if len(candidates) > seats:
        return (ValidationMessage("contested", BLOCK, "", params),)
    if {*ballot_counts.winners} != {*candidates}:
        return (ValidationMessage("unopposed_others", BLOCK, "", params),)
    return ()


def lost_to_vacancies(
    outcome: Outcome, results: Sequence[SeatWon], holders: Sequence[Holder] | None
) -> tuple[str, ...]:
    """Return the labels that held the seats which are vacant now, one for each vacancy.

    Holders whose seat is held or lost to a winner are taken off first. Where holders of several
    labels are left for fewer vacancies, those with most seats left lose first, then by label.
    """
    left = Counter(holder.label for holder in holders or ())
    for result in results:
        label = result.label if result.hold else result.gained_from or result.displaced
        if label is not None:
            left[label] -= 1
    lost: list[str] = []
    for _vacancy in range(outcome.vacancies):
        label = min(left, key=lambda each: (-left[each], each), default=None)
        if label is None or left[label] < 1:
            break
        left[label] -= 1
        lost.append(label)
    return tuple(lost)

"""Detect requests to complete a result that contradict it, and so are corrections.

Full figures may elect another candidate than the winner that was published before them, or change a
figure that readers have seen. Their sender gives a reason for readers.
"""

from dataclasses import dataclass

from results.arithmetic import REASON, BallotCounts, Method, ValidationMessage
from results.arithmetic.claims import Claim, claim_of, kind_of_revision
from results.arithmetic.decisions import RevisionKind
from results.live.candidate_names import told_apart
from results.live.seat import Seat

#: Codes of the messages about reversals. A reason for readers accepts them.
CODES = ("winner_reversed", "claim_differs")


@dataclass(frozen=True, slots=True)
class Reversal:
    """A reversal: names published as elected, and those elected now, in ballot-paper order.

    Both are the same where only other figures change; `before` is empty for incomplete totals.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def message(self) -> ValidationMessage:
        if self.before == self.after or not self.before:
            return ValidationMessage("claim_differs", REASON, "")
        params: dict[str, int | str] = {
            "before": ", ".join(self.before),
            "after": ", ".join(self.after),
        }
        return ValidationMessage("winner_reversed", REASON, "winners", params)


def reversal_of(seat: Seat, ballot_counts: BallotCounts | None) -> Reversal | None:
    """Return the reversal of the published result by these counts; None if they complete it.

    It is None as well where the counts do not decide who is elected, which the checks refuse.
    """
    declaration = seat.declaration
    follows = seat.to_be_completed or seat.is_incomplete
    if ballot_counts is None or declaration is None or not follows:
        return None
    published, new = _claim(seat, declaration.ballot_counts), _claim(seat, ballot_counts)
    # Where winners are declared one by one, a correction may leave none.
    decided = new.elected or seat.is_incomplete or seat.system.method is Method.DECLARED
    if not decided or kind_of_revision(published, new) is not RevisionKind.CORRECTION:
        return None
    return Reversal(_names(seat, published), _names(seat, new))


def _claim(seat: Seat, ballot_counts: BallotCounts) -> Claim:
    order = [candidacy.id for candidacy in seat.contest.candidacies]
    return claim_of(ballot_counts, seats=seat.contest.seats, ballot_order=order, system=seat.system)


def _names(seat: Seat, claim: Claim) -> tuple[str, ...]:
    names = told_apart(seat.candidates)
    return tuple(name for pk, name in names.items() if pk in claim.elected)

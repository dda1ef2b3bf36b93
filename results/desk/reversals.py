"""A request to complete a result that takes back what is published: a correction in truth.

Full figures may elect somebody else than the winner that was published before them, or change a
figure that readers have seen. Whoever sends them gives the reason that readers are told.
"""

from dataclasses import dataclass

from results.arithmetic import REASON, BallotCounts, Method, ValidationMessage
from results.arithmetic.claims import Claim, claim_of, kind_of_revision
from results.arithmetic.decisions import RevisionKind
from results.live.candidate_names import told_apart
from results.live.seat import Seat

#: Codes of the messages that say so. A reason for readers accepts them.
CODES = ("winner_reversed", "claim_differs")


@dataclass(frozen=True, slots=True)
class Reversal:
    """Names of those published as elected and of those elected now, in ballot-paper order.

    Both are the same where only another figure is taken back; nobody was elected by some totals.
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
    """What these counts take back of an unfinished result; None where they only complete it.

    None as well where the counts do not say who is elected, which the checks refuse.
    """
    declaration = seat.declaration
    follows = seat.is_unfinished or seat.is_incomplete
    if ballot_counts is None or declaration is None or not follows:
        return None
    published, new = _claim(seat, declaration.ballot_counts), _claim(seat, ballot_counts)
    # Of those declared elected one by one, none may be left.
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

"""Check ballot counts against their contest, for forms, imports and the publishing API."""

from django.utils import timezone

from results.arithmetic import (
    BLOCK,
    BallotCounts,
    Conditions,
    ValidationMessage,
    check_ballot_counts,
)
from results.desk.reversals import reversal_of
from results.live.seat import Seat
from results.models import Standing


def conditions_for(seat: Seat) -> Conditions:
    """Return what the checks need to know about a seat."""
    contest, election = seat.contest, seat.contest.election
    winner_only = seat.standing.status == Standing.Status.WINNER_ONLY
    declaration = seat.declaration if winner_only else None
    return Conditions(
        seats=contest.seats,
        candidacies=contest.candidacies,
        last=seat.last_time,
        polls_closed=timezone.now() >= election.polls_close,
        expected_electorate=contest.electorate,
        announced_winners=declaration.ballot_counts.winners if declaration else (),
        deposits=election.deposits,
    )


def check(
    seat: Seat, ballot_counts: BallotCounts, *, winner_only: bool = False
) -> tuple[ValidationMessage, ...]:
    """Return the messages of every check that fails for this seat."""
    messages = check_ballot_counts(ballot_counts, conditions_for(seat), winner_only=winner_only)
    reversal = None if winner_only else reversal_of(seat, ballot_counts)
    if reversal is None or any(message.level == BLOCK for message in messages):
        return messages
    # It names who was published, where the check only knows that there was somebody else.
    others = (message for message in messages if message.code != "winner_differs")
    return (reversal.message, *others)

"""The checks of figures against their contest: one place for form, admin, importer and API."""

from django.utils import timezone

from results.arithmetic import (
    BLOCK,
    BallotCounts,
    Conditions,
    ValidationMessage,
    check_ballot_counts,
    clean_text,
)
from results.desk.errors import ValidationRefused
from results.live.seat import Seat
from results.models import Standing


def conditions_for(seat: Seat) -> Conditions:
    """What the contest lets the arithmetic know about what to expect."""
    contest, election = seat.contest, seat.contest.election
    rush = seat.declaration if seat.standing.status == Standing.Status.WINNER_ONLY else None
    return Conditions(
        seats=contest.seats,
        candidacies=contest.candidacies,
        last=seat.last_time,
        polls_closed=timezone.now() >= election.polls_close,
        expected_electorate=contest.electorate,
        announced_winners=rush.ballot_counts.winners if rush else (),
        deposits=election.deposits,
    )


def check(
    seat: Seat, ballot_counts: BallotCounts, *, winner_only: bool = False
) -> tuple[ValidationMessage, ...]:
    """Everything the checks find in these figures for this contest, blocks first."""
    return check_ballot_counts(ballot_counts, conditions_for(seat), winner_only=winner_only)


def require_valid(
    seat: Seat, ballot_counts: BallotCounts, *, winner_only: bool, reason: str
) -> tuple[ValidationMessage, ...]:
    """The warnings accepted with ``reason``; raises Refused for anything that may not pass."""
    messages = check(seat, ballot_counts, winner_only=winner_only)
    blocked = any(message.level == BLOCK for message in messages)
    if messages and (blocked or not clean_text(reason)):
        raise ValidationRefused(messages)
    return messages

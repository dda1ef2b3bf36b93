"""The checks of figures against their contest: one place for form, admin, importer and API."""

from django.utils import timezone

from results.arithmetic import BLOCK, Conditions, Figures, Finding, clean_text, findings_of
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
        announced_winners=rush.figures.winners if rush else (),
        deposits=election.deposits,
    )


def check(seat: Seat, figures: Figures, *, partial: bool = False) -> tuple[Finding, ...]:
    """Everything the checks find in these figures for this contest, blocks first."""
    return findings_of(figures, conditions_for(seat), partial=partial)


def require_valid(
    seat: Seat, figures: Figures, *, partial: bool, reason: str
) -> tuple[Finding, ...]:
    """The warnings accepted with ``reason``; raises Refused for anything that may not pass."""
    findings = check(seat, figures, partial=partial)
    blocked = any(finding.level == BLOCK for finding in findings)
    if findings and (blocked or not clean_text(reason)):
        raise ValidationRefused(findings)
    return findings

"""Results: declared, flashed, completed, corrected and withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User

from results.arithmetic import BLOCK, BallotCounts, ValidationMessage, clean_text
from results.desk.errors import ValidationRefused
from results.desk.publishing import PublishResult
from results.desk.revisions import RevisionRequest, publish_revision
from results.models import Candidate, Contest, Declaration, clock


def declare(
    contest: Contest,
    ballot_counts: BallotCounts,
    *,
    by: User,
    idempotency_key: str,
    base_revision: int = 0,
    declared_at: datetime | None = None,
    time_unknown: bool = False,
    recount: bool = False,
    source: str = "",
    warning_reason: str = "",
) -> PublishResult:
    """Publish a contest's whole result: every candidate's votes.

    ``declared_at`` is when it was read out, now unless given; ``time_unknown`` leaves it open, for
    records that do not say. ``warning_reason`` accepts what the checks only warn of.
    """
    submission = RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=base_revision,
        declared_at=None if time_unknown else declared_at or clock.now(),
        recount=recount,
        source=source,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, ballot_counts, submission)


def declare_winner(
    contest: Contest,
    winners: Sequence[Candidate],
    *,
    by: User,
    idempotency_key: str,
    base_revision: int = 0,
    votes: Mapping[int, int] | None = None,
    declared_at: datetime | None = None,
    source: str = "",
    warning_reason: str = "",
) -> PublishResult:
    """Publish who has won, with the totals known so far (by candidate id); figures to follow.

    The seat counts in the tallies at once, and never as a vote total.
    """
    known = votes or {}
    ballot_counts = BallotCounts(
        votes={one.pk: known.get(one.pk) for one in contest.candidates.all()},
        winners=tuple(winner.pk for winner in winners),
    )
    submission = RevisionRequest(
        kind=Declaration.Kind.WINNER_ONLY,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=base_revision,
        declared_at=declared_at or clock.now(),
        source=source,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, ballot_counts, submission)


def complete(
    contest: Contest,
    ballot_counts: BallotCounts,
    *,
    by: User,
    idempotency_key: str,
    base_revision: int,
    recount: bool = False,
    source: str = "",
    warning_reason: str = "",
) -> PublishResult:
    """Publish the full figures of a seat whose winner is known already: an update."""
    submission = RevisionRequest(
        kind=Declaration.Kind.UPDATE,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=base_revision,
        recount=recount,
        source=source,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, ballot_counts, submission)


def correct(
    contest: Contest,
    ballot_counts: BallotCounts,
    *,
    by: User,
    idempotency_key: str,
    base_revision: int,
    reason: str,
    blame: Declaration.Blame = Declaration.Blame.OURS,
    note: str = "",
    declared_at: datetime | None = None,
    warning_reason: str = "",
) -> PublishResult:
    """Replace published figures. ``reason`` is shown to readers, ``note`` is for the desk."""
    _require_reason(reason)
    submission = RevisionRequest(
        kind=Declaration.Kind.CORRECTION,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=base_revision,
        declared_at=declared_at,
        reason=reason,
        blame=blame,
        note=note,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, ballot_counts, submission)


def withdraw(
    contest: Contest,
    *,
    by: User,
    idempotency_key: str,
    base_revision: int,
    reason: str,
    blame: Declaration.Blame = Declaration.Blame.OURS,
    note: str = "",
) -> PublishResult:
    """Take a published result back, as a revision without figures and with a public reason."""
    _require_reason(reason)
    submission = RevisionRequest(
        kind=Declaration.Kind.WITHDRAWAL,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=base_revision,
        reason=reason,
        blame=blame,
        note=note,
    )
    return publish_revision(contest, None, submission)


def _require_reason(reason: str) -> None:
    if not clean_text(reason):
        raise ValidationRefused([ValidationMessage("reason_missing", BLOCK, "reason", {})])

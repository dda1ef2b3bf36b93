"""Results: declared, flashed, completed, corrected and withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User

from results.arithmetic import BLOCK, Figures, Finding, clean_text
from results.desk.errors import Refused
from results.desk.press import Answer
from results.desk.revisions import Submission, publish_revision
from results.models import Candidate, Contest, Fault, Kind, clock


def declare(
    contest: Contest,
    figures: Figures,
    *,
    by: User,
    key: str,
    base_revision: int = 0,
    declared_at: datetime | None = None,
    time_unknown: bool = False,
    recount: bool = False,
    source: str = "",
    warning_reason: str = "",
) -> Answer:
    """Publish a contest's whole result: every candidate's votes.

    ``declared_at`` is when it was read out, now unless given; ``time_unknown`` leaves it open, for
    records that do not say. ``warning_reason`` accepts what the checks only warn of.
    """
    submission = Submission(
        kind=Kind.DECLARATION,
        by=by,
        key=key,
        base_revision=base_revision,
        declared_at=None if time_unknown else declared_at or clock.now(),
        recount=recount,
        source=source,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, figures, submission)


def flash(
    contest: Contest,
    winners: Sequence[Candidate],
    *,
    by: User,
    key: str,
    base_revision: int = 0,
    votes: Mapping[int, int] | None = None,
    declared_at: datetime | None = None,
    source: str = "",
    warning_reason: str = "",
) -> Answer:
    """Publish who has won, with the totals known so far (by candidate id); figures to follow.

    The seat counts in the tallies at once, and never as a vote total.
    """
    known = votes or {}
    figures = Figures(
        votes={one.pk: known.get(one.pk) for one in contest.candidates.all()},
        winners=tuple(winner.pk for winner in winners),
    )
    submission = Submission(
        kind=Kind.FLASH,
        by=by,
        key=key,
        base_revision=base_revision,
        declared_at=declared_at or clock.now(),
        source=source,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, figures, submission)


def complete(
    contest: Contest,
    figures: Figures,
    *,
    by: User,
    key: str,
    base_revision: int,
    recount: bool = False,
    source: str = "",
    warning_reason: str = "",
) -> Answer:
    """Publish the full figures of a seat whose winner is known already: an update."""
    submission = Submission(
        kind=Kind.UPDATE,
        by=by,
        key=key,
        base_revision=base_revision,
        recount=recount,
        source=source,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, figures, submission)


def correct(
    contest: Contest,
    figures: Figures,
    *,
    by: User,
    key: str,
    base_revision: int,
    reason: str,
    fault: Fault = Fault.OURS,
    note: str = "",
    declared_at: datetime | None = None,
    warning_reason: str = "",
) -> Answer:
    """Replace published figures. ``reason`` is shown to readers, ``note`` is for the desk."""
    _insist_on_reason(reason)
    submission = Submission(
        kind=Kind.CORRECTION,
        by=by,
        key=key,
        base_revision=base_revision,
        declared_at=declared_at,
        reason=reason,
        fault=fault,
        note=note,
        warning_reason=warning_reason,
    )
    return publish_revision(contest, figures, submission)


def withdraw(
    contest: Contest,
    *,
    by: User,
    key: str,
    base_revision: int,
    reason: str,
    fault: Fault = Fault.OURS,
    note: str = "",
) -> Answer:
    """Take a published result back, as a revision without figures and with a public reason."""
    _insist_on_reason(reason)
    submission = Submission(
        kind=Kind.WITHDRAWAL,
        by=by,
        key=key,
        base_revision=base_revision,
        reason=reason,
        fault=fault,
        note=note,
    )
    return publish_revision(contest, None, submission)


def _insist_on_reason(reason: str) -> None:
    if not clean_text(reason):
        raise Refused([Finding("reason_missing", BLOCK, "reason", {})])

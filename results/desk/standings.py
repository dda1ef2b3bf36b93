"""Compute a contest's status after a revision, and whether its feed entry begins again."""

from results.arithmetic import Method
from results.desk.revision_requests import FIRST
from results.models import Declaration, Standing


def begins_entry(declaration: Declaration, *, after_totals: bool) -> bool:
    """Whether a revision begins a new position of its contest's entry in the feed.

    Further incomplete totals keep the first ones' position; a winner or a result goes to the top.
    """
    if declaration.withdrawn or declaration.kind == Declaration.Kind.UPDATE:
        return False
    return declaration.kind in FIRST or declaration.incomplete != after_totals


def status_after(declaration: Declaration) -> Standing.Status:
    """Return the status of a contest whose newest revision this is."""
    if declaration.withdrawn:
        return Standing.Status.WITHDRAWN
    if declaration.incomplete:
        return Standing.Status.INCOMPLETE
    if declaration.unopposed:
        return Standing.Status.UNOPPOSED
    counts = declaration.ballot_counts
    to_be_completed = not counts.complete
    if declaration.contest.elected_by is Method.DECLARED:
        to_be_completed = len(counts.winners) < min(declaration.contest.seats, len(counts.votes))
    if to_be_completed:
        return Standing.Status.WINNER_ONLY
    return (
        Standing.Status.CORRECTED
        if declaration.kind == Declaration.Kind.CORRECTION
        else Standing.Status.DECLARED
    )

"""A finished night beside the House of Commons Library's file: every figure that differs.

Nothing is changed here. Each difference may be proposed to the desk as a correction.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from results import desk
from results.arithmetic import BallotCounts
from results.exchange import commons_library as library
from results.exchange.errors import FileErrors
from results.exchange.parties import Parties
from results.exchange.past_results import match_candidates
from results.exchange.setting_up import Contests
from results.models import Contest, Election, ReviewItem
from results.words.number_format import grouped

REASON = "The House of Commons Library’s file has other figures."


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A seat whose published figures are not those of the file; ``lines`` says which."""

    contest: Contest
    ballot_counts: BallotCounts
    lines: tuple[str, ...]


def compare(election: Election, edition: library.Edition) -> Iterator[Disagreement | str]:
    """Every seat that this desk covers and that differs; a sentence where it cannot be compared."""
    parties, contests = Parties(), Contests(election)
    for seat in edition.in_order:
        contest = contests.find(seat.code, seat.name)
        if contest is None:
            continue
        standing = getattr(contest, "standing", None)
        if standing is None or not standing.has_result:
            yield f"{contest.name}: in the file, and without a result here"
            continue
        try:
            votes = match_candidates(contest, seat, parties)
        except FileErrors as bad:
            yield f"{contest.name}: {'; '.join(str(error) for error in bad.errors)}"
            continue
        ours = standing.declaration.ballot_counts
        theirs = replace(
            ours,
            votes=votes,
            rejected=ours.rejected if seat.rejected is None else seat.rejected,
            electorate=ours.electorate if seat.electorate is None else seat.electorate,
            winners=(),
        )
        lines = tuple(_lines(contest, ours, theirs))
        if lines:
            yield Disagreement(contest, theirs, lines)


def _lines(contest: Contest, ours: BallotCounts, theirs: BallotCounts) -> Iterator[str]:
    for candidate in contest.candidates.all():
        here, there = ours.votes.get(candidate.pk), theirs.votes.get(candidate.pk)
        if here != there:
            yield f"{candidate.name} {_printed(here)} here, {_printed(there)} in the file"
    for name in ("rejected", "electorate"):
        here, there = getattr(ours, name), getattr(theirs, name)
        if here != there:
            yield f"{name} {_printed(here)} here, {_printed(there)} in the file"


def _printed(count: int | None) -> str:
    return "nothing" if count is None else grouped(count)


def propose(found: Disagreement, *, by: User) -> ReviewItem:
    """Ask the desk for the correction; the same figures again are the same proposal."""
    ballot_counts = found.ballot_counts.to_json()
    mark = hashlib.sha256(f"{found.contest.pk} {ballot_counts}".encode()).hexdigest()[:40]
    content = {
        "figures": ballot_counts,
        "base_revision": found.contest.standing.revision,
        "reason": REASON,
    }
    return desk.queue_for_review(
        found.contest,
        ReviewItem.Kind.CORRECTION,
        content,
        by=by,
        idempotency_key=f"compared-{mark}",
    )

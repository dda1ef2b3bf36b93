"""Compare a finished night with the House of Commons Library's file, seat by seat.

Comparing changes nothing. Each difference may be proposed to the desk as a correction.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib.auth.models import User

from results import desk
from results.arithmetic import BallotCounts
from results.exchange import commons_library as library
from results.exchange.ballot_identity import AmbiguousBallotError
from results.exchange.contests import Contests
from results.exchange.errors import FileErrors
from results.exchange.matched_candidates import match_candidates
from results.exchange.matched_lists import by_list
from results.exchange.parties import Parties
from results.models import Contest, Election, ReviewItem
from results.words.number_format import grouped

#: Reason for readers if the desk accepts the correction.
REASON = "The published results have other figures: %(source)s."


@dataclass(frozen=True, slots=True)
class SeatDisagreement:
    """A seat whose published votes differ from the file's, with sentences in `differences`."""

    contest: Contest
    ballot_counts: BallotCounts
    differences: tuple[str, ...]
    source: str


def compare(election: Election, edition: library.Edition) -> Iterator[SeatDisagreement | str]:
    """Yield each seat that differs, and a sentence for each that cannot be compared."""
    parties, contests = Parties(), Contests(election)
    for seat in edition.in_order:
        try:
            contest = contests.find_ballot(library.ballot_of(seat))
        except AmbiguousBallotError as exc:
            yield str(exc)
            continue
        if contest is None:
            continue
        standing = getattr(contest, "standing", None)
        if standing is None or not standing.has_result:
            yield f"{contest.full_name}: in the file, and without a result here"
            continue
        seat = by_list(contest, seat)
        if not seat.has_votes:
            yield f"{contest.full_name}: without votes in the file"
            continue
        ours = standing.declaration.ballot_counts
        try:
            votes = match_candidates(contest, seat, parties) if seat.candidates else ours.votes
        except FileErrors as exc:
            yield f"{contest.full_name}: {'; '.join(str(error) for error in exc.errors)}"
            continue
        if not seat.candidates and (difference := _difference_of_totals(ours, seat)):
            yield f"{contest.full_name}: {difference}"
        theirs = replace(
            ours,
            votes=votes,
            rejected=ours.rejected if seat.rejected is None else seat.rejected,
            electorate=ours.electorate if seat.electorate is None else seat.electorate,
            winners=(),
        )
        differences = tuple(_differences(contest, ours, theirs))
        if differences:
            yield SeatDisagreement(contest, theirs, differences, seat.source)


def _differences(contest: Contest, ours: BallotCounts, theirs: BallotCounts) -> Iterator[str]:
    for candidate in contest.candidates.all():
        here, there = ours.votes.get(candidate.pk), theirs.votes.get(candidate.pk)
        if here != there:
            yield f"{candidate.name} {_printed(here)} here, {_printed(there)} in the file"
    for name in ("rejected", "electorate"):
        here, there = getattr(ours, name), getattr(theirs, name)
        if here != there:
            yield f"{name} {_printed(here)} here, {_printed(there)} in the file"


def _difference_of_totals(ours: BallotCounts, seat: library.LibrarySeat) -> str:
    """Difference of the valid votes from a table by area, whose candidates cannot be corrected."""
    known = [votes for votes in ours.votes.values() if votes is not None]
    if seat.valid is None or len(known) < len(ours.votes) or sum(known) == seat.valid:
        return ""
    return f"valid votes {_printed(sum(known))} here, {_printed(seat.valid)} in the file"


def _printed(count: int | None) -> str:
    return "nothing" if count is None else grouped(count)


def propose(row: SeatDisagreement, *, by: User) -> ReviewItem:
    """Queue the correction for review; the same counts again are the same review item."""
    ballot_counts = row.ballot_counts.to_json()
    digest = hashlib.sha256(f"{row.contest.pk} {ballot_counts}".encode()).hexdigest()[:40]
    return desk.queue_for_review(
        row.contest,
        ReviewItem.Kind.CORRECTION,
        {
            "figures": ballot_counts,
            "base_revision": row.contest.standing.revision,
            "reason": REASON % {"source": row.source},
        },
        by=by,
        idempotency_key=f"compared-{digest}",
    )

"""Find waiting results of one count by two people that contradict each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from results.arithmetic import BallotCounts
from results.arithmetic.claims import claim_of, contradictions
from results.live.seat import Seat, read_seats
from results.models import Contest, ReviewItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A contradiction by another person's result `other`, with the names of `contradictions`."""

    seat: Seat
    other: ReviewItem
    names: tuple[str, ...]


def find_disagreements(items: Iterable[ReviewItem]) -> dict[int, Disagreement]:
    """Return, by each waiting result's key, the oldest one by another that contradicts it.

    Costs no query without waiting results, and one where nobody else has sent any.
    """
    results = [item for item in items if item.waits and item.kind == ReviewItem.Kind.RESULT]
    if not results:
        return {}
    waiting = ReviewItem.objects.filter(
        kind=ReviewItem.Kind.RESULT,
        state=ReviewItem.State.WAITING,
        contest__in={item.contest_id for item in results},
    )
    others = list(waiting.exclude(pk__in=[item.pk for item in results]).select_related("by"))
    others.sort(key=lambda other: other.pk)
    contests = Contest.objects.filter(pk__in={other.contest_id for other in others})
    seats = {seat.contest.pk: seat for seat in read_seats(contests)}
    found = {}
    for item in results:
        for other in others:
            if other.contest_id != item.contest_id or other.by_id == item.by_id:
                continue
            seat, counts = seats[item.contest_id], item.ballot_counts
            names = contradictions_of(seat, other, counts) if counts is not None else ()
            if names:
                found[item.pk] = Disagreement(seat=seat, other=other, names=names)
                break
    return found


def contradictions_of(seat: Seat, item: ReviewItem, ballot_counts: BallotCounts) -> tuple[str, ...]:
    """Return the names in which a waiting result contradicts these counts; empty for none."""
    waiting = item.ballot_counts
    if waiting is None or waiting.votes.keys() != ballot_counts.votes.keys():
        return ()  # of another list of candidates
    order = [candidacy.id for candidacy in seat.contest.candidacies]
    first, second = (
        claim_of(counts, seats=seat.contest.seats, ballot_order=order, system=seat.system)
        for counts in (waiting, ballot_counts)
    )
    return contradictions(first, second)

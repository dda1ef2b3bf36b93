"""Two people's results of one count that wait for a second person and contradict each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from results.desk.review_queue import contradictions_of
from results.live.seat import Seat, read_seats
from results.models import Contest, ReviewItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What the `other` person's waiting result says otherwise, by the names of `contradictions`."""

    seat: Seat
    other: ReviewItem
    names: tuple[str, ...]


def find_disagreements(items: Iterable[ReviewItem]) -> dict[int, Disagreement]:
    """By the key of each waiting result, the oldest one of somebody else that contradicts it.

    No query without waiting results, one more where nobody else has sent any.
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

"""Declare the results of a past night one by one, through the publishing API."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from results import desk
from results.arithmetic import Undecided, compute_outcome
from results.exchange import commons_library as library
from results.exchange.errors import FileError, FileErrors
from results.exchange.parties import Parties
from results.exchange.past_results import SeatResult, label_of
from results.models import Bulletin, Declaration, Standing, clock
from results.words.validation_messages import message_text

REASON = "As published by the House of Commons Library."
SOURCE = "House of Commons Library"


def declare_all(
    results: Iterable[SeatResult], *, by: User
) -> Iterator[tuple[SeatResult, desk.PublishResult]]:
    """Declare each result whose contest has none yet, and yield it with what was published.

    A contest that has a result is left as it is: only an editor corrects one.
    """
    for result in results:
        standing = Standing.objects.filter(contest=result.contest).first()
        if standing is None or not standing.has_result:
            yield result, declare_one(result, by=by, base=standing.revision if standing else 0)


def declare_one(result: SeatResult, *, by: User, base: int) -> desk.PublishResult:
    """Declare a result as of its own time. Raises FileErrors for counts that are refused."""
    seat = result.seat
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=_key(result),
        base_revision=base,
        declared_at=seat.declared_at,
        source=SOURCE,
        warning_reason=REASON,
    )
    try:
        with clock.at(_time_of(result)):
            return desk.publish_result(result.contest, result.ballot_counts, request)
    except desk.ValidationRefused as refusal:
        reasons = [
            f"{result.contest.name}: {message_text(message)}" for message in refusal.messages
        ]
        raise FileErrors(
            [FileError(seat.file, seat.line, "", reason) for reason in reasons]
        ) from None


def _time_of(result: SeatResult) -> datetime | None:
    """Return when a result was declared on a past night; None for now, on the night itself.

    Never earlier than the last bulletin, so that the newest bulletin has the latest time.
    """
    election = result.contest.election
    if timezone.now() < election.night_ends:
        return None
    earliest = Bulletin.newest_at(election) or election.polls_close
    return max(result.seat.declared_at or earliest, earliest)


def _key(result: SeatResult) -> str:
    """Return a key that is the same for the same votes of a contest, whichever file has them."""
    counted = result.ballot_counts
    text = f"{result.contest.pk} {sorted(counted.votes.items())} {counted.rejected}"
    return f"library-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def differences(results: Iterable[SeatResult]) -> Iterator[str]:
    """Yield a sentence where the file's totals differ from the sum of its candidates' votes."""
    parties = Parties()
    for result in results:
        seat = result.seat
        if seat.valid is not None and seat.valid != seat.counted:
            yield (
                f"{seat.name}: {seat.valid} valid votes in the file, "
                f"{seat.counted} in its candidates"
            )
        yield from _winner_differs(result, seat, parties)


def _winner_differs(result: SeatResult, seat: library.Seat, parties: Parties) -> Iterator[str]:
    order = list(result.ballot_counts.votes)
    try:
        outcome = compute_outcome(
            result.ballot_counts, seats=result.contest.seats, ballot_order=order
        )
    except Undecided:
        yield f"{seat.name}: tied, and the file does not say how the lot fell"
        return
    if seat.majority is not None and seat.majority != outcome.majority:
        yield f"{seat.name}: the file says a majority of {seat.majority}, not {outcome.majority}"
    if seat.first_party:
        first = label_of(parties.standing("", seat.first_party))
        winner = result.contest.candidates.get(pk=outcome.elected[0])
        if first != winner.label:
            yield f"{seat.name}: the file says {seat.first_party} won, the votes {winner.name}"

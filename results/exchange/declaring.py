"""A past night's results declared again, one by one, through the same door as on a night."""

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
from results.exchange.past_results import ToDeclare, label_of
from results.models import Bulletin, Declaration, Standing, clock
from results.words.validation_messages import message_text

REASON = "As published by the House of Commons Library."
SOURCE = "House of Commons Library"


def declare_all(
    entries: Iterable[ToDeclare], *, by: User
) -> Iterator[tuple[ToDeclare, desk.PublishResult]]:
    """Declare each that has no result yet, yielding each answer as it comes.

    A contest that has been declared already is left as it is: corrections are an editor's.
    """
    for entry in entries:
        standing = Standing.objects.filter(contest=entry.contest).first()
        if standing is None or not standing.has_result:
            yield entry, declare_one(entry, by=by, base=standing.revision if standing else 0)


def declare_one(entry: ToDeclare, *, by: User, base: int) -> desk.PublishResult:
    """Publish it as of its own time. Raises BadFile for figures that cannot be."""
    seat = entry.seat
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=_key(entry),
        base_revision=base,
        declared_at=seat.declared_at,
        source=SOURCE,
        warning_reason=REASON,
    )
    try:
        with clock.at(_time_of(entry)):
            return desk.publish_result(entry.contest, entry.ballot_counts, request)
    except desk.ValidationRefused as refusal:
        reasons = [f"{entry.contest.name}: {message_text(one)}" for one in refusal.messages]
        raise FileErrors(
            [FileError(seat.file, seat.line, "", reason) for reason in reasons]
        ) from None


def _time_of(entry: ToDeclare) -> datetime | None:
    """When a past night had it, as far as the file says; None for now, on the night itself.

    Never before what is published already, so that the newest bulletin has the latest time.
    """
    election = entry.contest.election
    if timezone.now() < election.night_ends:
        return None
    log = Bulletin.objects.filter(election=election).order_by("-sequence")
    earliest = log.values_list("published_at", flat=True).first() or election.polls_close
    return max(entry.seat.declared_at or earliest, earliest)


def _key(entry: ToDeclare) -> str:
    """The same figures of the same contest are the same submission, whichever file they are in."""
    counted = entry.ballot_counts
    text = f"{entry.contest.pk} {sorted(counted.votes.items())} {counted.rejected}"
    return f"library-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def differences(entries: Iterable[ToDeclare]) -> Iterator[str]:
    """Where the file's own totals differ from what its candidates' votes come to."""
    parties = Parties()
    for entry in entries:
        seat = entry.seat
        if seat.valid is not None and seat.valid != seat.counted:
            said, counted = seat.valid, seat.counted
            yield f"{seat.name}: {said} valid votes in the file, {counted} in its candidates"
        yield from _winner_differs(entry, seat, parties)


def _winner_differs(entry: ToDeclare, seat: library.Seat, parties: Parties) -> Iterator[str]:
    order = list(entry.ballot_counts.votes)
    try:
        outcome = compute_outcome(
            entry.ballot_counts, seats=entry.contest.seats, ballot_order=order
        )
    except Undecided:
        yield f"{seat.name}: tied, and the file does not say how the lot fell"
        return
    if seat.majority is not None and seat.majority != outcome.majority:
        yield f"{seat.name}: the file says a majority of {seat.majority}, not {outcome.majority}"
    if seat.first_party:
        said = label_of(parties.standing("", seat.first_party))
        winner = entry.contest.candidates.get(pk=outcome.elected[0])
        if said != winner.label:
            yield f"{seat.name}: the file says {seat.first_party} won, the votes {winner.name}"

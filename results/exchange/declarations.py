"""Declare the results of a past night one by one, through the publishing API."""

import hashlib
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import compute_outcome
from results.exchange.errors import FileError, FileErrors
from results.exchange.past_results import SeatResult
from results.exchange.polls import BallotInFile, publish_poll
from results.models import Bulletin, Declaration, Standing, clock
from results.words.validation_messages import message_text

#: Why warnings are accepted, with the source of the figures.
REASON = "As published: %(source)s."


def declare_all(results: Iterable[SeatResult], *, by: User) -> int:
    """Declare each result whose contest has none yet, in batches; return how many.

    A contest that has a result is left as it is: only an editor corrects one. Raises FileErrors
    for counts that are refused, after those before them were declared.
    """
    return sum(_declare_batch(some, by=by) for some in desk.in_batches(results))


def _declare_batch(results: list[SeatResult], *, by: User) -> int:
    """Declare results of one election in one transaction; otherwise as `declare_all`."""
    election, declared, refusal = results[0].contest.election, 0, None
    with desk.batch(election):
        revisions = _revisions(results)
        at = Bulletin.newest_at(election) or election.polls_close
        for result in results:
            base = revisions.get(result.contest.pk, 0)
            if base is None:
                continue
            # The newest bulletin has the latest time.
            at = max(result.seat.declared_at or at, at)
            try:
                with clock.at(at if timezone.now() >= election.night_ends else None):
                    declared += _declare(result, by=by, base=base)
            except FileErrors as exc:
                refusal = exc
                break
            revisions[result.contest.pk] = None
    if refusal is not None:
        raise refusal
    return declared


def _revisions(results: list[SeatResult]) -> dict[int, int | None]:
    """The newest revision by contest; None where it is a result."""
    standings = Standing.objects.filter(contest__in=[result.contest for result in results])
    return {
        standing.contest_id: None if standing.has_result else standing.revision
        for standing in standings
    }


def _declare(result: SeatResult, *, by: User, base: int) -> bool:
    """Declare a result; return whether that is new. Raises FileErrors for refused counts."""
    seat, counts = result.seat, result.ballot_counts
    if seat.cancelled:
        return _publish_poll(result, by=by)
    kinds = Declaration.Kind
    request = desk.RevisionRequest(
        kind=kinds.DECLARATION if counts.complete else kinds.WINNER_ONLY,
        by=by,
        idempotency_key=_key(result),
        base_revision=base,
        declared_at=seat.declared_at,
        source=seat.source,
        reason=_reason_after_totals(result, base),
        warning_reason=REASON % {"source": seat.source},
        from_file=True,
    )
    try:
        published = desk.publish_result(result.contest, counts, request)
    except desk.InvalidTransition as refusal:
        reason = f"{result.contest.name}: {refusal}"
        raise FileErrors([FileError(seat.file, seat.line, "", reason)]) from None
    except desk.ValidationRefused as refusal:
        reasons = [
            f"{result.contest.full_name}: {message_text(message)}" for message in refusal.messages
        ]
        raise FileErrors(
            [FileError(seat.file, seat.line, "", reason) for reason in reasons]
        ) from None
    return not (published.repeated or published.unchanged)


def _reason_after_totals(result: SeatResult, base: int) -> str:
    """Reason for readers if the file's figures differ from published totals; empty without any."""
    standings = Standing.objects.filter(contest=result.contest, incomplete=True)
    if not base or not standings.exists():
        return ""
    return _("Totals that were published before all were known differ from the figures loaded.")


def _publish_poll(result: SeatResult, *, by: User) -> bool:
    """Publish that no poll was held, unless that is published; return whether it is new."""
    contest, seat = result.contest, result.seat
    if Standing.objects.filter(contest=contest, status=Standing.Status.POSTPONED).exists():
        return False
    publish_poll(BallotInFile(contest, len(result.rows), cancelled=True), by=by, source=seat.source)
    return True


def _key(result: SeatResult) -> str:
    """Idempotency key that is the same for the same votes of a contest, from whichever file."""
    counted = result.ballot_counts
    text = f"{result.contest.pk} {sorted(counted.votes.items())} {counted.rejected}"
    if counted.winners:
        text += f" {sorted(counted.winners)}"
    return f"library-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def differences(results: Iterable[SeatResult]) -> Iterator[str]:
    """Yield a sentence where the file's totals differ from the sum of its candidates' votes."""
    for result in results:
        seat = result.seat
        if not seat.has_votes or not seat.candidates:
            continue
        if seat.valid is not None and seat.valid != seat.counted:
            reason = (
                f"{seat.name}: {seat.valid} valid votes in the file, "
                f"{seat.counted} in its candidates"
            )
            yield str(seat.error("valid_votes", reason))
        order = list(result.ballot_counts.votes)
        outcome = compute_outcome(
            result.ballot_counts,
            seats=result.contest.seats,
            ballot_order=order,
            system=result.contest.system,
        )
        if seat.majority is not None and seat.majority != outcome.majority:
            reason = f"{seat.name}: the file says {seat.majority}, the votes {outcome.majority}"
            yield str(seat.error("majority", reason))

"""What may not go out on one person's word: kept, shown to a second one, published or set aside.

Everything here is settled under the night's lock, so that two people never settle the same twice.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import BallotCounts, ValidationMessage, clean_text, merge_matching
from results.desk import audit
from results.desk.checks import require_valid
from results.desk.contents import PhotoContent, QuoteContent
from results.desk.errors import IdempotencyKeyReused, InvalidTransition
from results.desk.publications import publish_content
from results.desk.publishing import PublishResult, fingerprint_of
from results.desk.revisions import RevisionRequest, publish_revision, seat_now
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    Night,
    ReviewItem,
)
from results.words.validation_messages import message_text

#: What differs between two sendings of the same: when we had it, and what we stored it as.
NOT_ASKED = {"said_at", "name"}


def submit_result(
    contest: Contest, ballot_counts: BallotCounts, submission: RevisionRequest
) -> PublishResult | ReviewItem:
    """Publish a result from a count, or keep it for a second person where the election asks.

    Two who enter the same figures are each other's second person: the first one's are published.
    Raises what publishing raises; an offer that is kept has passed the same checks.
    """
    with locked(contest):
        earlier = _earlier(
            submission.by, submission.idempotency_key, _intent(contest, ballot_counts, submission)
        )
        if earlier is not None:
            return earlier
        seat = seat_now(contest)
        settled = IdempotencyRecord.objects.filter(
            by=submission.by, idempotency_key=submission.idempotency_key
        ).exists()
        overtaken = seat.standing.revision != submission.base_revision
        if settled or overtaken or (seat.has_result and submission.kind != Declaration.Kind.UPDATE):
            return publish_revision(contest, ballot_counts, submission)
        winner_only = submission.kind == Declaration.Kind.WINNER_ONLY
        found = require_valid(
            seat, ballot_counts, winner_only=winner_only, reason=submission.warning_reason
        )
        rule = contest.election.second_person
        if rule == Election.SecondPerson.NEVER or (
            rule == Election.SecondPerson.ASKED and not found
        ):
            return publish_revision(contest, ballot_counts, submission)
        found_first = _agreed(contest, ballot_counts, submission.by)
        if found_first is not None:
            theirs, both = found_first
            answer = _publish_result(theirs, both, by=submission.by)
            _receipt(submission, contest, ballot_counts, answer)
            return answer
        _replace(contest, by=submission.by)
        after = audit.ballot_counts_as_text(seat, ballot_counts)
        audit.record_action(submission.by, "result: offered", contest=contest, after=after)
        return _keep(
            contest, ReviewItem.Kind.RESULT, _content(ballot_counts, submission, found), submission
        )


def queue_for_review(
    contest: Contest,
    kind: ReviewItem.Kind,
    content: Mapping[str, Any],
    *,
    by: User,
    idempotency_key: str,
) -> ReviewItem:
    """Keep a quote, a photo or a correction asked for until the desk has looked at it.

    Raises KeyReused when the key came with something else.
    """
    with locked(contest):
        asked = {name: value for name, value in content.items() if name not in NOT_ASKED}
        mark = fingerprint_of({"offer": kind, "contest": contest.pk, **asked})
        earlier = ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key).first()
        if earlier is not None:
            if earlier.fingerprint != mark:
                raise IdempotencyKeyReused(idempotency_key)
            return earlier
        kept = ReviewItem.objects.create(
            contest=contest,
            kind=kind,
            content=dict(content),
            by=by,
            idempotency_key=idempotency_key,
            fingerprint=mark,
        )
        audit.record_action(by, f"{kind}: offered", contest=contest, after=str(content))
        return kept


def approve(
    waiting: ReviewItem, *, by: User, changes: Mapping[str, Any] | None = None
) -> PublishResult:
    """Publish what waits, in the name of who sent it; ``changes`` are the desk's own wording.

    Raises NotNow where it waits no longer, where it is one's own result, or where it is a
    correction, which is published as one (``close_review_item``).
    """
    with locked(waiting.contest), _waiting(waiting) as fresh:
        if fresh.kind == ReviewItem.Kind.RESULT:
            if fresh.by_id == by.pk:
                raise InvalidTransition(_("You entered this: a second person confirms it."))
            return _publish_result(fresh, BallotCounts.from_json(fresh.content["figures"]), by=by)
        if fresh.kind == ReviewItem.Kind.CORRECTION:
            raise InvalidTransition(_("Open it as a correction: readers are told the reason."))
        content = {**fresh.content, **(changes or {})}
        answer = _publish_quote_or_photo(fresh, content)
        _settle(fresh, ReviewItem.State.PUBLISHED, by=by, bulletin=answer.bulletin)
        return answer


def decline(waiting: ReviewItem, *, by: User, note: str = "") -> None:
    """Set aside what waits. Nothing is published, and nothing is deleted."""
    with locked(waiting.contest), _waiting(waiting) as fresh:
        _settle(fresh, ReviewItem.State.DECLINED, by=by, note=note)


def close_review_item(waiting: ReviewItem, bulletin: Bulletin, *, by: User) -> None:
    """A correction that was asked for has been published, as ``bulletin``."""
    with locked(waiting.contest), _waiting(waiting) as fresh:
        _settle(fresh, ReviewItem.State.PUBLISHED, by=by, bulletin=bulletin)


# --- Results --------------------------------------------------------------------------------


def _intent(contest: Contest, ballot_counts: BallotCounts, submission: RevisionRequest) -> str:
    return fingerprint_of(submission.intent(contest, ballot_counts))


def _earlier(by: User, idempotency_key: str, mark: str) -> PublishResult | ReviewItem | None:
    """The answer to the same submission, as it stands by now."""
    kept = (
        ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key)
        .select_related("bulletin")
        .first()
    )
    if kept is None:
        return None
    if kept.fingerprint != mark:
        raise IdempotencyKeyReused(idempotency_key)
    if kept.bulletin is not None:
        return PublishResult(kept.bulletin, repeated=True)
    return kept


def _content(
    ballot_counts: BallotCounts, submission: RevisionRequest, found: tuple[ValidationMessage, ...]
) -> dict[str, Any]:
    at = submission.declared_at
    return {
        "act": str(submission.kind),
        "figures": ballot_counts.to_json(),
        "base_revision": submission.base_revision,
        "declared_at": at.isoformat() if at else None,
        "recount": submission.recount,
        "source": submission.source,
        "warning_reason": submission.warning_reason,
        "warnings": [message_text(finding) for finding in found],
    }


def _keep(
    contest: Contest, kind: ReviewItem.Kind, content: dict[str, Any], submission: RevisionRequest
) -> ReviewItem:
    ballot_counts = BallotCounts.from_json(content["figures"])
    return ReviewItem.objects.create(
        contest=contest,
        kind=kind,
        content=content,
        by=submission.by,
        idempotency_key=submission.idempotency_key,
        fingerprint=_intent(contest, ballot_counts, submission),
    )


def _agreed(
    contest: Contest, ballot_counts: BallotCounts, by: User
) -> tuple[ReviewItem, BallotCounts] | None:
    """What another person sent independently that says the same, and what both say together."""
    for other in _results(contest).exclude(by=by):
        both = merge_matching(BallotCounts.from_json(other.content["figures"]), ballot_counts)
        if both is not None:
            return other, both
    return None


def _results(contest: Contest) -> Any:
    waiting = ReviewItem.objects.filter(kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING)
    return waiting.filter(contest=contest).order_by("pk")


def _replace(contest: Contest, *, by: User | None = None) -> None:
    """What one sends of a result replaces what one had sent; a published one replaces all."""
    others = _results(contest)
    if by is not None:
        others = others.filter(by=by)
    others.update(state=ReviewItem.State.REPLACED, settled_at=timezone.now())


def _publish_result(waiting: ReviewItem, ballot_counts: BallotCounts, *, by: User) -> PublishResult:
    content = waiting.content
    at = content["declared_at"]
    submission = RevisionRequest(
        kind=Declaration.Kind(content["act"]),
        by=waiting.by,
        idempotency_key=waiting.idempotency_key,
        base_revision=content["base_revision"],
        declared_at=datetime.fromisoformat(at) if at else waiting.created_at,
        recount=content["recount"],
        source=content["source"],
        warning_reason=content["warning_reason"],
    )
    if submission.kind == Declaration.Kind.UPDATE:
        submission = replace(submission, declared_at=None)
    answer = publish_revision(waiting.contest, ballot_counts, submission)
    _settle(waiting, ReviewItem.State.PUBLISHED, by=by, bulletin=answer.bulletin)
    _replace(waiting.contest)
    return answer


def _receipt(
    submission: RevisionRequest,
    contest: Contest,
    ballot_counts: BallotCounts,
    answer: PublishResult,
) -> None:
    """The second person's own entry is answered with the same bulletin, however often sent."""
    IdempotencyRecord.objects.get_or_create(
        by=submission.by,
        idempotency_key=submission.idempotency_key,
        defaults={
            "fingerprint": _intent(contest, ballot_counts, submission),
            "bulletin": answer.bulletin,
        },
    )


# --- Quotes and photos ----------------------------------------------------------------------


def _publish_quote_or_photo(waiting: ReviewItem, content: Mapping[str, Any]) -> PublishResult:
    kind = PhotoContent if waiting.kind == ReviewItem.Kind.PHOTO else QuoteContent
    return publish_content(
        waiting.contest.election,
        kind.from_json(content, waiting.contest),
        by=waiting.by,
        idempotency_key=waiting.idempotency_key,
    )


# --- Under the lock -------------------------------------------------------------------------


@contextmanager
def locked(contest: Contest) -> Iterator[None]:
    """The night's lock, with the election read again under it."""
    with transaction.atomic():
        Night.objects.select_for_update().get(election=contest.election_id)
        contest.election = Election.objects.get(pk=contest.election_id)
        yield


@contextmanager
def _waiting(waiting: ReviewItem) -> Iterator[ReviewItem]:
    """The offer as it stands now. Raises NotNow, naming who was first, where it waits no longer."""
    fresh = ReviewItem.objects.select_related("contest__election", "by", "settled_by").get(
        pk=waiting.pk
    )
    if not fresh.waits:
        who = fresh.settled_by
        words = {"who": (who.get_full_name() or who.get_username()) if who else _("The desk")}
        raise InvalidTransition(_("%(who)s has dealt with this already.") % words)
    yield fresh


def _settle(
    waiting: ReviewItem,
    state: ReviewItem.State,
    *,
    by: User,
    bulletin: Bulletin | None = None,
    note: str = "",
) -> None:
    waiting.state, waiting.bulletin, waiting.note = state, bulletin, clean_text(note)[:300]
    waiting.settled_by, waiting.settled_at = by, timezone.now()
    waiting.save(update_fields=["state", "bulletin", "note", "settled_by", "settled_at"])
    audit.record_action(by, f"{waiting.kind}: {state}", contest=waiting.contest, about=waiting.note)

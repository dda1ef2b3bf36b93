"""The review queue: items that need a second person or an editor before publication."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.arithmetic import BallotCounts, clean_text
from results.desk import audit
from results.desk.ballot_papers import require_same_speaker
from results.desk.changes import ChangeKind
from results.desk.content_as_text import content_as_text
from results.desk.contents import PhotoContent, QuoteContent, text_too_long
from results.desk.errors import InvalidTransition, NightClosed, StaleRevision, ValidationRefused
from results.desk.intents import Intent
from results.desk.publications import publish_content
from results.desk.publishing import (
    PublishResult,
    SubmitResult,
    find_bulletin,
    find_record,
    record_answer,
)
from results.desk.review import is_editor
from results.desk.review_items import (
    close_item,
    find_earlier_answer,
    find_review_item,
    locked,
    still_waiting,
)
from results.desk.revision_requests import completed, is_published, queued_request, read_seat
from results.desk.revisions import require_correctable
from results.desk.submitted_results import publish_queued_result
from results.live.seat import Seat
from results.models import Bulletin, Contest, Night, ReviewItem
from results.models.text_limits import LONGEST_SET_ASIDE
from results.words.ballot_papers import Names


def queue_for_review(
    contest: Contest,
    kind: ReviewItem.Kind,
    content: Mapping[str, Any],
    *,
    by: User,
    idempotency_key: str,
    intent: Intent | None = None,
    validate: Callable[[], None] | None = None,
) -> ReviewItem:
    """Queue a quote, a photo or a requested correction until an editor decides about it.

    `intent` is that of the request, where it is not the whole `content`. `validate` is called under
    the night's lock where the key has no answer yet: an exception of its own refuses the item.
    Raises IdempotencyKeyReused where the key was used for another request, and TakenBack where its
    sender took it back.
    """
    intent = intent or Intent({"offer": kind, "contest": contest.pk, **content})
    with locked(contest) as night:
        earlier = find_review_item(by, idempotency_key)
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return earlier
        answered = find_record(by, idempotency_key)  # raises where it was taken back
        if validate is not None and answered is None:
            validate()
        item = ReviewItem.objects.create(
            contest=contest,
            kind=kind,
            content=dict(content),
            by=by,
            idempotency_key=idempotency_key,
            fingerprint=intent.fingerprint,
        )
        change = audit.contest_change(ChangeKind.REVIEW, contest)
        after = content_as_text(night, contest, content)
        audit.record_action(by, f"{kind}: queued", contest=contest, after=after, change=change)
        return item


def request_correction(
    contest: Contest,
    content: Mapping[str, Any],
    *,
    by: User,
    idempotency_key: str,
    intent: Intent,
    declared_at: datetime | None = None,
    has_words: bool = False,
    validate: Callable[[Seat], None] | None = None,
) -> SubmitResult:
    """Queue a requested correction until an editor decides about it.

    Where its figures, and `declared_at` if given, are published already, the answer is the bulletin
    that published them, as for an equal result: there is nothing to decide. It is queued all the
    same if it `has_words` about the very revision that is published: they may say that it is the
    result of another ward. `validate` is called with what is published now. Raises as
    `queue_for_review`, StaleRevision where another revision was published since, and
    InvalidTransition where nothing is published that can be corrected.
    """
    with locked(contest) as night:
        earlier = find_earlier_answer(by, idempotency_key)
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return earlier.answer
        seat = read_seat(night, contest)
        asked = completed(seat, BallotCounts.from_json(content["figures"]))
        is_of_words = has_words and content["base_revision"] == seat.standing.revision
        if not is_of_words and is_published(seat, asked, declared_at=declared_at):
            bulletin = find_bulletin(declaration=seat.declaration)
            assert bulletin is not None
            return record_answer(
                bulletin,
                by=by,
                idempotency_key=idempotency_key,
                fingerprint=intent.fingerprint,
                unchanged=True,
            )
        return queue_for_review(
            contest,
            ReviewItem.Kind.CORRECTION,
            content,
            by=by,
            idempotency_key=idempotency_key,
            intent=intent,
            validate=partial(_require_published, seat, content["base_revision"], validate),
        )


def _require_published(
    seat: Seat, base_revision: int, validate: Callable[[Seat], None] | None
) -> None:
    """Raise the errors of `request_correction` where this revision cannot be corrected."""
    if validate is not None:
        validate(seat)
    if base_revision != seat.standing.revision:
        raise StaleRevision(seat.standing)
    require_correctable(seat)


def approve(
    item: ReviewItem,
    *,
    by: User,
    changes: Mapping[str, Any] | None = None,
    names: Names | None = None,
    idempotency_key: str = "",
) -> PublishResult:
    """Publish a waiting item in its sender's name; `changes` are the editor's own wording.

    `names` are the ballot paper as the approver saw it, the sender's by default. With an
    `idempotency_key` a repeated request gets its first answer. Raises BallotPaperChanged where it
    has changed since, and InvalidTransition for an item that is closed, for one's own result, and
    for a requested correction, which is published as a correction (`close_review_item`).
    """
    intent = Intent({"act": "approve", "item": item.pk})
    with locked(item.contest) as night:
        earlier = find_record(by, idempotency_key) if idempotency_key else None
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return earlier.answer
        with still_waiting(item) as fresh:
            result = _approve(night, fresh, by=by, changes=changes, names=names)
        if idempotency_key:
            record_answer(
                result.bulletin,
                by=by,
                idempotency_key=idempotency_key,
                fingerprint=intent.fingerprint,
            )
        return result


def _approve(
    night: Night,
    fresh: ReviewItem,
    *,
    by: User,
    changes: Mapping[str, Any] | None,
    names: Names | None,
) -> PublishResult:
    if fresh.kind == ReviewItem.Kind.RESULT:
        if night.election.final and not is_editor(by):
            raise NightClosed(_("The night is closed: only the desk publishes this now."))
        if fresh.by_id == by.pk:
            raise InvalidTransition(_("You entered this: a second person confirms it."))
        request = queued_request(fresh)
        request = replace(request, names=request.names if names is None else names)
        return publish_queued_result(night, request, fresh, by=by)
    if fresh.kind == ReviewItem.Kind.CORRECTION:
        raise InvalidTransition(_("Open it as a correction: readers are told the reason."))
    result = _publish_quote_or_photo(fresh, {**fresh.content, **(changes or {})}, by=by)
    close_item(fresh, ReviewItem.State.PUBLISHED, by=by, bulletin=result.bulletin)
    return result


def decline(item: ReviewItem, *, by: User, note: str = "") -> None:
    """Close a waiting item without publishing it; `note` tells its sender why.

    Raises ValidationRefused for a longer note than its sender is shown.
    """
    note = clean_text(note)
    if refused := text_too_long("note", note, LONGEST_SET_ASIDE):
        raise ValidationRefused(refused)
    with locked(item.contest), still_waiting(item) as fresh:
        close_item(fresh, ReviewItem.State.DECLINED, by=by, note=note)


def close_review_item(item: ReviewItem, bulletin: Bulletin, *, by: User) -> None:
    """Close a requested correction that was published as `bulletin`."""
    with locked(item.contest), still_waiting(item) as fresh:
        close_item(fresh, ReviewItem.State.PUBLISHED, by=by, bulletin=bulletin)


def _publish_quote_or_photo(
    item: ReviewItem, content: Mapping[str, Any], *, by: User
) -> PublishResult:
    kind = PhotoContent if item.kind == ReviewItem.Kind.PHOTO else QuoteContent
    if kind is QuoteContent:
        require_same_speaker(item.contest, content)
    return publish_content(
        item.contest.election,
        kind.from_json(content, item.contest),
        by=item.by,
        idempotency_key=item.idempotency_key,
        approved_by=by,
    )

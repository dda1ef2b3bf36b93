"""The review queue: what needs a second person or an editor before readers see it.

Every item is created and closed under the night's lock, so that no two people close the same one.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import BallotCounts, clean_text, merge_matching
from results.arithmetic.decisions import (
    Hold,
    NightState,
    Pair,
    Publish,
    Repeat,
    SecondPersonRule,
    decide,
)
from results.desk import audit
from results.desk.ballot_papers import require_same_speaker
from results.desk.changes import Kind
from results.desk.contents import PhotoContent, QuoteContent
from results.desk.counts_as_text import ballot_counts_as_text
from results.desk.disagreements import contradictions_of
from results.desk.errors import InvalidTransition, NightClosed
from results.desk.intents import Intent
from results.desk.publications import publish_content
from results.desk.publishing import (
    EarlierAnswer,
    PublishResult,
    find_record,
    locked_night,
    record_answer,
)
from results.desk.review import is_editor
from results.desk.revision_requests import (
    CheckedRequest,
    RevisionRequest,
    check_request,
    queued_request,
)
from results.desk.revisions import carry_out, publish_checked
from results.models import Bulletin, Contest, Night, ReviewItem
from results.words.ballot_papers import Names, names_as_json
from results.words.user_names import user_name
from results.words.validation_messages import message_text


def submit_result(
    contest: Contest, ballot_counts: BallotCounts, request: RevisionRequest
) -> PublishResult | ReviewItem:
    """Publish a reporter's result, or queue it for a second person by the election's rule.

    Two reporters who enter the same are each other's second person: the first one's is published.
    Where they contradict each other nothing is, before one of them agrees or the desk decides.
    Raises what `publish_result` raises, for a queued result as well. Once the night is closed a
    reporter's is queued for the desk, and refused with NightClosed unless `request.knows_closed`.
    """
    with locked(contest) as night:
        checked = check_request(night, contest, ballot_counts, request)
        earlier = find_earlier_answer(request.by, request.idempotency_key)
        waiting = waiting_results(contest)
        others = list(waiting.exclude(by=request.by))
        matching = _find_matching(others, ballot_counts)
        decision = decide(
            replace(
                checked.situation,
                key=checked.key_state(earlier),
                rule=SecondPersonRule(contest.election.second_person),
                matching_item=matching[0].pk if matching else None,
                contradicted=any(
                    contradictions_of(checked.seat, item, ballot_counts) for item in others
                ),
                own_item_waits=waiting.filter(by=request.by).exists(),
                night=_night_state(contest, request),
            )
        )
        if earlier is not None and decision == Repeat():
            return earlier.answer
        if matching is not None and isinstance(decision, Pair):
            return _publish_pair(night, *matching, checked)
        if isinstance(decision, Hold):
            return _hold(checked, replaces_own=decision.replaces_own)
        result = carry_out(night, checked, decision)
        if isinstance(decision, Publish):
            # What its sender sent before waits for nobody any more.
            _replace(waiting.filter(by=request.by))
        return result


def _night_state(contest: Contest, request: RevisionRequest) -> NightState:
    if not contest.election.final or is_editor(request.by):
        return NightState.OPEN
    return NightState.CLOSED_AND_KNOWN if request.knows_closed else NightState.CLOSED


def queue_for_review(
    contest: Contest,
    kind: ReviewItem.Kind,
    content: Mapping[str, Any],
    *,
    by: User,
    idempotency_key: str,
    intent: Intent | None = None,
) -> ReviewItem:
    """Queue a quote, a photo or a requested correction until an editor decides about it.

    `intent` is what was asked for, where that is not the whole `content`. Raises
    IdempotencyKeyReused when the key came with something else, and TakenBack where its sender took
    it back.
    """
    intent = intent or Intent({"offer": kind, "contest": contest.pk, **content})
    with locked(contest):
        earlier = find_review_item(by, idempotency_key)
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return earlier
        find_record(by, idempotency_key)  # raises where it was taken back
        item = ReviewItem.objects.create(
            contest=contest,
            kind=kind,
            content=dict(content),
            by=by,
            idempotency_key=idempotency_key,
            fingerprint=intent.fingerprint,
        )
        change = audit.contest_change(Kind.REVIEW, contest)
        audit.record_action(
            by, f"{kind}: queued", contest=contest, after=str(content), change=change
        )
        return item


def approve(
    item: ReviewItem,
    *,
    by: User,
    changes: Mapping[str, Any] | None = None,
    names: Names | None = None,
    idempotency_key: str = "",
) -> PublishResult:
    """Publish a waiting item in its sender's name; `changes` are the editor's own wording.

    `names` are the ballot paper as whoever approves it saw it, the sender's by default. With an
    `idempotency_key` a repeated request gets its first answer. Raises
    BallotPaperChanged where it is another one by now, and InvalidTransition for an item that is
    closed, for one's own result, and for a requested correction, which is published as a
    correction (`close_review_item`).
    """
    intent = Intent({"act": "approve", "item": item.pk})
    with locked(item.contest) as night:
        earlier = find_record(by, idempotency_key) if idempotency_key else None
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return earlier.answer
        with _waiting(item) as fresh:
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
        return _publish_result(night, request, fresh, by=by)
    if fresh.kind == ReviewItem.Kind.CORRECTION:
        raise InvalidTransition(_("Open it as a correction: readers are told the reason."))
    result = _publish_quote_or_photo(fresh, {**fresh.content, **(changes or {})})
    _close(fresh, ReviewItem.State.PUBLISHED, by=by, bulletin=result.bulletin)
    return result


def decline(item: ReviewItem, *, by: User, note: str = "") -> None:
    """Close a waiting item without publishing it; `note` tells its sender why."""
    with locked(item.contest), _waiting(item) as fresh:
        _close(fresh, ReviewItem.State.DECLINED, by=by, note=note)


def close_review_item(item: ReviewItem, bulletin: Bulletin, *, by: User) -> None:
    """Close a requested correction that was published as `bulletin`."""
    with locked(item.contest), _waiting(item) as fresh:
        _close(fresh, ReviewItem.State.PUBLISHED, by=by, bulletin=bulletin)


# --- Repeated requests ----------------------------------------------------------------------


def find_earlier_answer(
    by: User, idempotency_key: str
) -> EarlierAnswer[PublishResult | ReviewItem] | None:
    """Find what this person's key was answered before, as it stands by now.

    Raises TakenBack where its sender took the request back.
    """
    if "\0" in idempotency_key:  # PostgreSQL stores none in text
        return None
    item = find_review_item(by, idempotency_key)
    if item is not None:
        return EarlierAnswer(item.fingerprint, current_answer(item))
    record = find_record(by, idempotency_key)
    return EarlierAnswer(record.fingerprint, record.answer) if record else None


def find_review_item(by: User, idempotency_key: str) -> ReviewItem | None:
    items = ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key)
    return items.select_related("bulletin").first()


def current_answer(item: ReviewItem) -> PublishResult | ReviewItem:
    """Answer with the bulletin that published the item, or with the item while there is none."""
    return PublishResult(item.bulletin, repeated=True) if item.bulletin is not None else item


# --- Results --------------------------------------------------------------------------------


def waiting_results(contest: Contest) -> QuerySet[ReviewItem]:
    """The contest's results that wait for a second person, oldest first."""
    waiting = ReviewItem.objects.filter(kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING)
    return waiting.filter(contest=contest).order_by("pk")


def _find_matching(
    items: Iterable[ReviewItem], ballot_counts: BallotCounts
) -> tuple[ReviewItem, BallotCounts] | None:
    """Find the oldest item that agrees with these counts, and what both together give."""
    for item in items:
        merged = merge_matching(BallotCounts.from_json(item.content["figures"]), ballot_counts)
        if merged is not None:
            return item, merged
    return None


def _publish_pair(
    night: Night, item: ReviewItem, merged: BallotCounts, checked: CheckedRequest
) -> PublishResult:
    """Publish the first sender's item with what the second one added; answer both keys with it."""
    second = checked.request
    request = queued_request(item)
    request = replace(
        request,
        warning_reason=request.warning_reason or second.warning_reason,
        reason=request.reason or second.reason,
        names=request.names if second.names is None else second.names,
    )
    result = _publish_result(night, request, item, by=second.by, ballot_counts=merged)
    record_answer(
        result.bulletin,
        by=second.by,
        idempotency_key=second.idempotency_key,
        fingerprint=checked.intent.fingerprint,
    )
    return result


def _publish_result(
    night: Night,
    request: RevisionRequest,
    item: ReviewItem,
    *,
    by: User,
    ballot_counts: BallotCounts | None = None,
) -> PublishResult:
    ballot_counts = ballot_counts or BallotCounts.from_json(item.content["figures"])
    result = publish_checked(night, check_request(night, item.contest, ballot_counts, request))
    _close(item, ReviewItem.State.PUBLISHED, by=by, bulletin=result.bulletin)
    _replace(waiting_results(item.contest))
    return result


def _hold(checked: CheckedRequest, *, replaces_own: bool) -> ReviewItem:
    """Queue a result that has passed the checks, in place of the sender's earlier one if any."""
    contest, request, ballot_counts = checked.seat.contest, checked.request, checked.asked
    assert ballot_counts is not None
    checked.require_same_ballot_paper()
    if replaces_own:
        _replace(waiting_results(contest).filter(by=request.by))
    after = ballot_counts_as_text(checked.seat, ballot_counts)
    change = audit.contest_change(Kind.REVIEW, contest)
    audit.record_action(request.by, "result: queued", contest=contest, after=after, change=change)
    return ReviewItem.objects.create(
        contest=contest,
        kind=ReviewItem.Kind.RESULT,
        content={
            "act": str(request.kind),
            "figures": ballot_counts.to_json(),
            "names": names_as_json(checked.seat.candidate_names),
            "base_revision": request.base_revision,
            "declared_at": request.declared_at.isoformat() if request.declared_at else None,
            "sent_at": request.sent_at.isoformat() if request.sent_at else None,
            "recount": request.recount,
            "source": request.source,
            "reason": request.reason,
            "warning_reason": request.warning_reason,
            "warnings": [message_text(message) for message in checked.messages],
        },
        by=request.by,
        idempotency_key=request.idempotency_key,
        fingerprint=checked.intent.fingerprint,
    )


def _replace(items: QuerySet[ReviewItem]) -> None:
    items.update(state=ReviewItem.State.REPLACED, settled_at=timezone.now())


# --- Quotes and photos ----------------------------------------------------------------------


def _publish_quote_or_photo(item: ReviewItem, content: Mapping[str, Any]) -> PublishResult:
    kind = PhotoContent if item.kind == ReviewItem.Kind.PHOTO else QuoteContent
    if kind is QuoteContent:
        require_same_speaker(item.contest, content)
    return publish_content(
        item.contest.election,
        kind.from_json(content, item.contest),
        by=item.by,
        idempotency_key=item.idempotency_key,
    )


# --- Under the lock -------------------------------------------------------------------------


@contextmanager
def locked(contest: Contest) -> Iterator[Night]:
    """Hold the night's lock, with the contest's election read again under it."""
    with locked_night(contest.election_id) as night:
        contest.election = night.election
        yield night


@contextmanager
def _waiting(item: ReviewItem) -> Iterator[ReviewItem]:
    """Read the item again. Raises InvalidTransition, naming who closed it, if it is closed."""
    fresh = ReviewItem.objects.select_related("contest__election", "by", "settled_by").get(
        pk=item.pk
    )
    if not fresh.waits:
        who = fresh.settled_by
        words = {"who": user_name(who) if who else _("The desk")}
        raise InvalidTransition(_("%(who)s has dealt with this already.") % words)
    yield fresh


def _close(
    item: ReviewItem,
    state: ReviewItem.State,
    *,
    by: User,
    bulletin: Bulletin | None = None,
    note: str = "",
) -> None:
    item.state, item.bulletin, item.note = state, bulletin, clean_text(note)[:300]
    item.settled_by, item.settled_at = by, timezone.now()
    item.save(update_fields=["state", "bulletin", "note", "settled_by", "settled_at"])
    # Its sender may be sent to another count by now.
    change = audit.contest_change(Kind.REVIEW, item.contest, item.by_id)
    what = f"{item.kind}: {state}"
    audit.record_action(by, what, contest=item.contest, about=item.note, change=change)

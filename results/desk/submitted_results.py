"""Results that reporters send: published, held for a second person, or paired with an equal one."""

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.models import User

from results.arithmetic import BallotCounts, merge_matching
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
from results.desk.changes import ChangeKind
from results.desk.counts_as_text import ballot_counts_as_text
from results.desk.disagreements import contradictions_of
from results.desk.publishing import PublishResult, SubmitResult, record_answer
from results.desk.review import is_editor
from results.desk.review_items import (
    close_item,
    find_earlier_answer,
    locked,
    replace_items,
    replace_own,
    waiting_results,
)
from results.desk.revision_requests import (
    CheckedRequest,
    RevisionRequest,
    check_request,
    queued_request,
)
from results.desk.revisions import apply_decision, publish_checked
from results.models import Contest, Night, ReviewItem
from results.words.ballot_papers import names_as_json
from results.words.validation_messages import message_text


def submit_result(
    contest: Contest, ballot_counts: BallotCounts, request: RevisionRequest
) -> SubmitResult:
    """Publish a reporter's result, or queue it for a second person by the election's rule.

    Two reporters who enter the same are each other's second person: the first one's is published.
    Where they contradict each other nothing is published before one of them agrees or the desk
    decides. Raises what `publish_result` raises, for a queued result as well. Once the night is
    closed a reporter's is queued for the desk, and refused with NightClosed unless
    `request.knows_closed`.
    """
    with locked(contest) as night:
        checked = check_request(night, contest, ballot_counts, request)
        earlier = find_earlier_answer(request.by, request.idempotency_key)
        waiting = waiting_results(contest)
        others = list(waiting.exclude(by=request.by))
        matching = _find_matching(others, ballot_counts)
        contradicted = any(contradictions_of(checked.seat, each, ballot_counts) for each in others)
        decision = decide(
            replace(
                checked.situation,
                key=checked.key_state(earlier),
                rule=SecondPersonRule(contest.election.second_person),
                matching_item=matching[0].pk if matching else None,
                contradicted=contradicted,
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
        result = apply_decision(night, checked, decision)
        if isinstance(decision, Publish):
            replace_own(contest, request.by)
        return result


def _night_state(contest: Contest, request: RevisionRequest) -> NightState:
    if not contest.election.final or is_editor(request.by):
        return NightState.OPEN
    return NightState.CLOSED_AND_KNOWN if request.knows_closed else NightState.CLOSED


def _find_matching(
    items: Iterable[ReviewItem], ballot_counts: BallotCounts
) -> tuple[ReviewItem, BallotCounts] | None:
    """Find the oldest item that agrees with these counts, with the counts of both merged."""
    for item in items:
        merged = merge_matching(BallotCounts.from_json(item.content["figures"]), ballot_counts)
        if merged is not None:
            return item, merged
    return None


def _publish_pair(
    night: Night, item: ReviewItem, merged: BallotCounts, checked: CheckedRequest
) -> PublishResult:
    """Publish the first sender's item, completed by the second one, as the answer to both keys."""
    second = checked.request
    replace_own(item.contest, second.by)
    request = queued_request(item)
    request = replace(
        request,
        warning_reason=request.warning_reason or second.warning_reason,
        reason=request.reason or second.reason,
        names=request.names if second.names is None else second.names,
    )
    result = publish_queued_result(night, request, item, by=second.by, ballot_counts=merged)
    record_answer(
        result.bulletin,
        by=second.by,
        idempotency_key=second.idempotency_key,
        fingerprint=checked.intent.fingerprint,
    )
    return result


def publish_queued_result(
    night: Night,
    request: RevisionRequest,
    item: ReviewItem,
    *,
    by: User,
    ballot_counts: BallotCounts | None = None,
) -> PublishResult:
    ballot_counts = ballot_counts or BallotCounts.from_json(item.content["figures"])
    request = replace(request, approved_by=by)
    result = publish_checked(night, check_request(night, item.contest, ballot_counts, request))
    close_item(item, ReviewItem.State.PUBLISHED, by=by, bulletin=result.bulletin)
    replace_items(waiting_results(item.contest))
    return result


def _hold(checked: CheckedRequest, *, replaces_own: bool) -> ReviewItem:
    """Queue a result that has passed the checks, in place of the sender's earlier one if any."""
    contest, request, ballot_counts = checked.seat.contest, checked.request, checked.asked
    assert ballot_counts is not None
    checked.require_same_ballot_paper()
    if replaces_own:
        replace_own(contest, request.by)
    after = ballot_counts_as_text(checked.seat, ballot_counts)
    change = audit.contest_change(ChangeKind.REVIEW, contest)
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

"""Items of the review queue: found, locked, closed.

Every item is created and closed under the night's lock, so that no two people close the same one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from results.desk import audit
from results.desk.change_notifications import notify_change
from results.desk.changes import ChangeKind
from results.desk.errors import InvalidTransition
from results.desk.publishing import (
    EarlierAnswer,
    PublishResult,
    SubmitResult,
    find_record,
    locked_night,
)
from results.models import Bulletin, Contest, Night, ReviewItem
from results.words.user_names import user_name


def find_earlier_answer(by: User, idempotency_key: str) -> EarlierAnswer[SubmitResult] | None:
    """Find the earlier answer to this person's key, in its present state.

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


def current_answer(item: ReviewItem) -> SubmitResult:
    """Return the bulletin that published the item, or the item while there is none."""
    return PublishResult(item.bulletin, repeated=True) if item.bulletin is not None else item


def waiting_results(contest: Contest) -> QuerySet[ReviewItem]:
    """The contest's results that wait for a second person, oldest first."""
    waiting = ReviewItem.objects.filter(kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING)
    return waiting.filter(contest=contest).order_by("pk")


def replace_items(items: QuerySet[ReviewItem], *, by: User | None = None) -> None:
    """Close items in whose place something else stands; `by` whose, if it is their senders' own."""
    items.update(state=ReviewItem.State.REPLACED, settled_by=by, settled_at=timezone.now())


def replace_own(contest: Contest, by: User) -> None:
    """Close this person's waiting results of the contest: a later one of theirs stands."""
    replace_items(waiting_results(contest).filter(by=by), by=by)


@contextmanager
def locked(contest: Contest) -> Iterator[Night]:
    """Hold the night's lock, with the contest's election read again under it."""
    with locked_night(contest.election_id) as night:
        contest.election = night.election
        yield night


@contextmanager
def still_waiting(item: ReviewItem) -> Iterator[ReviewItem]:
    """Read the item again. Raises InvalidTransition, with its state, if it is closed."""
    fresh = ReviewItem.objects.select_related("contest__election", "by", "settled_by").get(
        pk=item.pk
    )
    if not fresh.waits:
        raise InvalidTransition(_what_became_of(fresh))
    yield fresh


def _what_became_of(item: ReviewItem) -> str:
    """Return a sentence on who closed the item, or on what replaced it."""
    if item.state == ReviewItem.State.REPLACED:
        if not waiting_results(item.contest).filter(by=item.by).exists():
            return _("Another result was published there meanwhile.")
        words = {"who": user_name(item.by)}
        return _("%(who)s has sent other figures since: look at those.") % words
    words = {"who": user_name(item.settled_by) if item.settled_by else _("The desk")}
    return _("%(who)s has dealt with this already.") % words


def close_item(
    item: ReviewItem,
    state: ReviewItem.State,
    *,
    by: User,
    bulletin: Bulletin | None = None,
    note: str = "",
) -> None:
    item.state, item.bulletin, item.note = state, bulletin, note
    item.settled_by, item.settled_at = by, timezone.now()
    item.save(update_fields=["state", "bulletin", "note", "settled_by", "settled_at"])
    # The sender is named, because they may be assigned to another count by now.
    change = audit.contest_change(ChangeKind.REVIEW, item.contest, item.by_id)
    if bulletin is not None:  # Publishing it has recorded the action.
        notify_change(change)
        return
    what = f"{item.kind}: set aside"
    audit.record_action(by, what, contest=item.contest, about=item.note, change=change)

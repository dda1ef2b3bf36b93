"""Reopen a review item that was set aside, which undoes an action that readers never saw."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.desk import audit
from results.desk.changes import ChangeKind
from results.desk.errors import InvalidTransition
from results.desk.review_items import locked
from results.models import ReviewItem, Standing


def reopen(item: ReviewItem, *, by: User) -> None:
    """Reopen an item that was set aside, of which readers never saw anything.

    Raises InvalidTransition where it was not set aside, where another result of its sender waits,
    or where a result was published since, which it cannot follow.
    """
    with locked(item.contest):
        fresh = ReviewItem.objects.select_related("contest__election", "by").get(pk=item.pk)
        if fresh.state != ReviewItem.State.DECLINED:
            raise InvalidTransition(_("It is not set aside any more."))
        if fresh.kind == ReviewItem.Kind.RESULT:
            _require_still_wanted(fresh)
        before, fresh.note = fresh.note, ""
        fresh.state, fresh.settled_by, fresh.settled_at = ReviewItem.State.WAITING, None, None
        fresh.save(update_fields=["state", "note", "settled_by", "settled_at"])
        change = audit.contest_change(ChangeKind.REVIEW, item.contest, fresh.by_id)
        what = f"{fresh.kind}: waits again"
        audit.record_action(by, what, contest=item.contest, before=before, change=change)


def _require_still_wanted(item: ReviewItem) -> None:
    """Raise InvalidTransition where a result was overtaken while it was set aside."""
    waiting = ReviewItem.objects.filter(
        contest=item.contest, by=item.by, kind=item.kind, state=ReviewItem.State.WAITING
    )
    if waiting.exists():
        raise InvalidTransition(_("Its sender has sent another since, which waits."))
    standing = Standing.objects.filter(contest=item.contest_id).first()
    if (standing.revision if standing else 0) != item.content["base_revision"]:
        raise InvalidTransition(_("A result was published there since."))

"""Recently settled items of the dashboard, with their undo or withdrawal.

What readers have not seen can be undone; what they have seen is withdrawn publicly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from results.editor.night.filters import Filters
from results.editor.night.viewer import Viewer
from results.models import Election, ReviewItem, Standing
from results.words.user_names import user_name

#: How long something stays listed.
LISTED_FOR = timedelta(minutes=15)
#: How many items are listed at most, the newest: published, and set aside with their undo.
MAX_PUBLISHED, MAX_SET_ASIDE = 4, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One settled item, with what the viewer may do about it.

    `undo` is the key of one that can be reopened; `withdraw` and `restore` are addresses.
    """

    at: datetime
    words: str
    kind: str
    undo: int | None = None
    withdraw: str = ""
    restore: str = ""


class Links(TypedDict, total=False):
    """Addresses of pages that take back what was published, or publish it again."""

    withdraw: str
    restore: str


def done_lately(election: Election, filters: Filters, viewer: Viewer) -> list[Done]:
    """The items settled in the last minutes, the newest first. Two queries."""
    settled = ReviewItem.objects.filter(
        filters.lookup("contest__"),
        contest__election=election,
        settled_at__gt=timezone.now() - LISTED_FOR,
    ).select_related(
        "contest__standing",
        "by",
        "settled_by",
        "bulletin__quote__replaced_by",
        "bulletin__photo__replaced_by",
    )
    newest_first = settled.order_by("-settled_at", "-pk")
    published = newest_first.filter(state=ReviewItem.State.PUBLISHED)[:MAX_PUBLISHED]
    set_aside = newest_first.filter(state=ReviewItem.State.DECLINED)[:MAX_SET_ASIDE]
    done = [_done(item, viewer) for item in (*published, *set_aside)]
    return sorted(done, key=lambda each: each.at, reverse=True)


def _done(item: ReviewItem, viewer: Viewer) -> Done:
    values = {
        "what": item.Kind(item.kind).label.split(",")[0],
        "where": item.contest.full_name,
        "from": user_name(item.by),
        "who": user_name(item.settled_by) if item.settled_by else _("the desk"),
    }
    assert item.settled_at is not None
    if item.state == ReviewItem.State.DECLINED:
        words = _("%(what)s of %(from)s from %(where)s set aside by %(who)s") % values
        undo = item.pk if viewer.may_judge(item.kind) else None
        return Done(at=item.settled_at, words=words, kind=item.kind, undo=undo)
    words = _("%(what)s of %(from)s from %(where)s published by %(who)s") % values
    links = _links(item, viewer)
    return Done(at=item.settled_at, words=words, kind=item.kind, **links)


def _links(item: ReviewItem, viewer: Viewer) -> Links:
    """The addresses of what can be done about an item that was published."""
    if item.kind not in (ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION):
        return {"withdraw": _withdrawal(item)} if viewer.may_judge(item.kind) else {}
    if not viewer.corrects:
        return {}
    is_withdrawn = item.contest.standing.status == Standing.Status.WITHDRAWN
    if is_withdrawn:
        return {"restore": reverse("admin:results_contest_restore", args=[item.contest_id])}
    return {"withdraw": reverse("admin:results_contest_withdraw", args=[item.contest_id])}


def _withdrawal(item: ReviewItem) -> str:
    """Address of the page that withdraws a quote or photo; empty where that was done before."""
    publication = item.bulletin.publication if item.bulletin else None
    if publication is None or not publication.is_current:
        return ""
    name = "results_election_night_withdraw"
    args = [item.contest.election_id, publication.bulletin_field, publication.pk]
    return reverse(f"admin:{name}", args=args)

"""What editors settled in the last minutes, and how to undo or withdraw it.

What readers have not seen can be undone; what they have seen is withdrawn publicly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from results.editor.night.filters import Filters
from results.models import Election, ReviewItem
from results.words.user_names import user_name

#: How long something stays listed, and how many.
LISTED_FOR = timedelta(minutes=15)
MAX_DONE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One settled item. `undo` is the key of one that can be reopened; `withdraw` an address."""

    at: datetime
    words: str
    kind: str
    undo: int | None = None
    withdraw: str = ""


def done_lately(election: Election, filters: Filters) -> Iterator[Done]:
    """What was settled in the last minutes, the newest first. One query."""
    settled = ReviewItem.objects.filter(
        filters.lookup("contest__"),
        Q(state=ReviewItem.State.DECLINED) | Q(state=ReviewItem.State.PUBLISHED),
        contest__election=election,
        settled_at__gt=timezone.now() - LISTED_FOR,
    ).select_related(
        "contest",
        "by",
        "settled_by",
        "bulletin__quote__replaced_by",
        "bulletin__photo__replaced_by",
    )
    for item in settled.order_by("-settled_at")[:MAX_DONE]:
        yield _done(item)


def _done(item: ReviewItem) -> Done:
    values = {
        "what": item.Kind(item.kind).label.split(",")[0],
        "where": item.contest.full_name,
        "from": user_name(item.by),
        "who": user_name(item.settled_by) if item.settled_by else _("the desk"),
    }
    assert item.settled_at is not None
    if item.state == ReviewItem.State.DECLINED:
        words = _("%(what)s of %(from)s from %(where)s set aside by %(who)s") % values
        return Done(at=item.settled_at, words=words, kind=item.kind, undo=item.pk)
    words = _("%(what)s of %(from)s from %(where)s published by %(who)s") % values
    return Done(at=item.settled_at, words=words, kind=item.kind, withdraw=_withdrawal(item))


def _withdrawal(item: ReviewItem) -> str:
    """The address of the page that withdraws it; empty where that is not possible any more."""
    if item.kind in (ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION):
        return reverse("admin:results_contest_withdraw", args=[item.contest_id])
    publication = item.bulletin.publication if item.bulletin else None
    if publication is None or not publication.is_current:
        return ""
    name = "results_election_night_withdraw"
    args = [item.contest.election_id, publication.bulletin_field, publication.pk]
    return reverse(f"admin:{name}", args=args)

"""What the desk did lately, with its undo or withdrawal.

What readers have not seen can be undone; what they have seen is withdrawn publicly.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypedDict

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from results.editor.night.filters import Filters
from results.editor.night.viewer import Viewer
from results.models import Bulletin, Contest, Election, Publication, ReviewItem, Standing
from results.words.user_names import user_name

#: How long something stays listed.
LISTED_FOR = timedelta(minutes=15)
#: How many items are listed at most, the newest: published, and set aside with their undo.
MAX_PUBLISHED, MAX_SET_ASIDE = 4, 20
#: Bulletins that are looked through for those published.
MAX_READ = 20
#: The longest words of a publication that stand in its line.
WORDS_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that was done, with what the viewer may do about it.

    `name` tells it apart from the others of the list. `undo` is the key of an item that can be
    reopened; `withdraw` and `restore` are addresses. `leaves_pages` says of words and pictures that
    a withdrawal takes them from every page: that of a result stands where the result did.
    `key` is the key on the keyboard, of the newest of each only.
    """

    name: str
    at: datetime
    words: str
    undo: int | None = None
    withdraw: str = ""
    leaves_pages: bool = False
    restore: str = ""
    key: str = ""

    @property
    def own_key(self) -> str:
        """The key of what can be done about it; empty if nothing can."""
        keys = {"u": self.undo, "r": self.restore, "w": self.withdraw}
        return next((key for key, given in keys.items() if given), "")


class Links(TypedDict, total=False):
    """Addresses of pages that take back what was published, or publish it again."""

    withdraw: str
    leaves_pages: bool
    restore: str


def done_lately(election: Election, filters: Filters, viewer: Viewer) -> list[Done]:
    """What was settled and published in the last minutes, the newest first. Three queries."""
    since = timezone.now() - LISTED_FOR
    settled = ReviewItem.objects.filter(
        filters.lookup("contest__"), contest__election=election, settled_at__gt=since
    ).select_related(
        "contest__standing",
        "by",
        "settled_by",
        "bulletin__quote__replaced_by",
        "bulletin__photo__replaced_by",
    )
    newest_first = settled.order_by("-settled_at", "-pk")
    approved = newest_first.filter(state=ReviewItem.State.PUBLISHED)[:MAX_PUBLISHED]
    set_aside = newest_first.filter(state=ReviewItem.State.DECLINED)[:MAX_SET_ASIDE]
    published = [_done(item, viewer) for item in approved]
    published += _published_directly(election, filters, viewer, since)
    shown = _newest_first(published)[:MAX_PUBLISHED]
    listed = _newest_first([*shown, *(_done(item, viewer) for item in set_aside)])
    return _with_keys(_each_link_once(listed))


def _newest_first(done: list[Done]) -> list[Done]:
    return sorted(done, key=lambda each: each.at, reverse=True)


def _each_link_once(done: Iterable[Done]) -> Iterator[Done]:
    """Yield them with each address at the newest alone: a result has the same at all of its own."""
    given: set[str] = set()
    for each in done:
        links = {each.withdraw, each.restore} - {""}
        yield replace(each, withdraw="", restore="") if links & given else each
        given |= links


def _with_keys(done: Iterable[Done]) -> list[Done]:
    """Give each key to the newest that it is for."""
    given: set[str] = set()
    found = []
    for each in done:
        key = each.own_key
        found.append(each if key in given else replace(each, key=key))
        given.add(key)
    return found


def _done(item: ReviewItem, viewer: Viewer) -> Done:
    is_correction = item.kind == ReviewItem.Kind.CORRECTION
    values = {
        "what": _("Correction") if is_correction else item.Kind(item.kind).label.split(",")[0],
        "where": item.contest.full_name,
        "from": user_name(item.by),
        "who": user_name(item.settled_by) if item.settled_by else _("the desk"),
    }
    assert item.settled_at is not None
    if item.state == ReviewItem.State.DECLINED:
        words = _("%(what)s sent by %(from)s from %(where)s set aside by %(who)s") % values
        undo = item.pk if viewer.may_judge(item.kind) else None
        return Done(name=f"item-{item.pk}", at=item.settled_at, words=words, undo=undo)
    words = _("%(what)s sent by %(from)s from %(where)s published by %(who)s") % values
    if is_correction and item.bulletin and item.bulletin.kind == Bulletin.Kind.WITHDRAWAL:
        words = _("Result from %(where)s withdrawn by %(who)s: %(from)s asked for it") % values
    return Done(name=f"item-{item.pk}", at=item.settled_at, words=words, **_links(item, viewer))


def _links(item: ReviewItem, viewer: Viewer) -> Links:
    """The addresses of what can be done about an item that was published."""
    if item.kind in (ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION):
        return _result_links(item.contest, viewer)
    publication = item.bulletin.publication if item.bulletin else None
    return _publication_links(publication, viewer)


def _result_links(contest: Contest, viewer: Viewer) -> Links:
    if not viewer.corrects:
        return {}
    if contest.standing.status == Standing.Status.WITHDRAWN:
        return {"restore": reverse("admin:results_contest_restore", args=[contest.pk])}
    return {"withdraw": reverse("admin:results_contest_withdraw", args=[contest.pk])}


def _publication_links(publication: Publication | None, viewer: Viewer) -> Links:
    """The page that withdraws words or a picture; none where that was done before."""
    if publication is None or not publication.is_current:
        return {}
    if publication.bulletin_field not in viewer.withdraws:
        return {}
    name = "results_election_night_withdraw"
    args = [publication.election_id, publication.bulletin_field, publication.pk]
    return {"withdraw": reverse(f"admin:{name}", args=args), "leaves_pages": True}


# --- What an editor published without the queue --------------------------------------------------

#: Fields of a bulletin whose publications are withdrawn from the dashboard.
_PUBLICATIONS = ("headline", "post", "quote", "photo")


def _published_directly(
    election: Election, filters: Filters, viewer: Viewer, since: datetime
) -> list[Done]:
    """What editors declared, corrected, withdrew and wrote themselves. One query."""
    # Of several results of a contest the newest: the links are the contest's.
    is_listed = Q(declaration__standing__isnull=False)
    is_listed |= ~Q(**dict.fromkeys(_PUBLICATIONS))
    within = filters.lookup("contest__")
    log = Bulletin.objects.filter(
        is_listed,
        # Headlines and most posts are of no contest.
        within | Q(contest=None) if within else within,
        election=election,
        published_at__gt=since,
        by__is_staff=True,
        review_items=None,
    ).defer("fragments")
    related = [f"{name}__replaced_by" for name in _PUBLICATIONS]
    log = log.select_related("by", "contest__standing", *related).order_by("-sequence")
    # What was withdrawn or reworded since is listed as that.
    shown = [each for each in log[:MAX_READ] if not _is_replaced(each.publication)]
    return [_published(bulletin, viewer) for bulletin in shown[:MAX_PUBLISHED]]


def _is_replaced(publication: Publication | None) -> bool:
    return publication is not None and hasattr(publication, "replaced_by")


def _published(bulletin: Bulletin, viewer: Viewer) -> Done:
    publication = bulletin.publication
    who, name = user_name(bulletin.by), f"bulletin-{bulletin.pk}"
    if publication is not None:
        links, words = _publication_links(publication, viewer), _words_of(publication, who)
        return Done(name=name, at=bulletin.published_at, words=words, **links)
    assert bulletin.contest is not None
    sentence = {
        Bulletin.Kind.WITHDRAWAL: _("Result from %(where)s withdrawn by %(who)s"),
        Bulletin.Kind.CORRECTION: _("Correction of %(where)s published by %(who)s"),
    }.get(Bulletin.Kind(bulletin.kind), _("Result from %(where)s published by %(who)s"))
    values = {"where": bulletin.contest.full_name, "who": who}
    links = _result_links(bulletin.contest, viewer)
    return Done(name=name, at=bulletin.published_at, words=sentence % values, **links)


def _words_of(publication: Publication, who: str) -> str:
    what = capfirst(publication._meta.verbose_name)
    if publication.withdrawn:
        return _("%(what)s withdrawn by %(who)s") % {"what": what, "who": who}
    words = Truncator(str(publication)).chars(WORDS_LENGTH)
    values = {"what": what, "words": words, "who": who}
    return _("%(what)s “%(words)s” published by %(who)s") % values

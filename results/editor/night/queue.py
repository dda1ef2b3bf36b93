"""The queue of what needs a person: results first, then the oldest.

Each part is read in a fixed number of queries, and at most so many rows of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.editor.contest_list import STATE_LABELS, with_state
from results.editor.night.filters import Filters
from results.editor.night.proposed import Column, Figures, ProposedSeat, figures_of
from results.live.seat import Seat, with_results
from results.models import (
    NOT_AWAITED,
    Assignment,
    Contest,
    Declaration,
    Election,
    Notice,
    Phone,
    ReviewItem,
    Standing,
)
from results.words.ballot_papers import names_to_text
from results.words.number_format import grouped
from results.words.party_names import PartyNames, load_party_names
from results.words.times import clock
from results.words.user_names import user_name

#: How long a winner may be published without votes before somebody should ask for them.
VOTES_OVERDUE = timedelta(minutes=20)
#: How long an editor who opened a review item is shown as looking at it.
VIEWING_PERIOD = timedelta(minutes=3)
#: How long before its expected declaration a count without a reporter is listed.
UNASSIGNED_PERIOD = timedelta(hours=2)
#: The longest list of review items, and of counts of each kind.
MAX_ITEMS = 40
MAX_LISTED = 12

#: Order of the kinds; rows of the same number are in order of time.
_URGENCY = {"differ": 0, "result": 1, "correction": 1, "quote": 2, "photo": 2}
_LATER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """Something for a person to do. `key` is its id in the page, `kind` one of `filters.KINDS`.

    Results and corrections have `figures`; results that differ have one item for each column.
    """

    key: str
    kind: str
    label: str
    contest: Contest
    since: datetime
    who: str = ""
    fact: str = ""
    viewer: str = ""
    items: Sequence[ReviewItem] = ()
    figures: Figures | None = None
    ballot: str = ""
    changes: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    people: Sequence[Any] = ()

    @property
    def item(self) -> ReviewItem | None:
        return self.items[0] if self.items else None

    @property
    def senders(self) -> list[int]:
        return [item.by_id for item in self.items]

    @property
    def can_be_asked(self) -> bool:
        """Whether somebody is there to be asked: the senders, or the reporters of a count."""
        return bool(self.people) if not self.items else self.kind in ("differ", "result")

    @property
    def question(self) -> str:
        """What is asked unless the editor writes something else."""
        where = {"where": self.contest.full_name}
        if self.figures is None:
            return _("%(where)s: when is the declaration expected now?") % where
        names = [row.name for row in self.figures.rows if row.differs]
        if len(self.items) > 1 and names:
            values = where | {"names": ", ".join(names[:3])}
            return _("%(where)s: your figures differ for %(names)s. Read yours again.") % values
        return _("%(where)s: please read your figures again.") % where

    @property
    def age(self) -> str:
        """“5 min”, “3 h” or “4 days” since, or “in 12 min”."""
        minutes = int((timezone.now() - self.since).total_seconds() // 60)
        if minutes < 0:
            return _("in %(n)d min") % {"n": -minutes}
        if minutes < 90:
            return _("%(n)d min") % {"n": minutes}
        hours = round(minutes / 60)
        if hours < 48:
            return _("%(n)d h") % {"n": hours}
        return _("%(n)d days") % {"n": round(hours / 24)}

    @property
    def order(self) -> tuple[int, datetime]:
        return _URGENCY.get(self.kind, _LATER), self.since


class Queue:
    """What waits in one election, as `filters` narrow it.

    `with_items` is whether review items are read: their figures and words are not published.
    """

    def __init__(self, election: Election, filters: Filters, *, with_items: bool) -> None:
        self.election = election
        self.filters = filters
        self.with_items = with_items
        self.now = timezone.now()
        self._unlisted = 0

    @cached_property
    def rows(self) -> list[QueueRow]:
        rows = [*self._item_rows(), *self._count_rows()]
        return sorted(rows, key=lambda row: row.order)

    @property
    def more(self) -> int:
        """How many rows are not listed, because there are so many."""
        return self._unlisted if self.rows is not None else 0

    @property
    def total(self) -> int:
        return len(self.rows) + self.more

    @cached_property
    def outside(self) -> int:
        """How many review items wait that the filters leave out. Two queries with a filter."""
        if not (self.with_items and self.filters.address):
            return 0
        return Queue(self.election, Filters(), with_items=True).waiting().count() - (
            self.waiting().count()
        )

    @property
    def has_several(self) -> bool:
        """Whether more than one quote or photo waits, so that several can be published at once."""
        return sum(row.kind in ("quote", "photo") for row in self.rows) > 1

    # --- Review items -------------------------------------------------------------------------

    def waiting(self) -> "QuerySet[ReviewItem]":
        """Review items that wait, the oldest first, as the filters narrow them."""
        items = ReviewItem.objects.filter(
            self.filters.lookup("contest__"),
            contest__election=self.election,
            state=ReviewItem.State.WAITING,
        )
        kinds = [kind.value for kind in ReviewItem.Kind if self.filters.shows(kind.value)]
        return items.filter(kind__in=kinds).select_related("by", "opened_by").order_by("pk")

    def _item_rows(self) -> Iterator[QueueRow]:
        if not self.with_items:
            return
        # Results first: many quotes must not push one out of the list.
        results = [ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION]
        first = list(self.waiting().filter(kind__in=results)[: MAX_ITEMS + 1])
        others = list(self.waiting().exclude(kind__in=results)[: MAX_ITEMS + 1])
        if max(len(first), len(others)) > MAX_ITEMS:
            listed = len(first[:MAX_ITEMS]) + len(others[:MAX_ITEMS])
            self._unlisted += self.waiting().count() - listed
        items = [*first[:MAX_ITEMS], *others[:MAX_ITEMS]]
        if not items:
            return
        seats = self._seats({item.contest_id for item in items})
        notices = self._notices(seats)
        by_contest: dict[int, list[ReviewItem]] = {}
        for item in items:
            item.contest = seats[item.contest_id].contest
            if item.kind == ReviewItem.Kind.RESULT:
                by_contest.setdefault(item.contest_id, []).append(item)
            else:
                yield self._item_row(item, seats[item.contest_id], notices)
        for contest, together in by_contest.items():
            yield self._result_row(together, seats[contest], notices)

    def _seats(self, contests: set[int]) -> dict[int, Seat]:
        party_names: PartyNames = load_party_names(self.election.date)
        found = {}
        for contest in with_results(Contest.objects.filter(pk__in=contests)):
            contest.election = self.election
            found[contest.pk] = Seat(contest, party_names)
        return found

    def _notices(self, contests: Any) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        notices = Notice.objects.filter(contest__in=list(contests)).order_by("pk")
        for contest, name in notices.values_list("contest_id", "name"):
            found.setdefault(contest, []).append(name)
        return found

    def _result_row(
        self, items: list[ReviewItem], seat: Seat, notices: dict[int, list[str]]
    ) -> QueueRow:
        differ = len(items) > 1
        figures = figures_of([self._column(item, seat) for item in items])
        labels = _("%(n)d results differ") if len(items) > 2 else _("Two results differ")
        totals = items[0].content.get("act") == Declaration.Kind.INCOMPLETE
        one = _("Some totals, second person") if totals else _("Second person")
        return QueueRow(
            key=f"results-{seat.contest.pk}",
            kind="differ" if differ else "result",
            label=labels % {"n": len(items)} if differ else one,
            contest=seat.contest,
            since=items[0].created_at,
            who=", ".join(user_name(item.by) for item in items),
            fact=self._result_fact(items, figures),
            viewer=self._viewer(items),
            items=items,
            figures=figures,
            ballot=names_to_text(seat.candidate_names),
            changes=[
                words for item in items for words in desk.change_since(item, seat).sentences()
            ],
            notices=notices.get(seat.contest.pk, []),
        )

    def _result_fact(self, items: list[ReviewItem], figures: Figures) -> str:
        if len(items) > 1:
            return figures.verdict
        outcome = figures.columns[0].seat.outcome
        majority = outcome.majority if outcome else None
        parts = [figures.verdict]
        if majority is not None:
            parts.append(_("majority %(votes)s") % {"votes": grouped(majority)})
        return ", ".join(filter(None, parts))

    def _column(self, item: ReviewItem, seat: Seat) -> Column:
        counts = item.ballot_counts
        assert counts is not None
        source = item.content.get("source", "")
        at = clock(item.created_at, self.election.zone)
        return Column(
            head=user_name(item.by),
            detail=", ".join(filter(None, [at, source])),
            seat=ProposedSeat(seat.contest, seat.party_names, counts),
            item=item.pk,
        )

    def _item_row(self, item: ReviewItem, seat: Seat, notices: dict[int, list[str]]) -> QueueRow:
        labels = {"quote": _("Quote"), "photo": _("Photo"), "correction": _("Correction asked")}
        content = item.content
        return QueueRow(
            key=f"item-{item.pk}",
            kind=item.kind,
            label=labels[item.kind],
            contest=seat.contest,
            since=item.created_at,
            who=user_name(item.by),
            fact=content.get("reason") or content.get("caption") or "",
            viewer=self._viewer([item]),
            items=[item],
            figures=self._correction(item, seat) if item.kind == "correction" else None,
            ballot=names_to_text(seat.candidate_names),
            changes=desk.change_since(item, seat).sentences(),
            notices=notices.get(seat.contest.pk, []),
        )

    def _correction(self, item: ReviewItem, seat: Seat) -> Figures:
        """What is published beside what is asked for."""
        asked = self._column(item, seat)
        if seat.declaration is None or not seat.has_result:
            return figures_of([asked])
        published = Column(
            head=_("Published"),
            detail=clock(seat.declaration.created_at, self.election.zone),
            seat=ProposedSeat(seat.contest, seat.party_names, seat.declaration.ballot_counts),
        )
        return figures_of([published, asked])

    def _viewer(self, items: Sequence[ReviewItem]) -> str:
        for item in items:
            if item.opened_by is None or item.opened_at is None:
                continue
            if self.now - item.opened_at <= VIEWING_PERIOD:
                return _("%(who)s is looking at it") % {"who": user_name(item.opened_by)}
        return ""

    # --- Counts -------------------------------------------------------------------------------

    def _contests(self) -> Any:
        contests = Contest.objects.filter(self.filters.lookup(), election=self.election)
        return with_state(contests).select_related("standing")

    def _count_rows(self) -> Iterator[QueueRow]:
        if self.election.final or not self.filters.shows("overdue"):
            return
        lists = [
            ("overdue", self._overdue()),
            ("winner", self._winner_only()),
            ("incomplete", self._incomplete()),
        ]
        if Assignment.objects.filter(contest__election=self.election).exists():
            lists.append(("nobody", self._unassigned()))
        found = [(kind, contest) for kind, contests in lists for contest in self._some(contests)]
        people = self._reporters([contest.pk for _kind, contest in found])
        for kind, contest in found:
            contest.election = self.election
            yield self._count_row(kind, contest, people.get(contest.pk, []))

    def _some(self, contests: Any) -> list[Any]:
        listed = list(contests[: MAX_LISTED + 1])
        if len(listed) > MAX_LISTED:
            self._unlisted += contests.count() - MAX_LISTED
        return listed[:MAX_LISTED]

    def _overdue(self) -> Any:
        late = self._contests().filter(expected_at__lt=self.now).exclude(state__in=NOT_AWAITED)
        return late.order_by("expected_at", "pk")

    def _winner_only(self) -> Any:
        """Contests with a published winner whose votes are late."""
        late = self._contests().filter(
            state=Standing.Status.WINNER_ONLY,
            standing__first_declared_at__lt=self.now - VOTES_OVERDUE,
        )
        return late.order_by("standing__first_declared_at", "pk")

    def _incomplete(self) -> Any:
        """Contests of which only some totals are published, for long."""
        late = self._contests().filter(
            standing__incomplete=True,
            standing__declaration__created_at__lt=self.now - VOTES_OVERDUE,
        )
        return late.select_related("standing__declaration").order_by("sort_key", "pk")

    def _unassigned(self) -> Any:
        """Counts expected soon without a reporter, in elections that have reporters at all."""
        soon = (self.now, self.now + UNASSIGNED_PERIOD)
        contests = self._contests().filter(expected_at__range=soon, assignments=None)
        return contests.exclude(state__in=NOT_AWAITED).order_by("expected_at", "pk")

    def _reporters(self, contests: list[int]) -> dict[int, list[Any]]:
        """The people at each count, with when their phones were last heard from. Two queries."""
        found: dict[int, list[Any]] = {}
        assignments = list(
            Assignment.objects.filter(contest__in=contests).select_related("reporter")
        )
        phones = Phone.objects.in_bulk([each.reporter_id for each in assignments])
        for each in assignments:
            phone = phones.get(each.reporter_id)
            each.reporter.heard_at = phone.seen_at if phone else None  # type: ignore[attr-defined]
            found.setdefault(each.contest_id, []).append(each.reporter)
        return found

    def _count_row(self, kind: str, contest: Any, people: list[Any]) -> QueueRow:
        labels = {
            "overdue": _("Overdue"),
            "winner": _("Winner only"),
            "incomplete": _("Incomplete"),
            "nobody": _("Nobody there"),
        }
        since, fact = self._since_and_fact(kind, contest)
        return QueueRow(
            key=f"{kind}-{contest.pk}",
            kind=kind,
            label=labels[kind],
            contest=contest,
            since=since,
            who=", ".join(user_name(person) for person in people),
            fact=fact,
            people=people,
        )

    def _since_and_fact(self, kind: str, contest: Any) -> tuple[datetime, str]:
        zone, expected = self.election.zone, contest.expected_at
        if kind == "winner":
            since = contest.standing.first_declared_at
            words = _("Published %(time)s, the votes are still to follow")
            return since, words % {"time": clock(since, zone)}
        if kind == "incomplete":
            return contest.standing.declaration.created_at, contest.standing.incomplete_label
        if kind == "nobody":
            return expected, _("Expected %(time)s, no reporter") % {"time": clock(expected, zone)}
        state = str(STATE_LABELS[Standing.Status(contest.state)]).lower()
        return expected, _("Expected %(time)s, %(state)s") % {
            "time": clock(expected, zone),
            "state": state,
        }

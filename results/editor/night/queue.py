"""The queue of what needs a person's attention: results first, then the oldest items.

Each part is read in a fixed number of queries, up to a largest number of rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.editor.contest_states import ContestWithState, state_labels
from results.editor.night.filters import Filters
from results.editor.night.proposed import Column, Figures, ProposedSeat, figures_of
from results.editor.night.queue_row import QueueRow
from results.editor.night.requested_corrections import is_of_words, other_time
from results.editor.polls import is_uncontested
from results.editor.review_items import is_overtaken
from results.live.candidate_names import attributed_to
from results.live.seat import Seat, with_results
from results.models import (
    NOT_AWAITED,
    Assignment,
    Contest,
    Declaration,
    Election,
    Notice,
    ReviewItem,
    Standing,
)
from results.words.ballot_papers import names_to_text
from results.words.number_format import grouped
from results.words.party_names import PartyNames, load_party_names
from results.words.times import clock, expected_time
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


class Queue:
    """Items of one election that wait for a person, narrowed by `filters`.

    `with_items` is whether review items are read: their figures and words are not published.
    """

    def __init__(self, election: Election, filters: Filters, *, with_items: bool) -> None:
        self.election = election
        self.filters = filters
        self.with_items = with_items
        self.now = timezone.now()
        self._unlisted = 0
        self._withdrawals: dict[int, int] = {}

    @cached_property
    def rows(self) -> list[QueueRow]:
        rows = [*self._item_rows(), *self._count_rows()]
        return sorted(rows, key=lambda row: row.order)

    @property
    def more(self) -> int:
        """The number of rows that are not listed, because there are too many."""
        return self._unlisted if self.rows is not None else 0

    @property
    def total(self) -> int:
        return len(self.rows) + self.more

    @cached_property
    def outside(self) -> int:
        """The number of waiting review items that the filters hide. Two queries with a filter."""
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
        self._withdrawals = _withdrawals(items)
        by_contest: dict[int, list[ReviewItem]] = {}
        for item in items:
            item.contest = seats[item.contest_id].contest
            if item.kind == ReviewItem.Kind.RESULT and not is_overtaken(item):
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

    def _notices(self, contests: Iterable[int]) -> dict[int, list[str]]:
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
        totals = items[0].content.get("act") == Declaration.Kind.INCOMPLETE
        one = _("Some totals, second person") if totals else _("Second person")
        return QueueRow(
            key=f"results-{seat.contest.pk}",
            kind="differ" if differ else "result",
            label=_several(len(items), figures) if differ else one,
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
        if majority is not None and outcome and not outcome.by_lot:
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
        """A row of one item. A result that was overtaken is shown as the correction it would be."""
        overtaken = item.kind == ReviewItem.Kind.RESULT
        asked = item.kind == ReviewItem.Kind.CORRECTION
        withdrawn = (
            asked and self._withdrawals.get(seat.contest.pk, 0) > item.content["base_revision"]
        )
        kind = ReviewItem.Kind.CORRECTION.value if overtaken else item.kind
        labels = {"quote": _("Quote"), "photo": _("Photo"), "correction": _("Correction asked")}
        content = item.content
        fact = content.get("reason") or content.get("caption") or ""
        return QueueRow(
            key=f"item-{item.pk}",
            kind=kind,
            label=_("Overtaken result") if overtaken else labels[kind],
            contest=seat.contest,
            since=item.created_at,
            who=user_name(item.by),
            fact=_("another was published meanwhile") if overtaken else fact,
            speaker=attributed_to(content, seat.candidates) if kind == "quote" else "",
            viewer=self._viewer([item]),
            items=[item],
            figures=self._correction(item, seat) if kind == "correction" else None,
            ballot=names_to_text(seat.candidate_names),
            changes=desk.change_since(item, seat).sentences(),
            notices=notices.get(seat.contest.pk, []),
            # What was asked about a result that was withdrawn is not asked about the next one.
            is_overtaken=overtaken or (withdrawn and seat.is_published),
            is_of_nothing=asked and not seat.is_published,
            is_of_words=not withdrawn and is_of_words(item, seat, self.election),
            other_time=other_time(item, seat, self.election),
        )

    def _correction(self, item: ReviewItem, seat: Seat) -> Figures:
        """Compare the requested correction with the published result."""
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
            # Not an hour ahead either: the clock was set back.
            if abs(self.now - item.opened_at) <= VIEWING_PERIOD:
                return _("%(who)s is looking at it") % {"who": user_name(item.opened_by)}
        return ""

    # --- Counts -------------------------------------------------------------------------------

    def _count_rows(self) -> Iterator[QueueRow]:
        if self.election.final or not self.filters.shows("overdue"):
            return
        lists = [
            ("overdue", self._overdue()),
            ("winner", self._winner_only()),
            ("incomplete", self._incomplete()),
        ]
        if self._most_have_reporters():
            lists.append(("nobody", self._unassigned()))
        found = [(kind, contest) for kind, contests in lists for contest in self._some(contests)]
        people = self._reporters([contest.pk for _kind, contest in found])
        for kind, contest in found:
            contest.election = self.election
            yield self._count_row(kind, contest, people.get(contest.pk, []))

    def _some(self, contests: "QuerySet[ContestWithState]") -> list[ContestWithState]:
        listed = list(contests[: MAX_LISTED + 1])
        if len(listed) > MAX_LISTED:
            self._unlisted += contests.count() - MAX_LISTED
        return listed[:MAX_LISTED]

    def _awaited(self) -> "QuerySet[ContestWithState]":
        """Contests without a result, but for those whose result waits: it has a row of its own."""
        at_desk = ReviewItem.objects.filter(
            contest__election=self.election,
            state=ReviewItem.State.WAITING,
            kind=ReviewItem.Kind.RESULT,
        )
        awaited = self.filters.contests(self.election).exclude(state__in=NOT_AWAITED)
        awaited = awaited.exclude(pk__in=at_desk.values("contest"))
        return awaited.annotate(stand=Count("candidates", distinct=True))

    def _overdue(self) -> "QuerySet[ContestWithState]":
        return self._awaited().filter(expected_at__lt=self.now).order_by("expected_at", "pk")

    def _winner_only(self) -> "QuerySet[ContestWithState]":
        """Contests with a published winner whose votes are late."""
        late = self.filters.contests(self.election).filter(
            state=Standing.Status.WINNER_ONLY,
            standing__first_declared_at__lt=self.now - VOTES_OVERDUE,
        )
        return late.order_by("standing__first_declared_at", "pk")

    def _incomplete(self) -> "QuerySet[ContestWithState]":
        """Contests of which only some totals are published, for long."""
        late = self.filters.contests(self.election).filter(
            standing__incomplete=True,
            standing__declaration__created_at__lt=self.now - VOTES_OVERDUE,
        )
        return late.select_related("standing__declaration").order_by("sort_key", "pk")

    def _most_have_reporters(self) -> bool:
        """Whether a count without a reporter is an oversight; where few have one it is the plan."""
        contests = Contest.objects.filter(self.filters.lookup(), election=self.election)
        counts: dict[str, int] = contests.aggregate(
            all=Count("pk", distinct=True), sent=Count("assignments__contest", distinct=True)
        )
        return counts["sent"] > 0 and counts["all"] <= 2 * counts["sent"]

    def _unassigned(self) -> "QuerySet[ContestWithState]":
        """Counts expected soon without a reporter."""
        soon = (self.now, self.now + UNASSIGNED_PERIOD)
        contests = self._awaited().filter(expected_at__range=soon, assignments=None)
        return contests.order_by("expected_at", "pk")

    def _reporters(self, contests: list[int]) -> dict[int, list[User]]:
        """The people at each count."""
        found: dict[int, list[User]] = {}
        for each in Assignment.objects.filter(contest__in=contests).select_related("reporter"):
            found.setdefault(each.contest_id, []).append(each.reporter)
        return found

    def _count_row(self, kind: str, contest: ContestWithState, people: list[User]) -> QueueRow:
        labels = {
            "overdue": _("Overdue"),
            "winner": _("Winners only") if contest.seats > 1 else _("Winner only"),
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
            is_uncontested=is_uncontested(contest, getattr(contest, "stand", 0)),
        )

    def _since_and_fact(self, kind: str, contest: ContestWithState) -> tuple[datetime, str]:
        expected = contest.expected_at
        if kind == "winner":
            since = contest.standing.first_declared_at
            assert since is not None
            words = _("Published %(time)s, the votes are still to follow")
            return since, words % {"time": expected_time(since, self.election)}
        if kind == "incomplete":
            declaration = contest.standing.declaration
            assert declaration is not None
            return declaration.created_at, contest.standing.incomplete_label
        assert expected is not None
        due = expected_time(expected, self.election)
        if kind == "nobody":
            return expected, _("Expected %(time)s, no reporter") % {"time": due}
        state = str(state_labels(contest)[Standing.Status(contest.state)]).lower()
        return expected, _("Expected %(time)s, %(state)s") % {
            "time": due,
            "state": state,
        }


def _several(number: int, figures: Figures) -> str:
    """Name several results of a count; those sent to a closed night may well be the same."""
    if figures.are_the_same:
        same = _("%(n)d results, the same figures")
        return same % {"n": number} if number > 2 else _("Two results, the same figures")
    return _("%(n)d results differ") % {"n": number} if number > 2 else _("Two results differ")


def _withdrawals(items: Sequence[ReviewItem]) -> dict[int, int]:
    """Return the newest withdrawal's revision of each contest that a correction is asked for."""
    asked = {item.contest_id for item in items if item.kind == ReviewItem.Kind.CORRECTION}
    if not asked:
        return {}
    found = Declaration.objects.filter(contest__in=asked, kind=Declaration.Kind.WITHDRAWAL)
    return dict(found.order_by("revision").values_list("contest", "revision"))

"""The present state of readers' pages: headline, newest result, tally, and counts by state."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.editor.contest_list import STATE_LABELS, ContestWithState, StateLink
from results.editor.night.filters import Filters
from results.live.election_snapshot import ElectionSnapshot
from results.live.party_table import PartyRow
from results.models import (
    NOT_AWAITED,
    WITH_RESULT,
    Bulletin,
    Contest,
    Declaration,
    Election,
    ReviewItem,
    Standing,
)
from results.words.seat_sentences import result_sentence

#: Counts listed in each column.
MAX_COUNTS = 10
#: Parties under the bar.
MAX_PARTIES = 8


@dataclass(frozen=True, slots=True)
class CountRow:
    """One count in the list of its state, with a time (`at`) or a word beside its name."""

    contest: Contest
    at: datetime | None = None
    word: StrOrPromise = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class CountList:
    """Counts in some states, those that need attention first."""

    label: StrOrPromise
    rows: list[CountRow]
    total: int
    address: str

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


#: Words beside a count that is on its way.
_SHORT = {
    Standing.Status.RECOUNT: gettext_lazy("recount"),
    Standing.Status.WINNER_ONLY: gettext_lazy("winner"),
    Standing.Status.INCOMPLETE: gettext_lazy("totals"),
}


class PageNow:
    """The election's page as it is published. `filters` narrow the lists of counts."""

    def __init__(self, election: Election, filters: Filters) -> None:
        self.election = election
        self.filters = filters
        self.now = timezone.now()

    @cached_property
    def snapshot(self) -> ElectionSnapshot:
        return ElectionSnapshot(self.election)

    @cached_property
    def parties(self) -> list[PartyRow]:
        """The parties with most seats, each with its net change."""
        rows = [row for row in self.snapshot.party_rows if row.party_tally.seats]
        return rows[:MAX_PARTIES]

    @cached_property
    def newest(self) -> Declaration | None:
        """The newest result that readers see."""
        current = Declaration.objects.filter(
            contest__election=self.election, standing__status__in=WITH_RESULT
        )
        related = current.select_related("contest", "by", "standing")
        return related.order_by("-sequence").first()

    @property
    def newest_sentence(self) -> str:
        if self.newest is None:
            return ""
        self.newest.contest.election = self.election
        summary = self.newest.standing.summary
        return result_sentence(self.newest.contest.full_name, summary, self.snapshot.party_names)

    # --- Counts by state ----------------------------------------------------------------------

    @cached_property
    def only_ours(self) -> bool:
        """Whether the lists are of the counts that reporters are sent to: there are some."""
        return Contest.objects.filter(election=self.election, assignments__gt=0).exists()

    def _ours(self) -> "QuerySet[ContestWithState]":
        contests = self.filters.contests(self.election)
        return contests.filter(assignments__gt=0).distinct() if self.only_ours else contests

    @cached_property
    def states(self) -> list[StateLink]:
        """Links to the list of contests in each state, with their numbers."""
        counts = dict(
            self.filters.contests(self.election)
            .values_list("state")
            .annotate(n=Count("pk"))
            .order_by()
        )
        return [
            StateLink(
                status=status.value,
                label=label,
                contests=counts[status],
                address=self._list_address(status.value),
            )
            for status, label in STATE_LABELS.items()
            if counts.get(status)
        ]

    def _list_address(self, state: str = "") -> str:
        address = reverse("admin:results_contest_changelist")
        chosen = f"&state={state}" if state else ""
        return f"{address}?election__id__exact={self.election.pk}{chosen}"

    @cached_property
    def columns(self) -> list[list[CountList]]:
        """Columns of counts: to come; in progress and waiting at the desk; declared, postponed."""
        between = list(_SHORT)
        soonest = (F("expected_at").asc(nulls_last=True), "sort_key", "pk")
        newest = F("standing__first_sequence").desc(nulls_last=True)
        on_the_way = self._ours().filter(state__in=between).order_by(*soonest)
        done = self._ours().filter(state__in=WITH_RESULT).exclude(state__in=between)
        off = self._ours().filter(state=Standing.Status.POSTPONED).order_by("sort_key", "pk")
        # Most nights have none, and their page is not asked for them once more.
        has_off = any(link.status == Standing.Status.POSTPONED for link in self.states)
        waiting = Q(review_items__state=ReviewItem.State.WAITING) & Q(
            review_items__kind__in=[ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION]
        )
        at_desk = self._ours().filter(waiting).distinct().order_by("sort_key", "pk")
        here = at_desk.order_by().values("pk")
        to_come = (
            self._ours()
            .exclude(state__in=[*NOT_AWAITED, *between])
            .exclude(pk__in=here)
            .order_by(*soonest)
        )
        lists = [
            [self._list(_("Still to come"), to_come, "awaiting")],
            [
                self._list(_("Recount, or not all known"), on_the_way, "recount"),
                self._list(_("At the desk"), at_desk, "", word=_("waits")),
            ],
            [
                self._list(_("Declared"), done.order_by(newest, "pk"), "declared"),
                *([self._list(_("Postponed"), off, "postponed")] if has_off else []),
            ],
        ]
        shown = [[each for each in column if each.rows] for column in lists]
        return [column for column in shown if column]

    def _list(
        self,
        label: str,
        contests: "QuerySet[ContestWithState]",
        state: str,
        word: str = "",
    ) -> CountList:
        listed = list(contests[: MAX_COUNTS + 1])
        total = contests.count() if len(listed) > MAX_COUNTS else len(listed)
        rows = [
            CountRow(contest, word=word) if word else self._row(contest)
            for contest in listed[:MAX_COUNTS]
        ]
        return CountList(label, rows, total, self._list_address(state))

    def _row(self, contest: ContestWithState) -> CountRow:
        status = Standing.Status(contest.state)
        if status in _SHORT:
            return CountRow(contest, word=_SHORT[status])
        if status in WITH_RESULT:
            return CountRow(contest, contest.standing.first_declared_at)
        if status == Standing.Status.POSTPONED:
            return CountRow(contest)
        late = contest.expected_at is not None and contest.expected_at < self.now
        return CountRow(contest, contest.expected_at, is_late=late and not self.election.final)

    @cached_property
    def last(self) -> Bulletin | None:
        log = Bulletin.objects.filter(election=self.election).defer("fragments")
        return log.order_by("-sequence").first()

"""The present state of readers' pages: headline, newest result, tally, and counts by state."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.editor.contest_filters import (
    AreasFilter,
    AssignedFilter,
    GroupFilter,
    RegionFilter,
    yes_or_no,
)
from results.editor.contest_states import (
    STATE_GROUPS,
    ContestWithState,
    StateCounts,
    StateLinks,
    count_states,
    results_that_wait,
    state_links,
)
from results.editor.night.filters import Filters
from results.live.election_snapshot import ElectionSnapshot
from results.live.party_table import PartyRow
from results.models import (
    WITH_RESULT,
    Bulletin,
    Contest,
    Declaration,
    Election,
    Region,
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
    """Counts in some states, those that need attention first.

    `counted` says what the number is of, where that may be contests or counting areas.
    """

    label: StrOrPromise
    rows: list[CountRow]
    total: int
    address: str
    counted: StrOrPromise = ""

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
    def _counts(self) -> StateCounts:
        return count_states(self.filters.contests(self.election))

    @cached_property
    def has_areas(self) -> bool:
        """Whether counting areas are among the counts, which are then listed apart."""
        return bool(self._counts[True])

    @cached_property
    def states(self) -> list[StateLinks]:
        """Links to the list of contests in each state, with their numbers."""

        def address_of(status: Standing.Status, areas: bool | None) -> str:
            return self._list_address(state=status.value, areas=areas)

        return state_links(self._counts, address_of)

    def _list_address(self, *, areas: bool | None, **filters: str) -> str:
        """The address of the admin's list of these counts, with the dashboard's filters."""
        address = reverse("admin:results_contest_changelist")
        query = {"election__id__exact": str(self.election.pk)} | filters | self._own_filters
        if areas is not None:
            query[AreasFilter.parameter_name] = yes_or_no(areas)
        return f"{address}?{urlencode(query)}"

    @cached_property
    def _own_filters(self) -> dict[str, str]:
        """The dashboard's filters as the list has them. A query with a region."""
        found = {}
        if self.filters.group:
            found[GroupFilter.parameter_name] = str(self.filters.group)
        if self.filters.region:
            region = Region.objects.filter(pk=self.filters.region).first()
            found[RegionFilter.parameter_name] = region.name if region else ""
        return found

    @cached_property
    def columns(self) -> list[list[CountList]]:
        """Columns of counts: to come; in progress and waiting at the desk; declared, postponed."""
        newest = F("standing__first_sequence").desc(nulls_last=True)
        soonest = (F("expected_at").asc(nulls_last=True), "sort_key", "pk")
        by_name = ("sort_key", "pk")
        here = results_that_wait().filter(contest__election=self.election).values("contest")
        to_come = self._in_group("to-come").exclude(pk__in=here).order_by(*soonest)
        not_all_known = self._in_group("not-all-known").order_by(*soonest)
        at_desk = self._ours().filter(pk__in=here).order_by(*by_name)
        done = self._in_group("done").order_by(newest, "pk")
        off = Standing.Status.POSTPONED
        # Most nights have none, and their page is not asked for them once more.
        has_off = any(off in states for states in self._counts.values())
        postponed = self._ours().filter(state=off).order_by(*by_name)
        lists = [
            self._lists(_("Still to come"), to_come, state="to-come", desk="no"),
            [
                *self._lists(_("Recount, or not all known"), not_all_known, state="not-all-known"),
                *self._lists(_("At the desk"), at_desk, word=_("waits"), desk="yes"),
            ],
            [
                *self._lists(_("Declared"), done, state="done"),
                *(self._lists(_("Postponed"), postponed, state=off.value) if has_off else []),
            ],
        ]
        shown = [[each for each in column if each.rows] for column in lists]
        return [column for column in shown if column]

    def _in_group(self, group: str) -> "QuerySet[ContestWithState]":
        _label, statuses = STATE_GROUPS[group]
        return self._ours().filter(state__in=statuses)

    def _lists(
        self, label: str, counts: "QuerySet[ContestWithState]", *, word: str = "", **filters: str
    ) -> list[CountList]:
        """The list of these counts; two where some of the election's are counting areas."""
        if self.only_ours:
            filters[AssignedFilter.parameter_name] = yes_or_no(True)
        if not self.has_areas:
            address = self._list_address(areas=None, **filters)
            return [self._list(counts, word, CountList(label, [], 0, address))]
        kinds = [
            (False, label, _("contests")),
            (True, _("Counted") if filters.get("state") == "done" else label, _("counting areas")),
        ]
        return [
            self._list(
                counts.filter(part_of__isnull=not areas),
                word,
                CountList(own_label, [], 0, self._list_address(areas=areas, **filters), counted),
            )
            for areas, own_label, counted in kinds
        ]

    def _list(
        self, contests: "QuerySet[ContestWithState]", word: str, empty: CountList
    ) -> CountList:
        """Fill an `empty` list with the first of its counts, and their number."""
        listed = list(contests[: MAX_COUNTS + 1])
        total = contests.count() if len(listed) > MAX_COUNTS else len(listed)
        rows = [
            CountRow(contest, word=word) if word else self._row(contest)
            for contest in listed[:MAX_COUNTS]
        ]
        return replace(empty, rows=rows, total=total)

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

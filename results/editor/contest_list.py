"""The admin's list of contests: filters, columns, and a link for each state of a count."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypedDict

from django.contrib import admin
from django.db.models import Count, QuerySet, Value
from django.db.models.fields.related import RelatedField
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy
from django_stubs_ext import StrOrPromise, WithAnnotations

from results.arithmetic import read_id
from results.arithmetic.sorting import sort_key
from results.editor.base import SortedList
from results.models import NOT_AWAITED, Body, Contest, Region, Standing
from results.words.party_names import PartyNames, load_party_names
from results.words.seat_sentences import majority_or_lot, result_sentence, short_result
from results.words.times import expected_time
from results.words.user_names import user_name

#: Labels short enough for a column; those of `Standing.Status` are whole sentences.
STATE_LABELS = {
    Standing.Status.AWAITING: _("Awaited"),
    Standing.Status.UNDER_WAY: _("Under way"),
    Standing.Status.BUNDLE_CHECK: _("Bundle check"),
    Standing.Status.RECOUNT: _("Recount"),
    Standing.Status.ON_STAGE: _("On the stage"),
    Standing.Status.WINNER_ONLY: _("Winner only"),
    Standing.Status.DECLARED: _("Declared"),
    Standing.Status.CORRECTED: _("Corrected"),
    Standing.Status.WITHDRAWN: _("Withdrawn"),
    Standing.Status.POSTPONED: _("Postponed"),
    Standing.Status.UNOPPOSED: _("Unopposed"),
    Standing.Status.INCOMPLETE: _("Incomplete"),
}


@dataclass(frozen=True, slots=True)
class StateLink:
    """Link to the list of the counts in one state, with their number."""

    status: str
    label: StrOrPromise
    contests: int
    address: str
    current: bool = False


class State(TypedDict):
    state: str


#: A contest as `with_state` reads it.
ContestWithState: TypeAlias = "WithAnnotations[Contest, State]"


def with_state(contests: QuerySet[Contest]) -> "QuerySet[WithAnnotations[Contest, State]]":
    """Annotate contests with `state`: the status of their standing, else awaiting."""
    return contests.annotate(
        state=Coalesce("standing__status", Value(str(Standing.Status.AWAITING.value)))
    )


class ContestList(SortedList):
    """A change list with links to its states, in a fixed number of queries."""

    states: list[StateLink]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        days = {contest.election.date for contest in self.result_list}
        party_names = {on: load_party_names(on) for on in days}
        for contest in self.result_list:
            contest.party_names = party_names[contest.election.date]
        self.states = list(self._states(request))

    def _states(self, request: HttpRequest) -> Iterator[StateLink]:
        """Count by state what the other filters select."""
        contests = self.get_queryset(request, exclude_parameters=[StatusFilter.parameter_name])
        contests = contests.prefetch_related(None).order_by()
        counts = dict(contests.values_list("state").annotate(contests=Count("pk", distinct=True)))
        selected = self.params.get(StatusFilter.parameter_name)
        for status, label in STATE_LABELS.items():
            current = selected == status
            if current or counts.get(status):
                # The link of the selected state takes the filter off again.
                query = {StatusFilter.parameter_name: None if current else status.value}
                address = self.get_query_string(query)
                yield StateLink(status.value, label, counts.get(status, 0), address, current)


# --- Filters ----------------------------------------------------------------------------------


class StatusFilter(admin.SimpleListFilter):
    title = pgettext_lazy("of a count", "state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        return [(status.value, label) for status, label in STATE_LABELS.items()]

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[WithAnnotations[Contest, State]]"
    ) -> "QuerySet[WithAnnotations[Contest, State]]":
        state = self.value()
        return queryset.filter(state=state) if state else queryset


class AssignedFilter(admin.SimpleListFilter):
    title = _("reporter")
    parameter_name = "assigned"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        return [("no", _("Nobody assigned")), ("yes", _("Somebody assigned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        if not self.value():
            return queryset
        return queryset.filter(assignments__isnull=self.value() == "no").distinct()


class BodyFilter(admin.RelatedOnlyFieldListFilter):
    """Offers the bodies of the election that is chosen: a council night has no House."""

    def field_choices(
        self,
        field: RelatedField[Any, Any],
        request: HttpRequest,
        model_admin: admin.ModelAdmin[Any],
    ) -> list[tuple[str, StrOrPromise]]:
        choices = super().field_choices(field, request, model_admin)
        election = read_id(request.GET.get("election__id__exact", ""))
        if not election:
            return choices
        bodies = Body.objects.filter(election=election)
        own = {str(pk) for pk in bodies.values_list("pk", flat=True)}
        return [(key, name) for key, name in choices if str(key) in own]


class RegionFilter(admin.SimpleListFilter):
    """Filters by name, because each election has a region called London of its own."""

    title = _("region")
    parameter_name = "region"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        regions = Region.objects.filter(contests__isnull=False)
        election = read_id(request.GET.get("election__id__exact", ""))
        if election:
            regions = regions.filter(election=election)
        names = set(regions.order_by().values_list("name", flat=True))
        return [(name, name) for name in sorted(names, key=sort_key)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        return queryset.filter(region__name=self.value()) if self.value() else queryset


# --- Columns ----------------------------------------------------------------------------------


def _standing(contest: Contest) -> Standing | None:
    return getattr(contest, "standing", None)


@admin.display(description=_("name"), ordering="sort_key")
def full_name(contest: Contest) -> str:
    return contest.full_name


@admin.display(description=pgettext_lazy("of a count", "state"), ordering="state")
def state(contest: Contest) -> str:
    status = Standing.Status(getattr(contest, "state", Standing.Status.AWAITING))
    return format_html('<span class="state state-{}">{}</span>', status.value, STATE_LABELS[status])


@admin.display(description=_("result"))
def result(contest: Contest) -> str | None:
    """The result as tables print it, and the names of those elected."""
    standing = _standing(contest)
    if standing is not None and standing.incomplete:
        return format_html('<span class="quiet">{}</span>', standing.incomplete_label)
    if standing is None or not standing.has_result:
        return None
    names = ", ".join(winner["name"] for winner in standing.summary["elected"])
    party_names: PartyNames = getattr(contest, "party_names", None) or load_party_names()
    short = short_result(standing.summary, party_names)
    return format_html('{} <span class="quiet">{}</span>', short, names)


@admin.display(description=_("majority"))
def majority(contest: Contest) -> str | None:
    standing = _standing(contest)
    summary = standing.summary if standing else {}
    votes = summary.get("majority")
    return None if votes is None else majority_or_lot(votes, by_lot=bool(summary.get("by_lot")))


@admin.display(description=_("expected"), ordering="expected_at")
def expected(contest: Contest) -> str | None:
    """The time of declaration where there is one, else the expected time, marked when overdue."""
    standing = _standing(contest)
    if standing and standing.has_result and standing.first_declared_at:
        at = expected_time(standing.first_declared_at, contest.election)
        return format_html('<span class="quiet">{} {}</span>', gettext("declared"), at)
    if contest.expected_at is None:
        return None
    at = expected_time(contest.expected_at, contest.election)
    awaited = standing is None or standing.status not in NOT_AWAITED
    if awaited and contest.expected_at < timezone.now() and not contest.election.final:
        return format_html('{} <strong class="overdue">{}</strong>', at, gettext("overdue"))
    return at


@admin.display(description=_("assigned"))
def assigned(contest: Contest) -> str | None:
    """The names of the assigned reporters."""
    reporters = [assignment.reporter for assignment in contest.assignments.all()]
    names = [user_name(reporter) for reporter in reporters]
    return ", ".join(names) or None


@admin.display(description=_("revision"), ordering="standing__revision")
def revision(contest: Contest) -> int | None:
    standing = _standing(contest)
    return standing.revision or None if standing else None


def standing_sentence(contest: Contest) -> str:
    """Status, revision and result of a contest in one sentence, for its own page."""
    standing = _standing(contest)
    if standing is None:
        return str(STATE_LABELS[Standing.Status.AWAITING])
    if not standing.has_result:
        words = dict.fromkeys([standing.status_name, standing.incomplete_label])
        return ". ".join(filter(None, words))
    return gettext("%(status)s, revision %(revision)d: %(line)s") % {
        "status": standing.get_status_display(),
        "revision": standing.revision,
        "line": result_sentence(
            contest.full_name, standing.summary, load_party_names(contest.election.date)
        ),
    }

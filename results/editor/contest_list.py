"""The admin's list of contests: its columns, and a link for each state of a count."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy
from django_stubs_ext import StrOrPromise

from results.editor.base import SortedList
from results.editor.contest_filters import AreasFilter, StatusFilter, yes_or_no
from results.editor.contest_states import (
    AREA_LABELS,
    STATE_LABELS,
    StateLinks,
    count_states,
    state_labels,
    state_links,
    waiting_contests,
    with_waiting,
)
from results.models import NOT_AWAITED, Contest, Standing
from results.words.party_names import PartyNames, load_party_names
from results.words.seat_sentences import majority_or_lot, result_sentence, short_result
from results.words.times import expected_time
from results.words.user_names import user_name


class ContestList(SortedList):
    """A change list with links to its states, in a fixed number of queries."""

    states: list[StateLinks]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        days = {contest.election.date for contest in self.result_list}
        party_names = {on: load_party_names(on) for on in days}
        waiting = waiting_contests(self.result_list)
        for contest in self.result_list:
            contest.party_names = party_names[contest.election.date]
            contest.waits = contest.pk in waiting
        self.states = self._states(request)

    def _states(self, request: HttpRequest) -> list[StateLinks]:
        """Count by state what the other filters select."""
        state, kind = StatusFilter.parameter_name, AreasFilter.parameter_name
        contests = self.get_queryset(request, exclude_parameters=[state, kind])
        selected, selected_kind = self.params.get(state), self.params.get(kind)

        def is_current(status: Standing.Status, areas: bool | None) -> bool:
            same_kind = areas is None or selected_kind in (None, yes_or_no(areas))
            return selected == status and same_kind

        def address_of(status: Standing.Status, areas: bool | None) -> str:
            # The link of the selected state takes the filter off again.
            query = {state: status.value, kind: None if areas is None else yes_or_no(areas)}
            off = dict.fromkeys(query)
            return self.get_query_string(off if is_current(status, areas) else query)

        counts = count_states(contests.prefetch_related(None))
        return state_links(counts, address_of, is_current)


# --- Columns ----------------------------------------------------------------------------------


def _standing(contest: Contest) -> Standing | None:
    return getattr(contest, "standing", None)


@admin.display(description=_("name"), ordering="sort_key")
def full_name(contest: Contest) -> str:
    return contest.full_name


@admin.display(description=pgettext_lazy("of a count", "state"), ordering="state")
def state(contest: Contest) -> str:
    status = Standing.Status(getattr(contest, "state", Standing.Status.AWAITING))
    name = state_labels(contest)[status]
    standing = _standing(contest)
    if standing is not None and standing.has_several_winners_only:
        name = _("Winners only")
    label = with_waiting(name, waits=getattr(contest, "waits", False))
    return format_html('<span class="state state-{}">{}</span>', status.value, label)


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


def _status_of_result(contest: Contest, standing: Standing) -> StrOrPromise:
    if contest.is_counting_area and standing.status == Standing.Status.DECLARED:
        return AREA_LABELS[Standing.Status.DECLARED]
    return standing.status_name


def standing_sentence(contest: Contest) -> str:
    """Status, revision and result of a contest in one sentence, for its own page."""
    standing = _standing(contest)
    if standing is None:
        return str(STATE_LABELS[Standing.Status.AWAITING])
    if not standing.has_result:
        words = dict.fromkeys([standing.status_name, standing.incomplete_label])
        return ". ".join(filter(None, words))
    return gettext("%(status)s, revision %(revision)d: %(line)s") % {
        "status": _status_of_result(contest, standing),
        "revision": standing.revision,
        "line": result_sentence(
            contest.full_name, standing.summary, load_party_names(contest.election.date)
        ),
    }

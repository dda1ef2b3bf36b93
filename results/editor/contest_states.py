"""States of counts in the admin: their labels, and a link with a number for each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypedDict

from django.db.models import BooleanField, Case, Count, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from django_stubs_ext import StrOrPromise, WithAnnotations

from results.models import NOT_AWAITED, WITH_RESULT, Contest, ReviewItem, Standing

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

#: Labels of counting areas, where nobody is declared elected.
AREA_LABELS = STATE_LABELS | {Standing.Status.DECLARED: _("Counted")}

#: Statuses that are listed together, by the value of the filter: those of no result that is to
#: come, of one that is not all known, and of all that are known.
_NOT_ALL_KNOWN = (
    Standing.Status.RECOUNT,
    Standing.Status.WINNER_ONLY,
    Standing.Status.INCOMPLETE,
)
STATE_GROUPS = {
    "to-come": (
        _("Still to come"),
        [each for each in STATE_LABELS if each not in (*NOT_AWAITED, *_NOT_ALL_KNOWN)],
    ),
    "not-all-known": (_("Recount, or not all known"), list(_NOT_ALL_KNOWN)),
    "done": (
        _("Declared, corrected or unopposed"),
        [each for each in WITH_RESULT if each not in _NOT_ALL_KNOWN],
    ),
}


@dataclass(frozen=True, slots=True)
class StateLink:
    """Link to the list of the counts in one state, with their number."""

    status: str
    label: StrOrPromise
    contests: int
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class StateLinks:
    """Links to the states of contests, of counting areas, or of both where there are no areas."""

    label: StrOrPromise
    links: list[StateLink]


#: The number of contests in each state, by whether they are counting areas.
StateCounts: TypeAlias = Mapping[bool, Mapping[str, int]]
#: A function that returns the address of the list in a state (`status`): of counting areas, of
#: contests without them, or of both (`None`).
AddressOf: TypeAlias = Callable[[Standing.Status, bool | None], str]
#: A function of the same that returns whether these are selected now.
IsCurrent: TypeAlias = Callable[[Standing.Status, bool | None], bool]


class State(TypedDict):
    state: str


#: A contest as `with_state` reads it.
ContestWithState: TypeAlias = "WithAnnotations[Contest, State]"


def with_state(contests: QuerySet[Contest]) -> "QuerySet[WithAnnotations[Contest, State]]":
    """Annotate contests with `state`: the status of their standing, else awaiting."""
    return contests.annotate(
        state=Coalesce("standing__status", Value(str(Standing.Status.AWAITING.value)))
    )


def state_labels(contest: Contest) -> Mapping[Standing.Status, StrOrPromise]:
    return AREA_LABELS if contest.is_counting_area else STATE_LABELS


def count_states(contests: "QuerySet[ContestWithState]") -> StateCounts:
    """Count contests, and counting areas apart from them, by state. One query."""
    found: dict[bool, dict[str, int]] = {False: {}, True: {}}
    is_area = Case(When(part_of=None, then=False), default=True, output_field=BooleanField())
    rows = contests.annotate(is_area=is_area).values_list("is_area", "state").order_by()
    for is_one, status, number in rows.annotate(contests=Count("pk", distinct=True)):
        found[bool(is_one)][status] = number
    return found


def _none_is(_status: Standing.Status, _areas: bool | None) -> bool:
    return False


def state_links(
    counts: StateCounts, address_of: AddressOf, is_current: IsCurrent = _none_is
) -> list[StateLinks]:
    """Return links to the states that counts are in, and to those that are selected."""
    all_kinds: list[tuple[StrOrPromise, bool | None]] = [(_("Counts by state"), None)]
    if counts[True]:
        all_kinds = [(_("Contests by state"), False), (_("Counting areas by state"), True)]
    found = []
    for label, areas in all_kinds:
        numbers = counts[bool(areas)]
        links = [
            StateLink(
                status=status.value,
                label=name,
                contests=numbers.get(status, 0),
                address=address_of(status, areas),
                current=is_current(status, areas),
            )
            for status, name in (AREA_LABELS if areas else STATE_LABELS).items()
            if numbers.get(status) or is_current(status, areas)
        ]
        found.append(StateLinks(label, links))
    return [each for each in found if each.links]


def results_that_wait() -> QuerySet[ReviewItem]:
    """Results and corrections that wait at the desk."""
    kinds = [ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION]
    return ReviewItem.objects.filter(state=ReviewItem.State.WAITING, kind__in=kinds)


def waiting_sentence(contest: Contest) -> str:
    """What of the contest's result waits at the desk, as a sentence; empty if nothing does."""
    kinds = list(results_that_wait().filter(contest=contest).values_list("kind", flat=True))
    results, corrections = (
        kinds.count(kind) for kind in (ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION)
    )
    sentences = []
    if results:
        words = ngettext(
            "A result waits at the desk for approval",
            "%(n)d results wait at the desk for approval",
            results,
        )
        sentences.append(words % {"n": results})
    if corrections:
        words = ngettext(
            "A correction waits at the desk for approval",
            "%(n)d corrections wait at the desk for approval",
            corrections,
        )
        sentences.append(words % {"n": corrections})
    return ". ".join(sentences)


def with_waiting(label: StrOrPromise, *, waits: bool) -> str:
    """The label of a state, with whether a result of the count waits at the desk."""
    if not waits:
        return str(label)
    return gettext("%(state)s, a result at the desk") % {"state": label}


def waiting_contests(contests: Iterable[Contest]) -> set[int]:
    """Ids of those of the contests with a result or a correction at the desk. One query."""
    pks = [contest.pk for contest in contests]
    return set(results_that_wait().filter(contest__in=pks).values_list("contest_id", flat=True))

"""Panels of the dashboard that find a count, and show one with what can be done about it."""

from django.contrib.admin import ModelAdmin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from results.editor.base import election_timezone, require_permission
from results.editor.contest_list import standing_sentence
from results.editor.contest_states import waiting_contests, waiting_sentence, with_waiting
from results.editor.night.panels import page
from results.editor.night.viewer import Viewer
from results.editor.polls import is_uncontested
from results.editor.restore import withdrawn_revision
from results.models import Assignment, Contest, Election, Standing

#: Counts listed by a search.
MAX_FOUND = 20

#: Purposes of looking for a count, and the page that each link leads to.
ADDRESSES = {
    "find": lambda election, pk: reverse("admin:results_election_night_count", args=[election, pk]),
    "declare": lambda election, pk: (
        reverse("admin:results_contest_declare", args=[pk]) + f"?night={election}"
    ),
    "correct": lambda election, pk: (
        reverse("admin:results_contest_correct", args=[pk]) + f"?night={election}"
    ),
}
TITLES = {
    "find": gettext_lazy("Find a count"),
    "declare": gettext_lazy("Declare from here: which count?"),
    "correct": gettext_lazy("Correct a result: which count?"),
}
NEEDED = {
    "find": "results.view_contest",
    "declare": "results.add_declaration",
    "correct": "results.change_declaration",
}


def choose_view(
    request: HttpRequest, election_pk: int, purpose: str, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Find counts by the beginning of a name, candidate or venue; a single match opens."""
    if purpose not in NEEDED:
        raise Http404
    require_permission(request, NEEDED[purpose])
    election = get_object_or_404(Election, pk=election_pk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    contests = _found(election, purpose, words)
    found = list(contests[: MAX_FOUND + 1])
    exact = [contest for contest in found if contest.name.casefold() == words.casefold()]
    only = exact if len(exact) == 1 else found
    waiting = waiting_contests(found)
    if words and len(only) == 1:
        return HttpResponseRedirect(ADDRESSES[purpose](election.pk, only[0].pk))
    with election_timezone(election):
        context = {
            "title": TITLES[purpose],
            "words": words,
            "found": [
                (
                    contest,
                    ADDRESSES[purpose](election.pk, contest.pk),
                    with_waiting(_state_of(contest), waits=contest.pk in waiting),
                )
                for contest in found[:MAX_FOUND]
            ],
            "more": len(found) > MAX_FOUND,
        }
        return page(request, election, "editor/night/choose.html", context, model_admin)


def _found(election: Election, purpose: str, words: str) -> QuerySet[Contest]:
    contests = Contest.objects.filter(election=election).select_related("standing")
    results = Q(standing__declaration__isnull=False, standing__status__in=_CORRECTABLE)
    if purpose == "correct":
        contests = contests.filter(results)
    elif purpose == "declare":
        contests = contests.exclude(standing__status__in=_DECLARED)
    if words:
        named = Q(name__icontains=words) | Q(venue__icontains=words) | Q(code=words)
        people = Contest.objects.filter(election=election, candidates__name__icontains=words)
        contests = contests.filter(named | Q(pk__in=people.values("pk")))
    newest_first = ["-standing__first_sequence"] if purpose == "correct" else []
    return contests.order_by(*newest_first, "sort_key", "pk")


_CORRECTABLE = (
    Standing.Status.WINNER_ONLY,
    Standing.Status.DECLARED,
    Standing.Status.CORRECTED,
)
_DECLARED = (
    Standing.Status.DECLARED,
    Standing.Status.CORRECTED,
    Standing.Status.UNOPPOSED,
    Standing.Status.POSTPONED,
)


def _state_of(contest: Contest) -> str:
    standing = getattr(contest, "standing", None)
    return str(standing.status_name) if standing else str(Standing.Status.AWAITING.label)


def count_view(
    request: HttpRequest, election_pk: int, contest_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Show one count: its state, the people there, and the actions that are possible."""
    require_permission(request, "results.view_contest")
    election = get_object_or_404(Election, pk=election_pk)
    contests = Contest.objects.select_related("election", "standing__declaration", "region")
    contest = get_object_or_404(contests, pk=contest_pk, election=election)
    standing = getattr(contest, "standing", None)
    assignments = Assignment.objects.filter(contest=contest).select_related("reporter__phone")
    may_be_declared = standing is None or standing.status not in _DECLARED
    uncontested = is_uncontested(contest, contest.candidates.count())
    with election_timezone(election):
        context = {
            "title": contest.full_name,
            "contest": contest,
            "sentence": standing_sentence(contest),
            "waiting": waiting_sentence(contest),
            "viewer": Viewer.of(request),
            "reporters": [each.reporter for each in assignments],
            "can_declare": may_be_declared and not uncontested,
            "is_uncontested": may_be_declared and uncontested,
            "has_poll_page": standing is None or not standing.is_published,
            "can_correct": standing is not None and standing.status in _CORRECTABLE,
            "can_withdraw": standing is not None and standing.has_result,
            "can_restore": withdrawn_revision(contest) is not None,
        }
        return page(request, election, "editor/night/count.html", context, model_admin)

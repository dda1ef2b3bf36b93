"""Views of the night dashboard: the page, its parts, and what is done in its rows."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from results.arithmetic import read_id
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.base import election_timezone, require_permission
from results.editor.night import counts, panels, queue_actions
from results.editor.night.filters import KINDS, Filters, choices_of
from results.editor.night.links import remember_night
from results.editor.night.screen import parts
from results.editor.night.viewer import Viewer
from results.editor.night.withdrawals import withdraw_view
from results.live.colours import current_stylesheet
from results.models import Election

#: The longest text of a row that is given back, in characters: nobody types more there.
MOST_GIVEN_BACK = 10_000


class HtmxRequest(HttpRequest):
    """A request that has passed `HtmxMiddleware`."""

    htmx: HtmxDetails


def night_address(election: Election, filters: Filters | None = None) -> str:
    address = reverse("admin:results_election_night", args=[election.pk])
    return address + (filters.address if filters else "")


def urls(model_admin: ModelAdmin[Election]) -> list[URLPattern]:
    """The dashboard's addresses, below that of its election."""
    views: dict[str, tuple[Callable[..., HttpResponse], str]] = {
        "night/": (night_view, "results_election_night"),
        "night/action/": (queue_action_view, "results_election_night_action"),
        "night/headline/": (panels.headline_view, "results_election_night_headline"),
        "night/post/": (panels.post_view, "results_election_night_post"),
        "night/note/": (panels.note_view, "results_election_night_note"),
        "night/count/<int:contest_pk>/": (counts.count_view, "results_election_night_count"),
        "night/withdraw/<slug:kind>/<int:pk>/": (withdraw_view, "results_election_night_withdraw"),
        "night/<slug:purpose>/": (counts.choose_view, "results_election_night_choose"),
    }
    return [
        path(
            f"<int:election_pk>/{route}",
            model_admin.admin_site.admin_view(view),
            {"model_admin": model_admin},
            name=name,
        )
        for route, (view, name) in views.items()
    ]


def night_view(
    request: HtmxRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """The dashboard's page; for htmx only the parts that change."""
    require_permission(request, "results.view_contest")
    election = get_object_or_404(Election, pk=election_pk)
    chosen = read_id(request.GET.get("election", ""))
    filters = Filters.read(request.GET)
    if chosen and chosen != election.pk:
        # The region and the group are those of the election before.
        other = get_object_or_404(Election, pk=chosen)
        return HttpResponseRedirect(night_address(other, Filters(kind=filters.kind)))
    remember_night(request, election.pk)
    with election_timezone(election):
        if request.htmx:
            shown = [(str(each), each.level_tag) for each in messages.get_messages(request)]
            return _parts(request, election, filters, shown)
        return _page(request, election, filters, model_admin)


def _parts(
    request: HtmxRequest,
    election: Election,
    filters: Filters,
    shown_messages: list[tuple[str, str]],
) -> HttpResponse:
    context = {"shown_messages": shown_messages, "parts": parts(request, election, filters)}
    return render(request, "editor/night/_answer.html", context)


def _page(
    request: HtmxRequest, election: Election, filters: Filters, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    _text, digest = current_stylesheet()
    context: Context = {
        "title": _("The night: %(name)s") % {"name": election.name},
        "election": election,
        "filters": filters,
        "choices": choices_of(election),
        "kinds": _kind_names(),
        "viewer": Viewer.of(request),
        "party_styles": reverse("party_styles", args=[election.slug, digest]),
        "parts": parts(request, election, filters),
    }
    return admin_page(request, "editor/night/page.html", context, opts=model_admin.opts)


def _kind_names() -> list[tuple[str, str]]:
    names = {
        "results": _("Results"),
        "quotes": _("Quotes"),
        "photos": _("Photos"),
        "counts": _("Counts"),
    }
    return [(kind, names[kind]) for kind in KINDS]


def queue_action_view(
    request: HtmxRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Do what a row's button says; the answer is the queue, or the way back to the page."""
    require_permission(request, "results.view_contest")
    election = get_object_or_404(Election, pk=election_pk)
    filters = Filters.read(request.GET)
    if request.method != "POST":  # somebody has signed in again on the way
        return HttpResponseRedirect(night_address(election, filters))
    with election_timezone(election):
        result = queue_actions.perform(request, election)
        level = messages.ERROR if result.is_refusal else messages.SUCCESS
        if request.htmx:
            tag = "error" if result.is_refusal else "success"
            return _parts(request, election, filters, [(result.words, tag)])
        messages.add_message(request, level, result.words)
        written = request.POST.get("text") or request.POST.get("note")
        if result.is_refusal and written:
            # The script keeps the form; the page that is loaded has it as it was.
            text = _("You had written: “%(text)s”") % {"text": written.strip()[:MOST_GIVEN_BACK]}
            messages.info(request, text)
        return HttpResponseRedirect(night_address(election, filters))

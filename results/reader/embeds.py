"""Parts of a night to embed in other sites' pages: live, and as tall as their content."""

from collections.abc import Callable

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import render_feed, render_night
from results.models import Contest, Election
from results.reader.addresses import origin_of
from results.reader.entries import newest_entries
from results.reader.pages import Context, serve, snapshot_page
from results.reader.seat_lists import seats_by_region
from results.reader.views import seat_fragments

View = Callable[..., HttpResponseBase]


def in_any_frame(view: View) -> View:
    """Allow other sites to frame the view; every page but embeds refuses to be framed."""
    framed: View = xframe_options_exempt(require_safe(view))
    return csp_replace({"frame-ancestors": ["*"]})(framed)


@require_safe
def embed_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """The list of embeds, with the HTML to copy."""
    election = get_object_or_404(Election, slug=election_slug)
    context = {"host": origin_of(request)}
    return serve(request, election, "reader/embed_page.html", lambda _snapshot: context)


@in_any_frame
@snapshot_page("reader/embed.html")
def scoreboard(snapshot: CachedSnapshot) -> Context:
    return {"parts": list(render_night(snapshot, ("progress", "headline", "scoreboard")).values())}


@in_any_frame
@snapshot_page("reader/embed.html")
def feed(snapshot: CachedSnapshot) -> Context:
    return {
        "parts": list(render_feed(snapshot, newest_entries(snapshot)).values()),
        "heading": _("latest"),
    }


@in_any_frame
@snapshot_page("reader/embed.html")
def map_of_seats(snapshot: CachedSnapshot) -> Context:
    return {
        "parts": list(render_night(snapshot, ("progress",)).values()),
        "heading": _("seats"),
        **seats_by_region(snapshot),
    }


@in_any_frame
def seat(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)
    return serve(
        request,
        election,
        "reader/embed.html",
        lambda snapshot: {"parts": [seat_fragments(snapshot, contest)[f"seat-{contest.slug}"]]},
    )

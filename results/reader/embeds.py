"""Parts of a night in other sites' pages: live, and as tall as what they show."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import render_feed, render_night
from results.models import Contest, Election
from results.reader.addresses import origin_of
from results.reader.pages import Context, serve
from results.reader.seat_lists import seats_by_region
from results.reader.views import seat_fragments

View = Callable[..., HttpResponseBase]


def in_any_frame(view: View) -> View:
    """Frames are for embeds alone: every other page refuses to be in one."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **named: str) -> HttpResponseBase:
        return view(request, *args, **named)

    framed: View = xframe_options_exempt(require_safe(answer))
    return csp_replace({"frame-ancestors": ["*"]})(framed)


@require_safe
def embed_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """What there is to embed, and what to copy."""
    election = get_object_or_404(Election, slug=election_slug)
    host = origin_of(request)
    return serve(request, election, "reader/embed_page.html", lambda _scene: {"host": host})


@in_any_frame
def scoreboard(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        names = ("progress", "headline", "scoreboard")
        return {"parts": list(render_night(snapshot, names).values())}

    return serve(request, election, "reader/embed.html", context_of)


@in_any_frame
def feed(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {"parts": list(render_feed(snapshot).values()), "heading": _("latest")}

    return serve(request, election, "reader/embed.html", context_of)


@in_any_frame
def map_of_seats(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {
            "parts": list(render_night(snapshot, ("progress",)).values()),
            "heading": _("seats"),
            **seats_by_region(snapshot),
        }

    return serve(request, election, "reader/embed.html", context_of)


@in_any_frame
def seat(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)

    def context_of(snapshot: ElectionSnapshot) -> Context:
        return {"parts": [seat_fragments(snapshot, contest)[f"seat-{contest.slug}"]]}

    return serve(request, election, "reader/embed.html", context_of)

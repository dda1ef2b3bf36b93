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

from results.live.fragments import draw_feed, draw_night
from results.live.scene import Scene
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

    def context_of(scene: Scene) -> Context:
        names = ("progress", "headline", "scoreboard")
        return {"parts": list(draw_night(scene, names).values())}

    return serve(request, election, "reader/embed.html", context_of)


@in_any_frame
def feed(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(scene: Scene) -> Context:
        return {"parts": list(draw_feed(scene).values()), "heading": _("latest")}

    return serve(request, election, "reader/embed.html", context_of)


@in_any_frame
def map_of_seats(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def context_of(scene: Scene) -> Context:
        return {
            "parts": list(draw_night(scene, ("progress",)).values()),
            "heading": _("seats"),
            **seats_by_region(scene),
        }

    return serve(request, election, "reader/embed.html", context_of)


@in_any_frame
def seat(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)

    def context_of(scene: Scene) -> Context:
        return {"parts": [seat_fragments(scene, contest)[f"seat-{contest.slug}"]]}

    return serve(request, election, "reader/embed.html", context_of)

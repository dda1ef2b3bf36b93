"""Embeds: live parts of a night for other sites' pages, as tall as their content."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from electiondesk.embed_frames import allow_frames
from results.live.cached_snapshot import CachedSnapshot
from results.models import Contest, Election
from results.reader.addresses import origin_of
from results.reader.maps import asked_mode
from results.reader.moved import contest_view
from results.reader.pages import Context, serve, snapshot_page
from results.reader.parts import night_parts, seat_parts
from results.reader.public import public_election
from results.reader.seat_lists import seats_on_map

View = Callable[..., HttpResponseBase]


def in_any_frame(view: View) -> View:
    """Allow other sites to frame the view; every page but embeds refuses to be framed."""
    safe = require_safe(view)

    @wraps(view)
    def framed(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        return allow_frames(request, safe(request, *arguments, **options))

    return framed


@require_safe
def embed_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """The list of embeds, with the HTML to copy."""
    election = public_election(election_slug)
    context = {"host": origin_of(request)}
    return serve(request, election, "reader/embed_page.html", lambda _snapshot: context)


@in_any_frame
@snapshot_page("reader/embed.html")
def scoreboard(snapshot: CachedSnapshot) -> Context:
    parts = night_parts(snapshot, ("progress", "headline", "scoreboard"))
    return {"parts": list(parts.values()), "topics": "scoreboard"}


@in_any_frame
@snapshot_page("reader/embed.html")
def feed(snapshot: CachedSnapshot) -> Context:
    parts = night_parts(snapshot, ["feed"])
    return {"parts": list(parts.values()), "heading": _("latest"), "topics": "feed"}


@in_any_frame
def map_of_seats(request: HttpRequest, election_slug: str) -> HttpResponse:
    election, mode = public_election(election_slug), asked_mode(request)

    def context_of(snapshot: CachedSnapshot) -> Context:
        places = seats_on_map(snapshot, mode)
        return {
            "parts": list(night_parts(snapshot, ["progress"]).values()),
            "heading": str(snapshot.words.listed.many),
            "topics": "map-shades" if places.get("mode") else "map",
            "embedded": True,
            **places,
        }

    variant = f"map={mode}" if mode else ""
    return serve(request, election, "reader/embed.html", context_of, variant=variant)


@in_any_frame
@contest_view
def seat(request: HttpRequest, election: Election, contest: Contest) -> HttpResponse:
    return serve(
        request,
        election,
        "reader/embed.html",
        lambda snapshot: {
            "contest": contest,
            "parts": [seat_parts(snapshot, contest).fragments[f"seat-{contest.slug}"]],
            "topics": f"seat:{contest.slug}",
        },
    )

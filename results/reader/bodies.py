"""Pages of councils: one with its wards and its feed, all of a night, its card and its embed."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from results.live.bodies import BodySnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.councils import CHANGED, summary_of_body
from results.live.fragments import body_id, body_row_id, render_body
from results.models import Election
from results.reader import cards
from results.reader.council_lookup import (
    NoBoardError,
    find_body,
    find_council,
    get_body,
    wards_of,
)
from results.reader.embeds import in_any_frame
from results.reader.entries import FeedQuery, Only, entries
from results.reader.html import Html
from results.reader.maps import asked_mode, ward_map_context
from results.reader.pages import CACHE_CONTROL, Context, serve
from results.reader.public import public_election
from results.reader.seat_lists import map_of_wards, rows_of
from results.reader.sharing import SharedPage, live_blog

#: Entries of the feed on the page of a council.
ENTRIES = 8
QUOTES = 3
#: Contests listed as expected next.
EXPECTED = 6


def body_part(snapshot: CachedSnapshot, council: BodySnapshot, element: str) -> SafeString:
    """A fragment of the council, rendered again once a bulletin has changed it."""
    parts = snapshot.cached.parts
    if element not in parts:
        parts |= render_body(snapshot, council)
    return parts[element]


def council_rows(snapshot: CachedSnapshot, councils: Iterable[BodySnapshot]) -> Html:
    """A row for each of the councils."""
    rows = (body_part(snapshot, council, body_row_id(council.slug)) for council in councils)
    return Html(tuple(rows))


@require_safe
def body_page(request: HttpRequest, election_slug: str, body_slug: str) -> HttpResponse:
    """Page of a council; redirects to the election's page for a chamber, a House or an office."""
    body = find_body(election_slug, body_slug)
    election, mode = body.election, asked_mode(request)

    def context_of(snapshot: CachedSnapshot) -> Context:
        council = find_council(snapshot, body)
        wards = wards_of(snapshot, body)
        within = {ward.contest.pk for ward in wards}
        words = summary_of_body(council)
        part = SharedPage(
            path=reverse("body_page", args=[election.slug, body.slug]),
            headline=words.headline,
            description=words.standfirst,
            within=within,
        )
        shared = cards.sharing(request, snapshot, cards.of_body(body), "body_card", body.slug)
        return {
            "here": "bodies",
            "structured_data": live_blog(request, snapshot, card=shared["card"], part=part),
            "topics": f"body:{body.slug}",
            "body": council,
            "fragment": body_part(snapshot, council, body_id(body.slug)),
            "rows": rows_of(snapshot, wards),
            "map": map_of_wards(snapshot, [(body, wards)]),
            **ward_map_context(election, mode),
            "expected": snapshot.expected_among(wards, EXPECTED),
            "quotes": entries(snapshot, FeedQuery(limit=QUOTES, only=Only.QUOTES, within=within)),
            "entries": entries(snapshot, FeedQuery(limit=ENTRIES, within=within)),
            **shared,
        }

    variant = f"map={mode}" if mode else ""
    try:
        return serve(request, election, "reader/body_page.html", context_of, variant=variant)
    except NoBoardError:
        return _redirect_to(election)


def _redirect_to(election: Election) -> HttpResponse:
    # Not for good: a scheduled ballot may join by-elections.
    headers = {"Cache-Control": CACHE_CONTROL}
    return HttpResponseRedirect(election.get_absolute_url(), headers=headers)


@require_safe
def bodies_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """All councils of a night; redirects to the election's page where nobody controls a body."""
    election = public_election(election_slug)
    try:
        return serve(request, election, "reader/bodies_page.html", _councils)
    except NoBoardError:
        return _redirect_to(election)


def _councils(snapshot: CachedSnapshot) -> Context:
    if not snapshot.shows_councils:
        raise NoBoardError(snapshot.election.slug)
    councils = snapshot.shown_councils
    changed = [council for council in councils if council.control.change in CHANGED]
    others = [council for council in councils if council not in changed]
    return {
        "here": "bodies",
        "changed": council_rows(snapshot, changed),
        "rows": council_rows(snapshot, others),
    }


@in_any_frame
def embedded_body(request: HttpRequest, election_slug: str, body_slug: str) -> HttpResponse:
    body = get_body(election_slug, body_slug)

    def context_of(snapshot: CachedSnapshot) -> Context:
        council = find_council(snapshot, body)
        part = body_part(snapshot, council, body_id(body.slug))
        return {"parts": [part], "topics": f"council:{body.slug}"}

    return serve(request, body.election, "reader/embed.html", context_of)

"""Serve the cards of a night, its seats, councils, parties, regions and groups.

A page names its card by an address that changes with what the card shows (`card-<version>.png`), so
that other sites fetch it anew; the card at `card.png` is always the present one. Each is drawn once
in a process, one at a time.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from results.live.area_snapshot import AreaSnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.contest_lists import Area
from results.live.fragments import election_locale
from results.live.seat import with_results_of
from results.models import Body, Contest, Election, Group, Region
from results.reader import page_cache
from results.reader.addresses import absolute
from results.reader.card import DRAWING, Card, draw
from results.reader.card_contents import area_card, council_card, night_card, party_card, seat_card
from results.reader.council_lookup import find_council, get_body, wards_of
from results.reader.moved import contest_view
from results.reader.pages import Context, serve_rendered
from results.reader.party_addresses import find_party
from results.reader.priority import renderings
from results.reader.public import public_election, public_or_404

#: Seconds only, although a version's picture never changes: it may have words that are withdrawn.
CACHE_FOR_TEN_SECONDS = "public, max-age=10"
#: Not one of the locks of `page_cache`: whoever draws holds one of them, perhaps the same.
_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class CardSource:
    """How to make a card from a snapshot. `version` changes whenever the picture would."""

    card: Callable[[CachedSnapshot], Card]
    version: Callable[[CachedSnapshot], str]

    @classmethod
    def of(cls, card: Callable[[CachedSnapshot], Card]) -> "CardSource":
        return cls(card, lambda snapshot: card(snapshot).digest)


NIGHT = CardSource.of(night_card)


def of_area(area: Area) -> CardSource:
    return CardSource.of(lambda snapshot: area_card(snapshot, AreaSnapshot(snapshot, area)))


def of_party(label: str) -> CardSource:
    return CardSource.of(lambda snapshot: party_card(snapshot, snapshot.party_names[label]))


def of_body(body: Body) -> CardSource:
    def card(snapshot: CachedSnapshot) -> Card:
        return council_card(snapshot, find_council(snapshot, body), wards_of(snapshot, body))

    return CardSource.of(card)


def of_seat(contest: Contest) -> CardSource:
    """The card of a seat, versioned by its standing, since the seat's page reads no candidates."""

    def card(snapshot: CachedSnapshot) -> Card:
        read = with_results_of(snapshot.election, Contest.objects.filter(pk=contest.pk))
        seat = snapshot.seat(read.get())
        return seat_card(snapshot, seat)

    def version(snapshot: CachedSnapshot) -> str:
        standing = snapshot.cached.contests[contest.pk].standing
        facts = standing and (standing.status, standing.revision, standing.summary)
        parts = [DRAWING, snapshot.night.epoch, contest.pk, facts, snapshot.house_style.version]
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    return CardSource(card, version)


def sharing(
    request: HttpRequest,
    snapshot: CachedSnapshot,
    source: CardSource,
    name: str,
    *args: str,
    title: str = "",
) -> Context:
    """Context of the sharing tags of a page; `name` and `args` are of the address of its card.

    Without `title`, the card's title and its full alternative text are used.
    """
    slug = snapshot.election.slug
    card = None if title else source.card(snapshot)
    version = card.digest if card else source.version(snapshot)
    return {
        "share_title": card.title if card else title,
        "card_alt": card.alt if card else title,
        "card": absolute(request, reverse(f"{name}_at", args=[slug, *args, version])),
    }


@require_safe
def election_card(request: HttpRequest, election_slug: str, version: str = "") -> HttpResponse:
    return _serve(request, public_election(election_slug), NIGHT, version)


@require_safe
@contest_view
def seat_card_view(
    request: HttpRequest, election: Election, contest: Contest, version: str = ""
) -> HttpResponse:
    return _serve(request, election, of_seat(contest), version)


@require_safe
def body_card(
    request: HttpRequest, election_slug: str, body_slug: str, version: str = ""
) -> HttpResponse:
    body = get_body(election_slug, body_slug)
    return _serve(request, body.election, of_body(body), version)


@require_safe
def region_card(
    request: HttpRequest, election_slug: str, region_slug: str, version: str = ""
) -> HttpResponse:
    regions = Region.objects.select_related("election")
    region = public_or_404(regions, election_slug, slug=region_slug)
    return _serve(request, region.election, of_area(region), version)


@require_safe
def group_card(
    request: HttpRequest, election_slug: str, group_slug: str, version: str = ""
) -> HttpResponse:
    groups = Group.objects.select_related("election")
    group = public_or_404(groups, election_slug, slug=group_slug)
    return _serve(request, group.election, of_area(group), version)


@require_safe
def party_card_view(
    request: HttpRequest, election_slug: str, label: str, version: str = ""
) -> HttpResponse:
    election = public_election(election_slug)
    label, moved = find_party(election, label)
    if moved:
        return moved("party_card")
    return _serve(request, election, of_party(label), version)


def _serve(
    request: HttpRequest, election: Election, source: CardSource, version: str
) -> HttpResponse:
    """Serve the present card; the address of an older `version` is not cached."""
    if not version:
        return serve_rendered(
            request,
            election,
            lambda snapshot: _picture(source.card(snapshot)),
            content_type="image/png",
        )
    key = page_cache.make_key("card", election.pk, request.path)
    png = page_cache.get(key)
    if png is None:
        with page_cache.lock(key), renderings.turn():
            snapshot = CachedSnapshot.read(election)
            with election_locale(snapshot.election):
                png = _picture(source.card(snapshot))
        if source.version(snapshot) == version:
            page_cache.set(key, png)
    response = HttpResponse(png, content_type="image/png")
    response.headers["Cache-Control"] = CACHE_FOR_TEN_SECONDS
    if election.rehearsal:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _picture(card: Card) -> bytes:
    """The PNG of the card, cached once for all addresses of the same card."""
    key = page_cache.make_key("picture", card.digest)
    png = page_cache.get(key)
    if png is None:
        with _drawing:
            png = page_cache.get(key)
            if png is None:
                png = draw(card)
                page_cache.set(key, png)
    return png

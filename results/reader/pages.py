"""A reader's page as stored bytes: drawn once for each number of the log in each process.

The bytes are the same for everyone: no cookie is read or set, so any CDN may keep them.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from prometheus_client import Counter

from electiondesk import release
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.models import Bulletin, Election, Night
from results.reader import page_cache
from results.reader.addresses import absolute, origin_of, path_of
from results.reader.compression import coding_for, compress
from results.words.times import time_of

CACHE_CONTROL = "public, max-age=0, s-maxage=2, stale-while-revalidate=10, stale-if-error=300"
#: A page drawn while the log grew is drawn again this often before it is served as it is.
ATTEMPTS = 3

Context = dict[str, Any]
Drawn = str | bytes

PAGES_RENDERED = Counter(
    "desk_pages_drawn_total", "Readers' pages rendered rather than served from memory."
)


def serve(
    request: HttpRequest,
    election: Election,
    template: str,
    context_of: Callable[[ElectionSnapshot], Context],
    *,
    variant: str | None = "",
) -> HttpResponse:
    """A page at the log's present number; ``variant`` as in ``serve_rendered``."""

    def draw(snapshot: ElectionSnapshot) -> str:
        return render_to_string(template, _shell(request, snapshot) | context_of(snapshot))

    return serve_rendered(request, election, draw, variant=variant)


def serve_rendered(
    request: HttpRequest,
    election: Election,
    draw: Callable[[ElectionSnapshot], Drawn],
    *,
    content_type: str = "text/html; charset=utf-8",
    variant: str | None = "",
) -> HttpResponse:
    """What is drawn at the log's present number: from the browser's copy, ours, or drawn afresh.

    ``variant`` is what of the query it depends on, in one spelling; None for too many to be worth
    keeping. Of the rest of the request only the origin that this desk gives out is looked at.
    """
    night = Night.objects.get(election=election)
    packed = content_type.startswith("image/")
    coding = "" if packed else coding_for(request.headers.get("Accept-Encoding", ""))
    etag = _etag(night, coding)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        place = None if variant is None else f"{origin_of(request)}{path_of(request)}?{variant}"
        etag, body = _body(election, night, draw, coding, place)
        response = HttpResponse(body, content_type=content_type)
        if coding:
            response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHE_CONTROL
    if not packed:
        patch_vary_headers(response, ["Accept-Encoding"])
    if election.rehearsal:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _body(
    election: Election,
    night: Night,
    draw: Callable[[ElectionSnapshot], Drawn],
    coding: str,
    place: str | None,
) -> tuple[str, bytes]:
    """What is kept for a place at this number, or drawn: once, however many ask; and its tag.

    Drawn once for every coding: compressing it again costs a fraction.
    """
    if place is None:
        night, plain = _draw(election, night, draw)
        return _etag(night, coding), compress(plain, coding)
    etag = _etag(night, coding)
    body = page_cache.get(page_cache.make_key(place, etag))
    if body is None:
        with page_cache.lock(place):
            # Whoever had the turn before has drawn it, perhaps at a later number.
            night = Night.objects.get(election=election)
            body = page_cache.get(page_cache.make_key(place, _etag(night, coding)))
            if body is None:
                plain_key = page_cache.make_key(place, _etag(night, ""))
                found = page_cache.get(plain_key)
                if found is None:
                    night, found = _draw(election, night, draw)
                    plain_key = page_cache.make_key(place, _etag(night, ""))
                    page_cache.set(plain_key, found)
                body = compress(found, coding)
                page_cache.set(page_cache.make_key(place, _etag(night, coding)), body)
            etag = _etag(night, coding)
    return etag, body


def _etag(night: Night, coding: str) -> str:
    """Strong: other bytes, another tag, also where only their coding differs."""
    return f'"{night.epoch}-{night.sequence}-{release.mark()}{coding and "-"}{coding}"'


def _draw(
    election: Election, night: Night, draw: Callable[[ElectionSnapshot], Drawn]
) -> tuple[Night, bytes]:
    """What is drawn, and the number it is drawn at.

    The number is read before it is drawn, so a page is never older than it says; one that
    grew meanwhile is drawn again, and at worst is told again what it shows already.
    """
    for _attempt in range(ATTEMPTS):
        snapshot = ElectionSnapshot(election, night)
        with election_locale(election):
            drawn = draw(snapshot)
        PAGES_RENDERED.inc()
        at, night = night, Night.objects.get(election=election)
        if (at.epoch, at.sequence) == (night.epoch, night.sequence):
            break
    return at, drawn if isinstance(drawn, bytes) else drawn.encode()


def as_of(snapshot: ElectionSnapshot) -> str:
    """When the newest bulletin was published, on the election's own clock; empty without one."""
    log = Bulletin.objects.filter(election=snapshot.election).order_by("-sequence")
    newest = log.values_list("published_at", flat=True).first()
    return time_of(newest, snapshot.election) if newest else ""


def _shell(request: HttpRequest, snapshot: ElectionSnapshot) -> Context:
    as_of_time = as_of(snapshot)
    return {
        "snapshot": snapshot,
        "party_names": snapshot.party_names,
        "election": snapshot.election,
        "language": snapshot.election.language,
        "as_of": as_of_time,
        "dated": "," in as_of_time,
        "canonical": absolute(request, path_of(request)),
        "party_styles": snapshot.party_styles,
    }

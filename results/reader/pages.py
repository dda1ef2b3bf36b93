"""Serve pages as stored bytes, rendered once per process for each bulletin of the log.

The bytes are the same for everyone and no cookie is read or set, so that any CDN may cache them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe
from prometheus_client import Counter

from electiondesk import release
from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale, without_indentation
from results.live.house_style import house_context
from results.live.polling_day import is_shared, night_address
from results.models import Election, HouseStyle, Night
from results.reader import page_cache
from results.reader.addresses import absolute, origin_of, path_of
from results.reader.compression import coding_for, compress
from results.reader.expected_times import replace_passed, times_passed
from results.reader.languages import alternates, without_language
from results.reader.priority import renderings
from results.reader.public import public_election
from results.words.times import time_of

CACHE_CONTROL = "public, max-age=0, s-maxage=2, stale-while-revalidate=10, stale-if-error=300"
#: How often a page is rendered if the log grows meanwhile, before it is served as it is.
MAX_RENDERS = 3

Context = dict[str, Any]
Render = Callable[[CachedSnapshot], str | bytes]
View = Callable[..., HttpResponse]

PAGES_RENDERED = Counter(
    "desk_pages_rendered_total", "Readers' pages rendered rather than served from memory."
)


@dataclass(frozen=True, slots=True)
class _Version:
    """Version of a rendered page: the night at a bulletin, the house style and the time.

    `is_shared` is whether the page links to other elections of its day. `passed` is how many of
    the times at which results were expected are past.
    """

    night: Night
    style: str
    is_shared: bool
    now: datetime
    passed: int

    @property
    def number(self) -> tuple[UUID, int, str]:
        return self.night.epoch, self.night.sequence, self.style


@lru_cache(maxsize=1)
def _version_query() -> tuple[str, tuple[object, ...]]:
    """Return the SQL that reads an election's version, and its parameters but the last, the key.

    Every request for a page runs it, and compiling it takes far longer than running it.
    """
    nights = Night.objects.annotate(style=HouseStyle.stored_version(), is_shared=is_shared())
    sql, parameters = nights.filter(election=0).query.sql_with_params()
    return sql, parameters[:-1]


def _read(election: Election) -> _Version:
    sql, parameters = _version_query()
    row: Any = Night.objects.raw(sql, [*parameters, election.pk])[0]
    now = timezone.now()
    # The times are read once for each bulletin. A raw query leaves SQLite's booleans numbers.
    return _Version(row, row.style, bool(row.is_shared), now, times_passed(election, row, now))


def snapshot_page(template: str) -> Callable[[Callable[[CachedSnapshot], Context]], View]:
    """Turn a function from a snapshot to a context into the view of an election's page."""

    def decorate(context_of: Callable[[CachedSnapshot], Context]) -> View:
        @require_safe
        @wraps(context_of)
        def view(request: HttpRequest, election_slug: str) -> HttpResponse:
            election = public_election(election_slug)
            return serve(request, election, template, context_of)

        return view

    return decorate


def serve(
    request: HttpRequest,
    election: Election,
    template: str,
    context_of: Callable[[CachedSnapshot], Context],
    *,
    variant: str = "",
    cache: str = page_cache.PAGES,
) -> HttpResponse:
    """Serve `template` at the log's current bulletin; `variant` and `cache` as `serve_rendered`."""

    def render(snapshot: CachedSnapshot) -> str:
        context = base_context(request, snapshot) | context_of(snapshot)
        return without_indentation(render_to_string(template, context))

    return serve_rendered(request, election, render, variant=variant, cache=cache)


def serve_rendered(
    request: HttpRequest,
    election: Election,
    render: Render,
    *,
    content_type: str = "text/html; charset=utf-8",
    variant: str = "",
    cache: str = page_cache.PAGES,
) -> HttpResponse:
    """Serve what `render` returns at the log's current bulletin: 304, cached, or rendered now.

    `variant` is the part of the query string that the page depends on, in one spelling; `cache`
    the one of `page_cache` that holds the page. Nothing else of the request may matter, except the
    canonical origin and path.
    """
    version = _read(election)
    compressible = not content_type.startswith("image/")
    coding = coding_for(request.headers.get("Accept-Encoding", "")) if compressible else ""
    etag = _etag(version, coding)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        url = f"{origin_of(request)}{path_of(request)}?{variant}"
        etag, body = _body(election, version, render, coding, url, cache)
        response = HttpResponse(body, content_type=content_type)
        if coding:
            response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHE_CONTROL
    if compressible:
        patch_vary_headers(response, ["Accept-Encoding"])
    if election.rehearsal:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _body(
    election: Election, version: _Version, render: Render, coding: str, url: str, cache: str
) -> tuple[str, bytes]:
    """The ETag and the body, cached under `url`.

    Rendered once however many threads ask, and once for all codings: compressing a page again
    costs a fraction of rendering it.
    """
    body = page_cache.get(_cache_key(url, version, coding), cache)
    if body is None:
        with page_cache.lock(url) as has_waited:
            # The thread that held the lock may have rendered it, perhaps at a later bulletin.
            version = _read(election) if has_waited else version
            body = page_cache.get(_cache_key(url, version, coding), cache)
            if body is None:
                page = page_cache.get(_cache_key(url, version, ""), cache)
                if page is None:
                    version, page = _render(election, version, render)
                    page_cache.set(_cache_key(url, version, ""), page, cache)
                body = compress(page, coding)
                page_cache.set(_cache_key(url, version, coding), body, cache)
    return _etag(version, coding), body


def _cache_key(url: str, version: _Version, coding: str) -> str:
    return page_cache.make_key(url, _etag(version, coding))


def _etag(version: _Version, coding: str) -> str:
    """A strong ETag: it differs whenever the bytes do, also where only their coding does."""
    epoch, sequence, style = version.number
    passed = f"t{version.passed}" if version.passed else ""
    shared = "day" if version.is_shared else ""
    parts = (str(epoch), str(sequence), passed, shared, release.fingerprint(), style, coding)
    return f'"{"-".join(filter(None, parts))}"'


def _render(election: Election, version: _Version, render: Render) -> tuple[_Version, bytes]:
    """Render a page, and return it with what it was rendered from.

    The version is read before the page, so that a page is never older than its number says. A page
    during which the log grew is rendered again; at worst it shows a bulletin that it receives
    once more, which is harmless.
    """
    for _attempt in range(MAX_RENDERS):
        with renderings.turn():
            snapshot = CachedSnapshot.read(election, version.night, version.style, version.now)
            with election_locale(snapshot.election):
                page = render(snapshot)
        PAGES_RENDERED.inc()
        rendered_at = replace(version, night=snapshot.night)
        version = _read(election)
        if rendered_at.number == version.number:
            break
    if isinstance(page, str):
        page = replace_passed(page, rendered_at.now).encode()
    return rendered_at, page


def as_of(snapshot: CachedSnapshot) -> str:
    """When the newest bulletin was published, in the election's time zone; empty if not known."""
    published_at = snapshot.cached.as_of
    return time_of(published_at, snapshot.election) if published_at else ""


def base_context(request: HttpRequest, snapshot: CachedSnapshot) -> Context:
    """Context that every page of an election needs."""
    as_of_time = as_of(snapshot)
    return {
        "snapshot": snapshot,
        "party_names": snapshot.party_names,
        "election": snapshot.election,
        "language": snapshot.election.page_language,
        "alternates": alternates(request, snapshot.election),
        "as_of": as_of_time,
        # With its day, for which the status needs more room.
        "dated": "," in as_of_time,
        "canonical": absolute(request, path_of(request)),
        "oembed": absolute(request, without_language(reverse("oembed"))),
        "party_styles": snapshot.party_styles,
        "night_address": night_address(snapshot.election),
        **house_context(snapshot.house_style),
    }

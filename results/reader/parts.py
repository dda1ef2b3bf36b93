"""The fragments of pages, each rendered again only once a bulletin has changed it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cachetools import LRUCache
from django.utils.safestring import SafeString

from results.live.cached_snapshot import CachedSnapshot
from results.live.feed_list import compose_feed
from results.live.fragments import (
    FEED,
    Fragments,
    render_feed_list,
    render_night,
    render_seat,
    render_seat_quotes,
)
from results.live.seat import with_results_of
from results.models import Contest
from results.reader.entries import FeedQuery, entries

#: Seats of all elections whose pages are kept, of about ten kilobytes each.
MAX_SEATS = 2000


def night_parts(snapshot: CachedSnapshot, names: Iterable[str]) -> Fragments:
    """`{id: html}` of the named fragments as pages show them: the feed has its entries in it."""
    return {
        name: _feed(snapshot) if name == "feed" else _night_part(snapshot, name) for name in names
    }


def _night_part(snapshot: CachedSnapshot, name: str) -> SafeString:
    parts = snapshot.cached.parts
    if name not in parts:
        parts |= render_night(snapshot, [name])
    return parts[name]


def _feed(snapshot: CachedSnapshot) -> SafeString:
    newest = {entry.id: entry.html for entry in entries(snapshot, FeedQuery(limit=FEED))}
    return compose_feed(render_feed_list(snapshot, newest)["feed"], newest)


@dataclass(frozen=True, slots=True)
class SeatParts:
    """The fragments of a seat's page, and its title."""

    title: str
    fragments: Fragments


#: By contest and language.
_cached: LRUCache[tuple[int, str], tuple[tuple[UUID, int], SeatParts]] = LRUCache(MAX_SEATS)
_lock = threading.Lock()


def seat_parts(snapshot: CachedSnapshot, contest: Contest) -> SeatParts:
    """The parts of a contest's page, rendered once for each bulletin about the contest."""
    version = (snapshot.night.epoch, snapshot.cached.contests[contest.pk].version)
    cache_key = contest.pk, snapshot.election.page_language
    with _lock:
        cached = _cached.get(cache_key)
    if cached is not None and cached[0] == version:
        return cached[1]
    # Read again: `contest` may be older than the snapshot.
    read = with_results_of(snapshot.election, Contest.objects.filter(pk=contest.pk))
    seat = snapshot.seat(read.get())
    own = render_seat(snapshot, seat) | render_seat_quotes(snapshot, seat.contest)
    parts = SeatParts(seat.title, own)
    with _lock:
        _cached[cache_key] = version, parts
    return parts


def clear() -> None:
    """Forget every seat."""
    with _lock:
        _cached.clear()

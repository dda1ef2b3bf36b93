"""Translate the log's bulletins to an election's second language.

The log stores fragments in the election's own language. Those in the second one are rendered when a
reader asks for it, once for each bulletin in a process, from the night as it stands then. Each
states everything its element shows, so that a newer one serves a page at any sequence.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.template import TemplateDoesNotExist

from results.live.cached_snapshot import CachedSnapshot
from results.live.feed_list import is_entry
from results.live.fragments import (
    NIGHT,
    body_id,
    body_row_id,
    newest_entries,
    render_body,
    render_feed_list,
    render_night,
    render_seat,
    render_seat_quotes,
    shade_id,
)
from results.live.frames import Fragments
from results.live.night_cache import CachedContest
from results.live.seat import with_results
from results.live.tail import Entry
from results.models import Contest, Night
from results.models.languages import OF_SEGMENT, SEGMENTS, reading_in

logger = logging.getLogger(__name__)


def split_address(address: str) -> tuple[str, str]:
    """Split a stream's address: `cy/ge` is ("cy", "ge"); an election's own is ("", "ge")."""
    segment, _slash, slug = address.rpartition("/")
    return OF_SEGMENT[segment] if segment else "", slug


def address_of(slug: str, language: str) -> str:
    return f"{SEGMENTS[language]}/{slug}" if language else slug


def translate(night: Night, bulletins: Sequence[Entry], language: str) -> list[Entry]:
    """Return the bulletins with their fragments in `language`; unchanged where it is empty.

    A fragment of several bulletins is only in the last of them, which pages at any sequence get.
    """
    if not language or not bulletins:
        return list(bulletins)
    last = {name: sequence for sequence, fragments in bulletins for name in fragments}
    stored: Fragments = {}
    for _sequence, fragments in bulletins:
        stored |= fragments
    with reading_in(language):
        rendered = _render(CachedSnapshot.read(night.election, night), stored, bulletins[0][0])
    for name in rendered.keys() - last.keys():
        last[name] = bulletins[-1][0]
    return [
        (sequence, {name: html for name, html in rendered.items() if last[name] == sequence})
        for sequence, _fragments in bulletins
    ]


def _render(snapshot: CachedSnapshot, stored: Mapping[str, str], since: int) -> Fragments:
    """Render the fragments with these ids as they stand now, and new entries of the feed."""
    empty = {name for name, html in stored.items() if not html}
    names = [name for name in stored if name not in empty]
    fragments: Fragments = dict.fromkeys(empty, "")
    if "feed" in names or any(map(is_entry, names)):
        fragments |= _feed(snapshot, {*names}, since)
    rendered = _Renderer(snapshot)
    for name in names:
        if name != "feed" and not is_entry(name):
            html = rendered.fragment(name)
            if html is None:
                # The stored fragment has the right figures in the wrong language.
                logger.error("%s of %s is not translated", name, snapshot.election.slug)
                html = stored[name]
            fragments[name] = html
    return fragments


def _feed(snapshot: CachedSnapshot, names: set[str], since: int) -> Fragments:
    """Render the feed's list and the entries that pages before bulletin `since` may lack."""
    newest = newest_entries(snapshot)
    fragments: Fragments = {
        entry.id: entry.html for entry in newest if entry.id in names or entry.sort_key[0] >= since
    }
    if "feed" in names:
        fragments |= render_feed_list(snapshot, [entry.id for entry in newest])
    return fragments


class _Renderer:
    """Renderer of fragments by their ids, those of one contest or one body together."""

    def __init__(self, snapshot: CachedSnapshot) -> None:
        self._snapshot = snapshot
        self._contests = {
            cached.contest.slug: cached for cached in snapshot.cached.contests.values()
        }
        self._rendered: Fragments = {}

    def fragment(self, name: str) -> str | None:
        """Return the fragment as it stands now; None for an id that it cannot render."""
        if name not in self._rendered:
            for fragments in self._candidates(name):
                self._rendered |= fragments
                if name in self._rendered:
                    break
        return self._rendered.get(name)

    def _candidates(self, name: str) -> Iterator[Mapping[str, str]]:
        if name in NIGHT or name == "corrections":
            yield render_night(self._snapshot, [name])
        for slug in _endings(name):
            if (cached := self._contests.get(slug)) is not None:
                yield self._row(cached)
                if name.startswith("seat-voices-"):
                    yield render_seat_quotes(self._snapshot, cached.contest)
                yield self._seat(cached)
        for body in self._snapshot.bodies:
            if name in (body_id(body.slug), body_row_id(body.slug)):
                yield render_body(self._snapshot, body)
        try:
            yield render_night(self._snapshot, [name])
        except TemplateDoesNotExist:
            return

    def _row(self, cached: CachedContest) -> Fragments:
        slug = cached.contest.slug
        row, hexagon = self._snapshot.row(cached), self._snapshot.hexagon(cached)
        rendered: Fragments = {f"row-{slug}": row, f"hex-{slug}": hexagon}
        if shade := self._snapshot.shade(cached):
            rendered[shade_id(slug)] = shade
        return rendered

    def _seat(self, cached: CachedContest) -> Fragments:
        rows = Contest.objects.filter(pk=cached.contest.pk)
        return dict(render_seat(self._snapshot, self._snapshot.seat(with_results(rows).get())))


def _endings(name: str) -> Iterable[str]:
    """Yield the possible slugs at the end of an id: `b-c` and `c` for `a-b-c`."""
    parts = name.split("-")
    return ("-".join(parts[start:]) for start in range(1, len(parts)))

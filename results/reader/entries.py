"""Entries of the feed as readers' pages need them, each read and rendered once.

An entry is read again once a bulletin has changed it or its contest.
"""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cachetools import LRUCache
from django.utils.safestring import SafeString

from results.live.cached_snapshot import CachedSnapshot
from results.live.feed import Entry, Row, first_rows, read_entries
from results.live.fragments import render_entries
from results.reader.plain_text import corrections_as_text, modified_at, plain_text


class Only(StrEnum):
    """The kinds of entries that readers can ask for."""

    QUOTES = "quotes"
    GAINS = "gains"
    CORRECTIONS = "corrections"


#: The kinds of entries by what was asked for.
KINDS: dict[Only | None, str] = {
    Only.QUOTES: "quote",
    Only.GAINS: "result",
    Only.CORRECTIONS: "change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedQuery:
    """Query of at most `limit` entries: older than a bulletin, of one kind, of contests by key."""

    limit: int
    before: int | None = None
    only: Only | None = None
    within: Collection[int] | None = None


#: Entries of all elections that are kept, of about four kilobytes each.
MAX_ENTRIES = 4000

#: (election, language, kind, number); several milestones share one number.
Key = tuple[int, str, str, int]


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """One entry as HTML and as plain text; `correction` is that of a result, empty for none.

    `at` is when it was published, None for a result from a file without times; `modified_at` is
    known of each.
    `author` is empty where it is the publisher.
    """

    id: str
    sort_key: tuple[int, str, int]
    at: datetime | None
    modified_at: datetime
    path: str
    heading: str
    text: str
    correction: str
    author: str
    html: SafeString

    @property
    def sequence(self) -> int:
        return self.sort_key[0]


@dataclass(frozen=True, slots=True)
class _CachedEntries:
    """The entries of one key as of a bulletin of an epoch."""

    version: tuple[UUID, int]
    entries: tuple[ReaderEntry, ...]


_cached: LRUCache[Key, _CachedEntries] = LRUCache(MAX_ENTRIES)
_lock = threading.Lock()


def entries(snapshot: CachedSnapshot, query: FeedQuery) -> list[ReaderEntry]:
    """Return entries, newest first; more than the limit to keep one bulletin's together."""
    epoch, language = snapshot.night.epoch, snapshot.election.page_language
    versions = {
        (snapshot.election.pk, language, kind, number): (
            epoch,
            snapshot.cached.version_of(number, contest),
        )
        for number, kind, contest in _rows(snapshot, query)
    }
    with _lock:
        found = {key: cached for key in versions if (cached := _cached.get(key))}
    current = {key: cached for key, cached in found.items() if cached.version == versions[key]}
    missing = versions.keys() - current.keys()
    if missing:
        read = _read(snapshot, missing)
        current |= {key: _CachedEntries(versions[key], read.get(key, ())) for key in missing}
        with _lock:
            _cached.update({key: current[key] for key in missing})
    some = (entry for cached in current.values() for entry in cached.entries)
    return sorted(some, key=lambda entry: entry.sort_key, reverse=True)


def _rows(snapshot: CachedSnapshot, query: FeedQuery) -> list[Row]:
    """The rows of the entries asked for, newest first."""
    kind, within = KINDS.get(query.only), query.within
    gained = set(snapshot.gained) if query.only is Only.GAINS else None
    rows = (
        row
        for row in snapshot.feed_rows
        if (kind is None or row[1] == kind)
        and (within is None or row[2] in within)
        and (gained is None or row[2] in gained)
        and (not query.before or row[0] < query.before)
    )
    return first_rows(rows, query.limit)


def clear() -> None:
    """Forget every entry."""
    with _lock:
        _cached.clear()


def _read(snapshot: CachedSnapshot, keys: Iterable[Key]) -> dict[Key, tuple[ReaderEntry, ...]]:
    numbers: dict[str, set[int]] = {}
    for _election, _language, kind, number in keys:
        numbers.setdefault(kind, set()).add(number)
    read: dict[Key, tuple[ReaderEntry, ...]] = {}
    for kind, some in numbers.items():
        for entry in read_entries(snapshot, kind, some):
            key = (snapshot.election.pk, snapshot.election.page_language, kind, entry.sequence)
            read[key] = (*read.get(key, ()), _reader_entry(snapshot, entry))
    return read


def _reader_entry(snapshot: CachedSnapshot, entry: Entry) -> ReaderEntry:
    heading, text = plain_text(entry)
    return ReaderEntry(
        id=entry.id,
        sort_key=entry.sort_key,
        at=entry.at,
        modified_at=modified_at(entry),
        path=(entry.contest or snapshot.election).get_absolute_url(),
        heading=heading,
        text=text,
        correction=corrections_as_text(entry.change) if entry.change else "",
        author=getattr(entry.publication, "speaker", ""),
        html=_html_of(snapshot, entry),
    )


def _html_of(snapshot: CachedSnapshot, entry: Entry) -> SafeString:
    """The entry as the last bulletin that changed it carries it, or else rendered now."""
    carried = snapshot.cached.entries.get(entry.id)
    contest = entry.contest.pk if entry.contest else None
    version = snapshot.cached.version_of(entry.sequence, contest)
    if carried is not None and carried.sequence >= version:
        return carried.html
    (rendered,) = render_entries(snapshot, [entry])
    return rendered.html

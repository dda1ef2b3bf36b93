"""Entries of the feed as readers' pages need them, each read and rendered once.

An entry is read again once a bulletin has changed it or its contest.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cachetools import LRUCache
from django.utils.safestring import SafeString

from results.live.cached_snapshot import CachedSnapshot
from results.live.feed import Entry, FeedQuery, entry_numbers, read_entries
from results.live.fragments import render_entries
from results.reader.plain_text import corrections_as_text, modified_at, plain_text

#: Entries of all elections that are kept, of about four kilobytes each.
MAX_ENTRIES = 4000

#: (election, kind, number); several milestones share one number.
Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """One entry as HTML and as plain text; `correction` is that of a result, empty for none."""

    id: str
    sort_key: tuple[int, str, int]
    at: datetime
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
class _Kept:
    """The entries of one key as of a bulletin of an epoch."""

    version: tuple[UUID, int]
    entries: tuple[ReaderEntry, ...]


_kept: LRUCache[Key, _Kept] = LRUCache(MAX_ENTRIES)
_lock = threading.Lock()


def entries(snapshot: CachedSnapshot, query: FeedQuery) -> list[ReaderEntry]:
    """As `results.live.feed.entries`: one query if none of them has changed."""
    epoch = snapshot.night.epoch
    versions = {
        (snapshot.election.pk, kind, number): (epoch, snapshot.cached.version_of(number, contest))
        for number, kind, contest in entry_numbers(snapshot, query)
    }
    with _lock:
        found = {key: kept for key in versions if (kept := _kept.get(key))}
    current = {key: kept for key, kept in found.items() if kept.version == versions[key]}
    missing = versions.keys() - current.keys()
    if missing:
        read = _read(snapshot, missing)
        current |= {key: _Kept(versions[key], read.get(key, ())) for key in missing}
        with _lock:
            _kept.update({key: current[key] for key in missing})
    some = (entry for kept in current.values() for entry in kept.entries)
    return sorted(some, key=lambda entry: entry.sort_key, reverse=True)


def clear() -> None:
    """Forget every entry."""
    with _lock:
        _kept.clear()


def _read(snapshot: CachedSnapshot, keys: Iterable[Key]) -> dict[Key, tuple[ReaderEntry, ...]]:
    numbers: dict[str, set[int]] = {}
    for _election, kind, number in keys:
        numbers.setdefault(kind, set()).add(number)
    read: dict[Key, tuple[ReaderEntry, ...]] = {}
    for kind, some in numbers.items():
        for entry in read_entries(snapshot, kind, some):
            key = (snapshot.election.pk, kind, entry.sequence)
            read[key] = (*read.get(key, ()), _reader_entry(snapshot, entry))
    return read


def _reader_entry(snapshot: CachedSnapshot, entry: Entry) -> ReaderEntry:
    heading, text = plain_text(entry)
    (rendered,) = render_entries(snapshot, [entry])
    return ReaderEntry(
        id=entry.id,
        sort_key=entry.sort_key,
        at=entry.at,
        modified_at=modified_at(entry),
        path=(entry.contest or snapshot.election).get_absolute_url(),
        heading=heading,
        text=text,
        correction=corrections_as_text(entry.change) if entry.change else "",
        author=getattr(entry.publication, "speaker", "Election Desk"),
        html=rendered.html,
    )

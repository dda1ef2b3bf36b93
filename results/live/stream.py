"""One election's stream in this process: the tail of its log and the readers waiting for news."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from cachetools import LRUCache

from results.live.feed_list import compose_feed, entry_ids, is_entry
from results.live.frames import Document, Fragments, Frame
from results.live.tail import CATCH_UP, Entry, Gap, Tail
from results.live.topics import Topics, select
from results.models import Night

logger = logging.getLogger(__name__)

#: Readers woken in one turn of the event loop.
WAKE_BATCH = 20
#: Most characters of the cached frames of one stream.
MAX_FRAMES = 8 * 1024 * 1024
#: The same of the frames before them, which are dictionaries.
MAX_PREVIOUS = 2 * 1024 * 1024


class Reader(Protocol):
    """A waiting reader that can be sent news without waking its own task."""

    def send_now(self) -> bool:
        """Send what the reader lacks, or return False if its task has to. Raises sending errors."""


class Stream:
    """The tail of an election's log, its encoded frames, and the readers that wait for more."""

    def __init__(self, slug: str, tail: Tail, *, read_at: float | None = None) -> None:
        self.slug, self.tail = slug, tail
        #: Number of open sockets.
        self.readers = 0
        #: Start of the last read of the tail, by the monotonic clock.
        self.read_at = time.monotonic() if read_at is None else read_at
        #: Whether bulletins were read that readers have not been woken for.
        self.has_news = False
        #: Whether any reader without topics has connected, for whom the feed is composed.
        self.composes_feed = False
        #: Whether the election was deleted: the sockets are closed.
        self.ended = False
        #: The entries of the feed that have been read, by element id.
        self.entries: dict[str, str] = {}
        self._waiting: list[tuple[Reader, asyncio.Future[None]]] = []
        self._documents: dict[int | None, Document] = {}
        self._frames: LRUCache[tuple[int | None, Topics | None], Frame] = LRUCache(
            MAX_FRAMES, getsizeof=_size_of
        )
        #: The position from which most readers are updated: where the tail was before.
        self._usual: int | None = None
        #: The frames that readers there were sent last, short ones left out.
        self._previous: LRUCache[Topics | None, Frame] = LRUCache(MAX_PREVIOUS, getsizeof=_size_of)
        self._sent: dict[Topics | None, Frame] = {}
        #: The last frame returned: most readers of a bulletin need the same.
        self._latest: tuple[int | None, Topics | None, Frame | None] = (None, None, None)
        self._keep_entries([fragments for _sequence, fragments in tail.newest])

    def frame_since(self, sequence: int | None, topics: Topics | None = None) -> Frame:
        """The frame for pages at `sequence` with these topics, encoded once for all of them.

        `sequence` is None for any position that the tail does not reach: those pages are told to
        load again. The frame may begin some bulletins earlier than `sequence`.
        """
        latest_sequence, latest_topics, latest = self._latest
        if latest is not None and sequence == latest_sequence and topics == latest_topics:
            return latest
        since = None
        if sequence is not None and self.tail.reaches(sequence):
            since = self.tail.rounded(sequence)
        frame = self._frames.get((since, topics))
        if frame is None:
            frame = self._encode(since, topics)
            if _size_of(frame) > MAX_FRAMES:
                return frame
            self._frames[since, topics] = frame
        self._latest = sequence, topics, frame
        return frame

    def _encode(self, since: int | None, topics: Topics | None) -> Frame:
        document = self._document_since(since)
        if "fragments" not in document:
            return Frame(document)
        if topics is None:
            selected = self._composed(document["fragments"])
        else:
            selected = select(document["fragments"], topics)
        if topics and not selected:
            # Pages that the bulletins do not concern share one frame, whatever they show.
            return self.frame_since(since, ())
        if since is None or since != self._usual:
            return Frame(document | {"fragments": selected})
        frame = Frame(document | {"fragments": selected}, self._previous.get(topics))
        if not frame.is_short:
            self._sent[topics] = frame
        return frame

    def _keep_previous(self) -> None:
        """Take what most readers were sent as the dictionary of what they are sent next."""
        for topics, frame in self._sent.items():
            if _size_of(frame) <= MAX_PREVIOUS:
                self._previous[topics] = frame
        self._sent.clear()

    def _document_since(self, since: int | None) -> Document:
        document = self._documents.get(since)
        if document is None:
            document = self.tail.since(-1 if since is None else since)
            self._documents[since] = document
        return document

    def _composed(self, fragments: Fragments) -> Fragments:
        """Return the fragments for pages without topics, with the entries inside the feed."""
        whole = {name: html for name, html in fragments.items() if html and not is_entry(name)}
        if "feed" in whole:
            # An entry that could not be read is newer than this frame: the next one brings it.
            unread = dict.fromkeys(self.missing_entries(), "")
            whole["feed"] = compose_feed(whole["feed"], unread | self.entries)
        return whole

    def missing_entries(self) -> set[str]:
        """Return ids in the newest feed whose entries have not been read."""
        return {*entry_ids(self._newest_feed())} - self.entries.keys()

    def add_entries(self, entries: Mapping[str, str]) -> None:
        """Add rendered entries, except where the log has brought newer ones."""
        self.entries = {**entries, **self.entries}
        self._forget_frames()

    def _keep_entries(self, bulletins: Sequence[Fragments]) -> None:
        for fragments in bulletins:
            self.entries |= {name: html for name, html in fragments.items() if is_entry(name)}
        listed = entry_ids(self._newest_feed())
        self.entries = {name: self.entries[name] for name in listed if name in self.entries}

    def _newest_feed(self) -> str:
        for _sequence, fragments in reversed(self.tail.newest):
            if "feed" in fragments:
                return fragments["feed"]
        return ""

    def _forget_frames(self) -> None:
        self._documents.clear()
        self._frames.clear()
        self._latest = (None, None, None)

    def update(self, night: Night, entries: Sequence[Entry]) -> bool:
        """Add bulletins read from the log; return whether there is anything new for readers.

        Another epoch, a log that was put back or has run ahead, or a gap in it replaces the tail,
        so that the pages it no longer reaches load again.
        """
        tail = self.tail
        before = tail.sequence
        ahead = night.sequence - before
        if night.epoch != tail.epoch or not 0 <= ahead <= CATCH_UP:
            tail.reset(night.epoch, night.sequence, entries)
        else:
            try:
                if not tail.append(night.sequence, entries):
                    return False
            except Gap as gap:
                logger.error("%s: %s from the log; its readers resync", self.slug, gap)
                tail.reset(night.epoch, night.sequence, entries)
        self._keep_entries([fragments for _sequence, fragments in entries])
        self._keep_previous()
        self._usual = tail.rounded(before) if tail.reaches(before) else None
        self._forget_frames()
        return True

    def news(self, reader: Reader) -> asyncio.Future[None]:
        """Register a reader, and return a future that is done when its task has to send.

        Until then each wake sends to it with `send_now`. Call it before the tail is read, so that
        no news is missed.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((reader, future))
        return future

    async def wake(self) -> None:
        """Send every waiting reader what it lacks, or wake its task; `WAKE_BATCH` at a time.

        Sending to all at once would hold a copy of the frame in memory for every reader, and would
        delay everything else on this event loop until the last of them.
        """
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), WAKE_BATCH):
            for reader, future in waiting[start : start + WAKE_BATCH]:
                if not future.done():
                    self._send_or_wake(reader, future)
            await asyncio.sleep(0)

    def _send_or_wake(self, reader: Reader, future: asyncio.Future[None]) -> None:
        try:
            if reader.send_now():
                self._waiting.append((reader, future))
            else:
                future.set_result(None)
        except Exception as exc:
            future.set_exception(exc)


def _size_of(frame: Frame) -> int:
    """Return a frame's size in characters, with an estimate for its key and cache entry."""
    return len(frame) + 2_000

"""One hub per process: polls the log, listens to the channel layer and wakes readers.

The channel layer only carries a notification that there is something to read. What readers are
sent comes from the log and is encoded once for all readers at the same position, so that the cost
of a bulletin does not grow with the square of their number.
"""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.db import Error, InternalError, connection, connections

from results.live import log
from results.live.capacity import reader_capacity
from results.live.notify import GROUP
from results.live.send_failures import SendFailures
from results.live.stream import Stream
from results.live.translated import split_address
from results.models import ReaderCount

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: Interval of polls of the log: the longest delay that a lost notification causes.
POLL_SECONDS = 1.0
#: Pause after news, so that a burst of bulletins reaches readers as a few larger frames.
THROTTLE_SECONDS = 0.2
#: Polls between two heartbeats. A page that receives nothing for 45 seconds reconnects.
POLLS_PER_HEARTBEAT = 20
#: Delay before subscribing again to a channel layer that failed.
LAYER_RETRY_SECONDS = 1.0
#: The most unknown slugs that are remembered, so that requests for them cost no query.
MAX_UNKNOWN_SLUGS = 1000
#: Range of a page's random delay before it reconnects after its process stops …
DRAIN_RECONNECT_SECONDS = (0, 20)
#: … and after its process was full.
FULL_RECONNECT_SECONDS = (120, 300)


class Hub:
    """The streams of one process, and the tasks that keep them up to date."""

    def __init__(self) -> None:
        #: Streams by address: `ge`, and `cy/ge` for its second language.
        self.streams: dict[str, Stream] = {}
        # The hub has its own thread, so that slow views and readers do not delay one another.
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hub")
        self._open_lock = asyncio.Lock()
        self._unknown_slugs: dict[str, float] = {}
        self._notified = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._polled_at: float | None = None
        self._storing_counts: asyncio.Future[None] | None = None
        #: Number of sockets being served, over all streams.
        self.readers = 0
        #: Number of readers told to poll because the process was full.
        self.turned_away = 0
        self.send_failures = SendFailures()
        #: Whether the process is about to stop: new readers are told to reconnect.
        self.draining = False

    @property
    def is_full(self) -> bool:
        return self.readers >= reader_capacity()

    @property
    def seconds_since_poll(self) -> float | None:
        """Seconds since the log was last polled; None before the first poll."""
        return None if self._polled_at is None else time.monotonic() - self._polled_at

    async def open(
        self, slug: str, since: int = 0, epoch: UUID | None = None, *, composes_feed: bool = False
    ) -> Stream | None:
        """The stream of an election, fresh enough for a page at `since` of `epoch`.

        None if there is no such election. A page may be ahead of this process's memory; the log
        is then read once for all waiting pages, whatever positions they claim. `composes_feed` is
        for a reader without topics.
        """
        stream = await self._open_fresh(slug, since, epoch)
        if stream is not None and composes_feed:
            stream.composes_feed = True
            await self._read_entries(stream)
        return stream

    async def _open_fresh(self, slug: str, since: int, epoch: UUID | None) -> Stream | None:
        self._start()
        asked_at = time.monotonic()
        stream = self.streams.get(slug)
        if stream is None or not _is_fresh(stream, since, epoch, asked_at):
            async with self._open_lock:
                stream = self.streams.get(slug)
                if stream is None:
                    return await self._open_stream(slug, asked_at)
                if not _is_fresh(stream, since, epoch, asked_at):
                    await self._refresh(stream)
        return None if stream.ended else stream

    async def _open_stream(self, slug: str, asked_at: float) -> Stream | None:
        """Read an election's tail for the first time; unknown slugs are remembered briefly."""
        if self._unknown_slugs.get(slug, float("-inf")) > asked_at - POLL_SECONDS:
            return None
        began = time.monotonic()
        tail = await self._in_thread(log.read_tail, slug)
        if tail is not None:
            stream = self.streams[slug] = Stream(slug, tail, read_at=began)
            return stream
        if len(self._unknown_slugs) > MAX_UNKNOWN_SLUGS:
            self._unknown_slugs.clear()
        self._unknown_slugs[slug] = asked_at
        return None

    async def drain(self) -> None:
        """Tell every reader to reconnect later, when another process accepts connections."""
        self.draining = True
        for stream in list(self.streams.values()):
            await stream.wake()

    async def close(self) -> None:
        """End the tasks and close the thread's database connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._storing_counts is not None:
            await asyncio.wait([self._storing_counts])
        await self._in_thread(connections.close_all)
        self._executor.shutdown(wait=False)

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(self._poll_forever()),
                asyncio.create_task(self._subscribe()),
            ]

    async def _in_thread(self, job: Callable[..., T], *args: object) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, _close_on_error, job, *args)

    async def _refresh(self, stream: Stream) -> bool:
        """Read new bulletins of a stream and wake its readers; return whether there were any."""
        began, tail = time.monotonic(), stream.tail
        night, entries = await self._in_thread(
            log.read_updates, stream.slug, tail.epoch, tail.sequence
        )
        stream.read_at = began
        if night is None:
            await self._end(stream)
            return False
        if stream.update(night, entries):
            stream.has_news = True
        if not stream.has_news:
            return False
        # Where this fails, the next poll reads them and wakes the readers.
        await self._read_entries(stream)
        stream.has_news = False
        await stream.wake()
        return True

    async def _end(self, stream: Stream) -> None:
        """Close the sockets of an election that is gone, or of a language that it has no more."""
        # An election of the same address may have been opened meanwhile.
        if self.streams.get(stream.slug) is stream:
            del self.streams[stream.slug]
        stream.ended = True
        await stream.wake()

    async def _read_entries(self, stream: Stream) -> None:
        """Read the feed's entries that are missing from the stream, for readers without topics."""
        if stream.composes_feed and stream.missing_entries():
            stream.add_entries(await self._in_thread(log.read_entries_of_feed, stream.slug))

    async def _poll_forever(self) -> None:
        polls = 0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._notified.wait()
            self._notified.clear()
            polls += 1
            self._polled_at = time.monotonic()
            heartbeat = polls % POLLS_PER_HEARTBEAT == 0
            if polls % POLLS_PER_HEARTBEAT == 1:
                self._store_reader_counts()
            # Streams in a second language come last, because they are rendered here.
            watched = sorted(
                (stream for stream in self.streams.values() if stream.readers),
                key=lambda stream: "/" in stream.slug,
            )
            if any([await self._poll(stream, heartbeat=heartbeat) for stream in watched]):
                await asyncio.sleep(THROTTLE_SECONDS)

    async def _poll(self, stream: Stream, *, heartbeat: bool) -> bool:
        """Bring a stream up to date; return whether there was news."""
        try:
            news = await self._refresh(stream)
        except Exception:
            # The database is unavailable: readers stay connected until it is back.
            logger.warning("could not read the log of %s", stream.slug, exc_info=True)
            return False
        if heartbeat:
            await stream.wake()
        return news

    async def _subscribe(self) -> None:
        """Poll at once when the channel layer notifies; without a layer there is only polling."""
        layer = get_channel_layer()
        while layer is not None:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    await layer.receive(channel)
                    self._notified.set()
            except Exception as exc:
                logger.warning("channel layer away (%r): polling every %s s", exc, POLL_SECONDS)
                await asyncio.sleep(LAYER_RETRY_SECONDS)

    def _store_reader_counts(self) -> None:
        """Store the number of this process's readers, for the night dashboard.

        It does not run in the hub's own thread: a locked database delays it, and must not delay the
        log.
        """
        if self._storing_counts is None or self._storing_counts.done():
            readers: Counter[str] = Counter()
            for address, stream in self.streams.items():
                readers[split_address(address)[1]] += stream.readers
            loop = asyncio.get_running_loop()
            self._storing_counts = loop.run_in_executor(None, _store_counts, readers)


def _is_fresh(stream: Stream, since: int, epoch: UUID | None, asked_at: float) -> bool:
    """Whether memory can answer a page at `since` of `epoch` that asked at `asked_at`.

    A page ahead of the tail or of another epoch may have something newer, so that only a read that
    began after its request will do. Otherwise the tail may be as old as one polling interval.
    """
    tail = stream.tail
    if since > tail.sequence or epoch not in (None, tail.epoch):
        return stream.read_at >= asked_at
    return bool(stream.readers) or stream.read_at > asked_at - POLL_SECONDS


def _close_on_error(job: Callable[..., T], *args: object) -> T:
    """Run `job`; after a database error close the thread's connection, to open a new one."""
    try:
        return job(*args)
    except Error:
        connection.close()
        raise


def _store_counts(readers: dict[str, int]) -> None:
    try:
        ReaderCount.report(f"{socket.gethostname()[:60]}:{os.getpid()}", readers)
    except Error as exc:
        # A standby takes nothing for as long as it is one, and /readyz says that it only reads.
        level = logging.DEBUG if isinstance(exc, InternalError) else logging.WARNING
        logger.log(level, "could not store how many readers are here", exc_info=True)
    finally:
        connections.close_all()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """The hub of the running event loop: one for each process that serves readers."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]

"""One hub in each process: it reads the log after its own last number and wakes the readers.

The channel layer only says that there is something to read. What readers are sent comes from the
log, encoded once for all readers at the same position, so the cost of a bulletin does not grow
with the square of the readers.
"""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.db import Error, connection, connections

from results.live import log
from results.live.capacity import reader_capacity
from results.live.notify import GROUP
from results.live.send_failures import SendFailures
from results.models import Night, ReaderCount

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: Seconds between two looks at the log by itself: what a lost tick costs at most.
POLL_SECONDS = 1.0
#: Seconds of rest after news: a flood of bulletins reaches readers as a few larger frames.
THROTTLE_SECONDS = 0.2
#: Looks between two heartbeats; a page that hears nothing for 45 seconds reconnects.
POLLS_PER_HEARTBEAT = 20
#: Seconds before the channel layer is tried again after it failed.
LAYER_RETRY_SECONDS = 1.0
#: Readers woken in one turn of the event loop.
WAKE_BATCH = 20
#: Names of elections remembered as not being there.
MAX_UNKNOWN_SLUGS = 1000
#: Seconds within which readers come back to a desk that stops, and to one that was full.
DRAIN_RECONNECT_SECONDS, FULL_RECONNECT_SECONDS = (0, 20), (120, 300)


@dataclass(eq=False)
class Stream:
    """The tail of one election's log in this process's memory."""

    slug: str
    epoch: UUID
    sequence: int
    tail: deque[tuple[int, dict[str, str]]] = field(
        default_factory=lambda: deque(maxlen=log.CATCH_UP)
    )
    readers: int = 0
    #: When the log was last read for it: the moment before the reading began.
    read_at: float = field(default_factory=time.monotonic)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)
    _encoded: dict[int, str] = field(default_factory=dict)

    def is_known(self, since: int, epoch: UUID | None, asked: float) -> bool:
        """Whether it is fresh enough for who asked at that moment for what comes after ``since``.

        While it has readers the log is looked at every second anyway. Nobody can know more than
        a reading that began after they had asked: a page at a later number or of another epoch
        may be newer than this memory.
        """
        if since > self.sequence or epoch not in (None, self.epoch):
            return self.read_at >= asked
        return bool(self.readers) or self.read_at > asked - POLL_SECONDS

    def text_since(self, position: int) -> str:
        """The frame for a page at ``position``; all pages at one position share it."""
        place = position if self.can_catch_up(position) else -1
        text = self._encoded.get(place)
        if text is None:
            text = self._encoded[place] = log.encode(self._document_since(place))
        return text

    def can_catch_up(self, position: int) -> bool:
        first = self.tail[0][0] if self.tail else self.sequence + 1
        return first - 1 <= position <= self.sequence

    def _document_since(self, position: int) -> log.Document:
        if not self.can_catch_up(position):
            return log.resync(self.epoch, self.sequence)
        parts = (part for number, part in self.tail if number > position)
        return log.frame(self.epoch, position, self.sequence, log.merged(parts))

    def take(self, night: Night, entries: list[tuple[int, dict[str, str]]]) -> bool:
        """Add what was read. True when readers have something new to hear.

        Two may have read from the same place at once, so what is known already is passed over.
        """
        fresh = [entry for entry in entries if entry[0] > self.sequence]
        if night.epoch != self.epoch or night.sequence < self.sequence:
            self._start_over(night, entries)
        elif not fresh and night.sequence == self.sequence:
            return False
        elif not fresh or fresh[0][0] != self.sequence + 1:
            logger.error("%s: hole in the log after %s; readers resync", self.slug, self.sequence)
            self._start_over(night, entries)
        else:
            self.tail.extend(fresh)
            self.sequence = fresh[-1][0]
        self._encoded.clear()
        return True

    def _start_over(self, night: Night, entries: list[tuple[int, dict[str, str]]]) -> None:
        """Stand where the night stands. An epoch without a bulletin is as good as any other."""
        self.epoch, self.sequence = night.epoch, night.sequence
        self.tail.clear()
        self.tail.extend(log.unbroken(entries, night.sequence))

    def news(self) -> asyncio.Future[None]:
        """Done at the next wake. Taken before the log is looked at, so that nothing slips by."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return waiting

    async def wake(self) -> None:
        """Let every waiting reader send, each from its own position, some at a time.

        All at once would hold every reader's copy of the frame in memory together, and whoever
        else is served by this process behind all of them.
        """
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), WAKE_BATCH):
            for reader in waiting[start : start + WAKE_BATCH]:
                if not reader.done():
                    reader.set_result(None)
            await asyncio.sleep(0)


class Hub:
    """All streams of one process, and the task that keeps them fresh."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream] = {}
        # Its own thread: a slow view must not hold up the readers, nor the other way round.
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hub")
        self._opening = asyncio.Lock()
        self._nowhere: dict[str, float] = {}
        self._notified = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._polled_at: float | None = None
        self._reporting: asyncio.Future[None] | None = None
        #: Sockets that are being served, of all streams.
        self.readers = 0
        #: Readers who were turned to asking for updates, since more would have been too many.
        self.turned_away = 0
        self.send_failures = SendFailures()
        #: This process is about to end: whoever comes is told to come back.
        self.draining = False

    @property
    def is_full(self) -> bool:
        return self.readers >= reader_capacity()

    async def drain(self) -> None:
        """Tell every reader to come back in a while, to whoever serves then."""
        self.draining = True
        for stream in list(self.streams.values()):
            await stream.wake()

    @property
    def seconds_since_poll(self) -> float | None:
        """Seconds since it last went round; None before it has begun."""
        return None if self._polled_at is None else time.monotonic() - self._polled_at

    async def open(self, slug: str, since: int = 0, epoch: UUID | None = None) -> Stream | None:
        """The stream of an election, at ``since`` or later where the log is that far.

        None where there is no such election. A page may be newer than this process's memory:
        then the log is read, once for all who wait, however many and whatever they say.
        """
        self._start()
        asked = time.monotonic()
        stream = self.streams.get(slug)
        if stream is not None and stream.is_known(since, epoch, asked):
            return stream
        async with self._opening:
            stream = self.streams.get(slug)
            if stream is None and self._nowhere.get(slug, -POLL_SECONDS) > asked - POLL_SECONDS:
                return None
            if stream is None:
                stream = await self._in_thread(_open_stream, slug)
                if stream is not None:
                    self.streams[slug] = stream
                else:
                    self._note_nowhere(slug, asked)
            elif not stream.is_known(since, epoch, asked):
                await self._refresh(stream)
        return stream

    def _note_nowhere(self, slug: str, at: float) -> None:
        """There is no such election: not asked again for a moment, whoever goes on about it."""
        if len(self._nowhere) > MAX_UNKNOWN_SLUGS:
            self._nowhere.clear()
        self._nowhere[slug] = at

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(self._poll_forever()),
                asyncio.create_task(self._subscribe()),
            ]

    async def close(self) -> None:
        """End the tasks and the thread's database connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._reporting is not None:
            await asyncio.wait([self._reporting])
        await self._in_thread(connections.close_all)
        self._reading.shutdown(wait=False)

    async def _in_thread(self, job: Callable[..., T], *args: object) -> T:
        running = asyncio.get_running_loop()
        return await running.run_in_executor(self._reading, _keeping_connection, job, *args)

    async def _refresh(self, stream: Stream) -> None:
        began = time.monotonic()
        night, entries = await self._in_thread(
            _read_news, stream.slug, stream.epoch, stream.sequence
        )
        stream.read_at = began
        if night is not None and stream.take(night, entries):
            await stream.wake()

    def _report(self) -> None:
        """Say for the desk's screen how many readers are here; never in the readers' own thread.

        On a desk whose database is locked the saying waits, and the log is read all the same.
        """
        if self._reporting is None or self._reporting.done():
            readers = {slug: stream.readers for slug, stream in self.streams.items()}
            running = asyncio.get_running_loop()
            self._reporting = running.run_in_executor(None, _say_readers, readers)

    async def _poll_forever(self) -> None:
        looks = 0
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._notified.wait()
            self._notified.clear()
            looks += 1
            self._polled_at = time.monotonic()
            heartbeat = looks % POLLS_PER_HEARTBEAT == 0
            if looks % POLLS_PER_HEARTBEAT == 1:
                self._report()
            watched = [stream for stream in self.streams.values() if stream.readers]
            if any([await self._poll(stream, heartbeat=heartbeat) for stream in watched]):
                await asyncio.sleep(THROTTLE_SECONDS)

    async def _poll(self, stream: Stream, *, heartbeat: bool) -> bool:
        """Whether there was news."""
        before = stream.epoch, stream.sequence
        try:
            await self._refresh(stream)
        except Exception:
            # The database is away: readers keep what they have until it is back.
            logger.warning("could not read the log of %s", stream.slug, exc_info=True)
            return False
        if heartbeat:
            await stream.wake()
        return before != (stream.epoch, stream.sequence)

    async def _subscribe(self) -> None:
        layer = get_channel_layer()
        while layer is not None:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    await layer.receive(channel)
                    self._notified.set()
            except Exception as exc:
                logger.warning("channel layer away (%r): looking every %s s", exc, POLL_SECONDS)
                await asyncio.sleep(LAYER_RETRY_SECONDS)


def _keeping_connection(job: Callable[..., T], *args: object) -> T:
    """Read over the thread's one connection, and drop it where it failed: the next is new."""
    try:
        return job(*args)
    except Error:
        connection.close()
        raise


def _open_stream(slug: str) -> Stream | None:
    night = Night.objects.filter(election__slug=slug).first()
    if night is None:
        return None
    stream = Stream(slug=slug, epoch=night.epoch, sequence=night.sequence)
    stream.tail.extend(log.read_tail(night))
    return stream


def _read_news(
    slug: str, epoch: UUID, sequence: int
) -> tuple[Night | None, list[tuple[int, dict[str, str]]]]:
    """The night, and what it has after ``sequence``; its newest where that is of another epoch."""
    night = Night.objects.filter(election__slug=slug).first()
    if night is None or (night.epoch, night.sequence) == (epoch, sequence):
        return night, []
    if night.epoch != epoch or night.sequence < sequence:
        return night, log.read_tail(night)
    return night, log.read_after(night, sequence, log.CATCH_UP)


def _say_readers(readers: dict[str, int]) -> None:
    try:
        ReaderCount.report(f"{socket.gethostname()[:60]}:{os.getpid()}", readers)
    except Error:
        logger.warning("could not say how many readers are here", exc_info=True)
    finally:
        connections.close_all()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def get_hub() -> Hub:
    """The hub of the running event loop: one for each process that serves readers."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]

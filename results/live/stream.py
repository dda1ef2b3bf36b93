"""One election's readers in this process: the tail they read and the tasks that wait for news."""

import asyncio
import logging
import time
from collections.abc import Sequence

from results.live import frames
from results.live.tail import Entry, Gap, Tail
from results.models import Night

logger = logging.getLogger(__name__)

#: Readers woken in one turn of the event loop.
WAKE_BATCH = 20


class Stream:
    """The tail of an election's log, its encoded frames, and the readers that wait for more."""

    def __init__(self, slug: str, tail: Tail) -> None:
        self.slug, self.tail = slug, tail
        #: Open sockets.
        self.readers = 0
        #: When the tail was last read, before the reading began, by the monotonic clock.
        self.read_at = time.monotonic()
        self._waiting: list[asyncio.Future[None]] = []
        self._frames: dict[int | None, str] = {}

    def frame_since(self, sequence: int | None) -> str:
        """The encoded frame for pages at `sequence`, encoded once for all of them.

        None stands for every position that the tail does not reach: those pages are told to
        load again.
        """
        text = self._frames.get(sequence)
        if text is None:
            document = self.tail.since(-1 if sequence is None else sequence)
            text = self._frames[sequence] = frames.encode(document)
        return text

    def update(self, night: Night, entries: Sequence[Entry]) -> bool:
        """Add what was read of the log; return whether readers have anything new to be sent.

        Another epoch, a log that was put back or a gap in it replaces the tail, so that the pages
        it no longer reaches load again.
        """
        tail = self.tail
        if night.epoch != tail.epoch or night.sequence < tail.sequence:
            tail.reset(night.epoch, night.sequence, entries)
        else:
            try:
                if not tail.append(night.sequence, entries):
                    return False
            except Gap as gap:
                logger.error("%s: %s from the log; its readers resync", self.slug, gap)
                tail.reset(night.epoch, night.sequence, entries)
        self._frames.clear()
        return True

    def news(self) -> asyncio.Future[None]:
        """A future done at the next wake; taken before the tail is read, so that none is missed."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    async def wake(self) -> None:
        """Let every waiting reader send from its own position, `WAKE_BATCH` at a time.

        Waking all at once would hold a copy of the frame in memory for every reader, and would
        delay everything else on this event loop until the last of them.
        """
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), WAKE_BATCH):
            for future in waiting[start : start + WAKE_BATCH]:
                if not future.done():
                    future.set_result(None)
            await asyncio.sleep(0)

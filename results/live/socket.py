"""The readers' WebSocket: one task for each, which sends the log from the page's position on.

It is a plain ASGI callable rather than a Channels consumer, which passes every message through a
queue and a dispatch of its own: measured at several times the cost for each reader
(docs/performance.md). Catching up and live push are the same code, so that nothing can be lost
between the two.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs
from uuid import UUID

from results.live import frames
from results.live.event_loop import Started
from results.live.frames import SEND_FRAME, Coding, Frame, Message, size_of
from results.live.hub import DRAIN_RECONNECT_SECONDS, FULL_RECONNECT_SECONDS, Hub, get_hub
from results.live.stream import Stream
from results.live.token_bucket import TokenBucket
from results.live.topics import Topics, parse_topics

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Close codes. Private ones (4000 to 4999, RFC 6455, 7.4.2), because Daphne's library lets an
# application send no registered one but 1000.
BAD_QUERY = 4400
UNKNOWN_ELECTION = 4404
MESSAGE_TOO_BIG, TOO_MANY_MESSAGES = 4009, 4008
SEND_FAILED = 4011
#: The page must reload, or was told when to reconnect.
RELOAD = 4012
#: The process is full: the page polls `/updates/` instead.
FULL = 4013

#: Limits of a client's messages: none are needed, but some send short ones as keep-alives.
MAX_MESSAGE_BYTES, MAX_MESSAGES_PER_MINUTE = 32, 60
#: How long after a failed send a server may take to report that the reader has left.
DISCONNECT_SECONDS = 3.0


async def reader_socket(scope: Message, receive: Receive, send: Send) -> None:
    """Serve `/live/<election>/` until either side leaves.

    `?since=<sequence>&epoch=<epoch>` is the page's position. With `topics=` it is sent the
    fragments of these topics only, and with `coding=` (`frames.Coding`) larger frames as binary
    messages. With `clock=1` the time comes first.
    """
    await receive()  # websocket.connect
    try:
        query = Query.parse(scope)
    except ValueError:
        return await send({"type": "websocket.close", "code": BAD_QUERY})
    slug = scope["url_route"]["kwargs"]["slug"]
    hub = get_hub()
    # Counted before the first await, so that the limit holds for concurrent requests.
    with (admission := _Admission(hub)):
        composes_feed = query.topics is None
        stream = await hub.open(slug, query.since or 0, query.epoch, composes_feed=composes_feed)
        if stream is None:
            return await send({"type": "websocket.close", "code": UNKNOWN_ELECTION})
        await send({"type": "websocket.accept"})
        send_frame = scope.get("extensions", {}).get(SEND_FRAME)
        sender = _Sender(hub, stream, send, query, send_frame)
        if query.clock:
            await sender.tell_time()
        # Deleted, because this coroutine would hold them while the socket is open.
        del scope, query
        with _Counted(stream) if admission.is_admitted else nullcontext():
            return await _serve(sender, receive, admitted=admission.is_admitted)


async def _serve(sender: "_Sender", receive: Receive, *, admitted: bool) -> None:
    """Send until the reader leaves or sending fails."""
    try:
        async with asyncio.TaskGroup() as tasks:
            work = sender.follow() if admitted else sender.turn_away()
            sending = tasks.create_task(sender.run(work))
            await receive_until_disconnect(receive, sender.close)
            sending.cancel()
    except* _SendFailed:
        await sender.close_after_failure()


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters in the address of a page's socket."""

    since: int | None = None
    epoch: UUID | None = None
    topics: Topics | None = None
    coding: Coding = Coding.TEXT
    #: Whether the page wants to be told the time first; those of an earlier release do not.
    clock: bool = False

    @classmethod
    def parse(cls, scope: Message) -> Self:
        """Parse a scope's query string. Raises ValueError for a malformed one."""
        sent: bytes = scope.get("query_string", b"")
        query = parse_qs(sent.decode("ascii", "replace"))

        def value(name: str) -> str:
            return query.get(name, [""])[0]

        since, epoch = value("since"), value("epoch")
        if since and not (since.isascii() and since.isdigit() and len(since) < 10):
            raise ValueError(since)
        return cls(
            since=int(since) if since else None,
            epoch=UUID(epoch) if epoch else None,
            topics=parse_topics(value("topics")),
            coding=Coding(value("coding")),
            clock=value("clock") == "1",
        )


class _Admission:
    """A reader's place in this process, counted while it is served; see `is_admitted`."""

    # A class with slots takes less memory than @contextmanager, and every open socket has one.
    __slots__ = ("_hub", "_is_counted", "is_admitted")

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        # Not while draining: the process waits for its count to reach 0, and this reader is sent
        # away.
        self._is_counted = not hub.draining and not hub.is_full
        #: False if the process is full.
        self.is_admitted = hub.draining or self._is_counted

    def __enter__(self) -> None:
        if self._is_counted:
            self._hub.readers += 1
        elif not self.is_admitted:
            self._hub.turned_away += 1

    def __exit__(self, *exc_info: object) -> None:
        if self._is_counted:
            self._hub.readers -= 1


class _Counted:
    """A reader of a stream, counted while it is served."""

    __slots__ = ("_stream",)

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __enter__(self) -> None:
        self._stream.readers += 1

    def __exit__(self, *exc_info: object) -> None:
        self._stream.readers -= 1


async def receive_until_disconnect(
    receive: Receive, close: Callable[[int], Awaitable[None]]
) -> None:
    """Return when the reader leaves; close the socket on messages too large or too frequent."""
    count, minute_began = 0, time.monotonic()
    while (message := await receive())["type"] != "websocket.disconnect":
        if time.monotonic() - minute_began > 60:
            count, minute_began = 0, time.monotonic()
        count += 1
        size = len(message.get("text") or message.get("bytes") or "")
        if size > MAX_MESSAGE_BYTES or count > MAX_MESSAGES_PER_MINUTE:
            await close(MESSAGE_TOO_BIG if size > MAX_MESSAGE_BYTES else TOO_MANY_MESSAGES)
            return


class _SendFailed(Exception):
    """Raised where a message could not be sent although the reader is still there."""


class _Sender:
    """Sender of one reader's frames from its position in the log on."""

    __slots__ = (
        "_bucket",
        "_coding",
        "_idle",
        "_last",
        "_send",
        "_send_frame_now",
        "_topics",
        "_unsent",
        "epoch",
        "hub",
        "position",
        "stream",
    )

    def __init__(
        self,
        hub: Hub,
        stream: Stream,
        send: Send,
        query: Query,
        send_frame: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.hub, self.stream, self._send = hub, stream, send
        self._send_frame_now = send_frame
        self.position = stream.tail.sequence if query.since is None else query.since
        # Shares the tail's object where it is equal, to save memory.
        newest = stream.tail.epoch
        self.epoch = newest if query.epoch in (None, newest) else query.epoch
        self._topics, self._coding = query.topics, query.coding
        # The last frame that was not short, of which the page has the text.
        self._last: Frame | None = None
        self._bucket = TokenBucket(time.monotonic())
        # True while the task waits for news, so that nothing is being sent.
        self._idle = False
        self._unsent: Started | None = None

    async def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work`; raise `_SendFailed` for any error while the reader is still there."""
        try:
            await work
        except Exception as exc:
            # Not a failure if the reader has left: the server reports that within this time,
            # and this task is then cancelled.
            await asyncio.sleep(DISCONNECT_SECONDS)
            self.hub.send_failures.add(exc)
            raise _SendFailed from exc

    async def follow(self) -> None:
        """Send what the page lacks, then whenever the stream wakes, for news or a heartbeat."""
        while True:
            news = self.stream.news(self)
            if self.stream.ended:
                return await self.close(UNKNOWN_ELECTION)
            wait = await self._send_frame()
            if wait is None:
                return await self.close(RELOAD)
            if self.hub.draining:
                await self._send_document(frames.bye(DRAIN_RECONNECT_SECONDS))
                return await self.close(RELOAD)
            if wait:
                # Bulletins published meanwhile are sent afterwards as one frame.
                await asyncio.sleep(wait)
            self._idle = True
            await news
            self._idle = False

    def send_now(self) -> bool:
        """Send what the page lacks if that needs neither waiting nor this reader's task.

        Returns False where the task has to send: something is being sent, the connection takes no
        more, the page has to reload, the election is gone, or the process stops.
        """
        tail = self.stream.tail
        stops = self.hub.draining or self.stream.ended
        if not self._idle or stops or not tail.reaches(self.position, self.epoch):
            return False
        frame = self.stream.frame_since(self.position, self._topics)
        if self._send_frame_now is None:
            return self._start_sending(frame)
        encoded = frame.encoded(self._coding, self._last).websocket_frame
        size, now = len(encoded), time.monotonic()
        if not self._bucket.holds(size, now) or not self._send_frame_now(encoded):
            return False
        self._bucket.spend(size, now)
        self._note_sent(frame)
        return True

    def _start_sending(self, frame: Frame) -> bool:
        """Start sending a frame for `send_now`, on a server that takes no WebSocket frames."""
        message = frame.encoded(self._coding, self._last).message
        size, now = size_of(message), time.monotonic()
        if not self._bucket.holds(size, now):
            return False
        self._bucket.spend(size, now)
        self._note_sent(frame)
        sending = Started(self._send(message))
        if not sending.done:
            self._unsent = sending
        return sending.done

    async def tell_time(self) -> None:
        """Tell the page the time, for those that it shows."""
        await self._try_to_send(Frame(frames.clock(time.time())).encoded().message)

    async def turn_away(self) -> None:
        """Tell the page to poll, because the process is full, and send what it lacks now."""
        await self._send_document(frames.poll(FULL_RECONNECT_SECONDS))
        resync = await self._send_frame() is None
        await self.close(RELOAD if resync else FULL)

    async def close_after_failure(self) -> None:
        """Tell the page to poll, if that can still be sent, and close the socket."""
        await self._try_to_send(Frame(frames.poll(FULL_RECONNECT_SECONDS)).encoded().message)
        await self.close(SEND_FAILED)

    async def close(self, code: int) -> None:
        """Close the socket unless it is closed already."""
        await self._try_to_send({"type": "websocket.close", "code": code})

    async def _send_frame(self) -> float | None:
        """Send what the page lacks; return seconds to wait, or None if the page has to reload."""
        if (unsent := self._unsent) is not None:
            self._unsent = None
            await unsent
        reached = self.stream.tail.reaches(self.position, self.epoch)
        frame = self.stream.frame_since(self.position if reached else None, self._topics)
        message = frame.encoded(self._coding, self._last).message
        # Before sending, because the log may grow while a slow socket holds this task up.
        self._note_sent(frame)
        await self._send(message)
        wait = self._bucket.spend(size_of(message), time.monotonic())
        return wait if reached else None

    def _note_sent(self, frame: Frame) -> None:
        self.position = self.stream.tail.sequence
        if not frame.is_short:
            self._last = frame

    async def _send_document(self, document: frames.Document) -> None:
        await self._send(Frame(document).encoded().message)

    async def _try_to_send(self, message: Message) -> None:
        try:
            await self._send(message)
        except Exception as exc:
            logger.debug("%s not sent: %r", message["type"], exc)

"""The reader's socket: a position in the log, and one task that sends what comes after it.

A plain ASGI callable rather than a Channels consumer: a consumer hops through a thread for each
message, which is what makes a crowd slow. Catching up and live push are the same line of code, so
there is no gap between the two to reason about.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from contextlib import contextmanager, nullcontext
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from results.live import log
from results.live.hub import DRAIN_RECONNECT_SECONDS, FULL_RECONNECT_SECONDS, Hub, Stream, get_hub
from results.live.token_bucket import TokenBucket

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Codes of our own: Daphne's library lets an application send no registered one but 1000.
NO_SUCH_ELECTION = 4404
BAD_POSITION = 4400
#: The page is to load itself afresh, or has been told to come back in a while.
LOAD_AFRESH = 4012
#: There is no room here, and updates may be asked for.
NO_ROOM = 4013
#: Nothing can be sent over this socket.
SEND_FAILED = 4011
#: Readers have nothing to tell us.
TOO_BIG, TOO_MANY = 4009, 4008
#: What a reader may say all the same: some programs send a word now and then to keep a line open.
WORD, WORDS_A_MINUTE = 32, 60
#: Seconds after an error of sending within which a server says that the reader has left.
DISCONNECT_SECONDS = 3.0


async def reader_socket(scope: Message, receive: Receive, send: Send) -> None:
    """Serve ``/live/<election>/?since=<sequence>&epoch=<epoch>`` until either side leaves."""
    await receive()  # websocket.connect
    try:
        since, epoch = _position(scope)
    except ValueError:
        return await send({"type": "websocket.close", "code": BAD_POSITION})
    hub = get_hub()
    with _place(hub) as has_room:
        stream = await hub.open(scope["url_route"]["kwargs"]["slug"], since or 0, epoch)
        if stream is None:
            return await send({"type": "websocket.close", "code": NO_SUCH_ELECTION})
        await send({"type": "websocket.accept"})
        sender = _Sender(hub, stream, send, since, epoch)
        with _counted(stream) if has_room else nullcontext():
            return await _serve(sender, receive, has_room=has_room)


async def _serve(sender: "_Sender", receive: Receive, *, has_room: bool) -> None:
    """Send until the reader leaves or sending fails."""
    try:
        async with asyncio.TaskGroup() as tasks:
            work = sender.follow() if has_room else sender.hand_over()
            sending = tasks.create_task(sender.run(work))
            await _listen(receive, sender.close)
            sending.cancel()
    except* _SendFailed:
        await sender.give_up()


def _position(scope: Message) -> tuple[int | None, UUID | None]:
    """``since`` and ``epoch`` of the address; raises ValueError where they are not such."""
    query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
    since = query.get("since", [""])[0]
    if since and not (since.isascii() and since.isdigit() and len(since) < 10):
        raise ValueError(since)
    epoch = query.get("epoch", [""])[0]
    return (int(since) if since else None), (UUID(epoch) if epoch else None)


@contextmanager
def _place(hub: Hub) -> Iterator[bool]:
    """A place in this process, from before anything is waited for; False where all are taken."""
    if hub.draining:
        # Sent away at once: a process that counted whoever comes back to it would never end.
        yield True
        return
    if hub.is_full:
        hub.turned_away += 1
        yield False
        return
    hub.readers += 1
    try:
        yield True
    finally:
        hub.readers -= 1


@contextmanager
def _counted(stream: Stream) -> Iterator[None]:
    stream.readers += 1
    try:
        yield
    finally:
        stream.readers -= 1


async def _listen(receive: Receive, close: Callable[[int], Awaitable[None]]) -> None:
    """Until the reader leaves, or says more than a reader has to say."""
    words, since = 0, time.monotonic()
    while (message := await receive())["type"] != "websocket.disconnect":
        if time.monotonic() - since > 60:
            words, since = 0, time.monotonic()
        words += 1
        size = len(message.get("text") or message.get("bytes") or "")
        if size > WORD or words > WORDS_A_MINUTE:
            await close(TOO_BIG if size > WORD else TOO_MANY)
            return


class _SendFailed(Exception):
    """The sender of a socket failed although its reader is still there."""


class _Sender:
    """Sends one reader what comes after their position."""

    def __init__(
        self, hub: Hub, stream: Stream, send: Send, since: int | None, epoch: UUID | None
    ) -> None:
        self.hub, self.stream, self._send = hub, stream, send
        self.position = stream.sequence if since is None else since
        self.epoch = epoch or stream.epoch
        self._bucket = TokenBucket(time.monotonic())

    async def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work``; raises _SendFailed for any error while the reader is still there."""
        try:
            await work
        except Exception as exc:
            # A reader who leaves while a frame is on its way is no failure: the server then says
            # so within this time, and this task is cancelled.
            await asyncio.sleep(DISCONNECT_SECONDS)
            self.hub.send_failures.add(exc)
            raise _SendFailed from exc

    async def follow(self) -> None:
        """At once what the page lacks, then more whenever the stream wakes: news or a heartbeat."""
        while True:
            news = self.stream.news()
            wait = await self._send_frame()
            if wait is None:
                return await self.close(LOAD_AFRESH)
            if self.hub.draining:
                await self._say({"bye": {"in": DRAIN_RECONNECT_SECONDS}})
                return await self.close(LOAD_AFRESH)
            if wait:
                # What comes meanwhile goes out as one frame afterwards.
                await asyncio.sleep(wait)
            await news

    async def hand_over(self) -> None:
        """That the page is to ask for what comes later, there being no room; and what it lacks."""
        await self._say({"poll": {"return": FULL_RECONNECT_SECONDS}})
        lost = await self._send_frame() is None
        await self.close(LOAD_AFRESH if lost else NO_ROOM)

    async def give_up(self) -> None:
        """Close a socket that a frame failed on; its page is to ask for updates instead."""
        word = log.encode({"poll": {"return": FULL_RECONNECT_SECONDS}})
        await self._try_to_send({"type": "websocket.send", "text": word})
        await self.close(SEND_FAILED)

    async def close(self, code: int) -> None:
        """Close the socket from our side, unless it is closed already."""
        await self._try_to_send({"type": "websocket.close", "code": code})

    async def _send_frame(self) -> float | None:
        """The seconds to wait before the next; None where the page has to load itself afresh."""
        if self.epoch != self.stream.epoch:
            self.position = -1  # Nothing can be caught up from another epoch.
        found = self.stream.can_catch_up(self.position)
        text = self.stream.text_since(self.position)
        # Not after sending: a slow socket lets the log go on.
        self.position = self.stream.sequence
        await self._send_text(text)
        wait = self._bucket.spend(len(text), time.monotonic())
        return wait if found else None

    async def _say(self, word: log.Document) -> None:
        await self._send_text(log.encode(word))

    async def _send_text(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def _try_to_send(self, message: Message) -> None:
        try:
            await self._send(message)
        except Exception as exc:
            logger.debug("%s not sent: %r", message["type"], exc)

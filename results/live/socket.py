"""The reader's socket: a position in the log, and one task that sends what comes after it.

A plain ASGI callable rather than a Channels consumer: a consumer hops through a thread for each
message, which is what makes a crowd slow. Catching up and live push are the same line of code, so
there is no gap between the two to reason about.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from results.live.hub import Stream, hub_here

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NO_SUCH_ELECTION = 4404
BAD_POSITION = 4400
#: “Service restart”: the page has been told to load itself afresh.
LOAD_AFRESH = 1012


async def reader_socket(scope: Message, receive: Receive, send: Send) -> None:
    """Serve ``/live/<election>/?since=<sequence>&epoch=<epoch>`` until either side leaves."""
    await receive()  # websocket.connect
    try:
        since, epoch = _position(scope)
    except ValueError:
        return await send({"type": "websocket.close", "code": BAD_POSITION})
    stream = await hub_here().open(scope["url_route"]["kwargs"]["slug"], since or 0)
    if stream is None:
        return await send({"type": "websocket.close", "code": NO_SUCH_ELECTION})
    await send({"type": "websocket.accept"})
    stream.readers += 1
    sending = asyncio.create_task(_send_news(stream, send, since, epoch))
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass  # Readers have nothing to tell us.
    finally:
        stream.readers -= 1
        sending.cancel()


def _position(scope: Message) -> tuple[int | None, UUID | None]:
    """``since`` and ``epoch`` of the address; raises ValueError where they are not such."""
    query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
    since = query.get("since", [""])[0]
    if since and not (since.isascii() and since.isdigit() and len(since) < 10):
        raise ValueError(since)
    epoch = query.get("epoch", [""])[0]
    return (int(since) if since else None), (UUID(epoch) if epoch else None)


async def _send_news(stream: Stream, send: Send, since: int | None, epoch: UUID | None) -> None:
    """Send at once what the page lacks, then each time the stream wakes (news or a heartbeat)."""
    position = stream.sequence if since is None else since
    known_epoch = epoch or stream.epoch
    try:
        while True:
            news = stream.news()
            if known_epoch != stream.epoch:
                position = -1  # Nothing can be caught up from another epoch.
            text, lost = stream.text_since(position), not stream.can_catch_up(position)
            position = stream.sequence  # Not after sending: a slow socket lets the log go on.
            await send({"type": "websocket.send", "text": text})
            if lost:
                return await send({"type": "websocket.close", "code": LOAD_AFRESH})
            await news
    except Exception as gone:
        # The socket closed while we were sending; receive() ends the connection.
        logger.debug("reader left: %r", gone)

"""Limit what one connection costs Daphne, which has no limits of its own.

Daphne receives a whole request into memory and only then calls the application. It writes a whole
response to the connection, whether or not the client reads it. The subclasses here

- refuse a body that is too large before it is received (`body_limits`), and one for which the disk
  has no room: Daphne would close the connection, and say nothing;
- limit how long a request may take to arrive;
- copy no more of a response than the connection takes, start the next request only when the
  response has left, and cut off a client that reads nothing;
- limit the connections of one address.

This module and `daphne_frames` are the only ones that import Daphne.
"""

import asyncio
import io
import sys
from collections import Counter, deque
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar

from daphne import http_protocol
from django.conf import settings
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web import http

from electiondesk.body_limits import Incoming, Refusal, refusal_of
from electiondesk.client_network import client_network, parse_address
from electiondesk.lifecycle.timeouts import LINGER_SECONDS, STALLED_SECONDS
from electiondesk.proxies import is_trusted

#: Bytes that are written to the connection at once. A client has STALLED_SECONDS to read them.
CHUNK_BYTES = 64 * 1024
#: Bytes of all responses that wait to be written. Beyond this the oldest of them is cut off.
MAX_OWED_BYTES = 128 * 1024 * 1024
_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}


class BoundedChannel(http.HTTPChannel):
    """One HTTP connection, with limits on time and on buffered bytes."""

    #: Bytes still to be written by channel, the longest waiting first, and their sum.
    owing: ClassVar[dict["BoundedChannel", int]] = {}
    owed: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._deadline: Any = None
        #: Between two requests, when Twisted's own timeout applies.
        self._is_idle = False
        self._outgoing: deque[memoryview] = deque()
        self._stalled: Any = None
        #: The answered request whose response has not left yet.
        self._done: Any = None
        self._counted_as = ""

    # --- Time for a request to arrive ----------------------------------------------------

    def connectionMade(self) -> None:
        super().connectionMade()
        self._expect_within(settings.REQUEST_HEAD_SECONDS)

    def dataReceived(self, data: bytes) -> None:
        if self._is_idle:
            self._is_idle = False
            self._expect_within(settings.REQUEST_HEAD_SECONDS)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:
        self._expect_within(settings.REQUEST_BODY_SECONDS)
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        self._expect_within(None)
        super().allContentReceived()

    def _expect_within(self, seconds: float | None) -> None:
        """Close the connection unless this is called again within `seconds`."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.callLater(seconds, self.abort)

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abortConnection()

    # --- Refusals before the body is received ---------------------------------------------

    def _send100Continue(self) -> None:
        if self.requests and self.requests[-1].is_accepted:
            super()._send100Continue()

    def refuse(self, refusal: Refusal) -> None:
        """Send the refusal and discard what still arrives, until the client has read it."""
        head = b"HTTP/1.1 %d %s\r\n" % (refusal.status, refusal.status.phrase.encode())
        headers = b"".join(b"%s: %s\r\n" % pair for pair in refusal.headers)
        self.dataReceived = lambda data: None  # type: ignore[method-assign]  # stops reading
        self.setTimeout(None)
        self.transport.write(head + headers + b"\r\n" + refusal.body)
        self.transport.loseWriteConnection()
        self._networkProducer.resumeProducing()
        self._expect_within(LINGER_SECONDS)

    # --- Responses, written as fast as they are read ---------------------------------------

    def write(self, data: bytes) -> None:
        self.writeSequence([data])

    def writeSequence(self, iovec: list[bytes]) -> None:
        self._outgoing.extend(map(memoryview, iovec))
        self._pump()

    def _pump(self) -> None:
        while self._outgoing and not self._waitingForTransport:
            data = self._outgoing.popleft()
            if len(data) > CHUNK_BYTES:
                self._outgoing.appendleft(data[CHUNK_BYTES:])
            self.transport.write(bytes(data[:CHUNK_BYTES]))
        self._count_owed()
        if not self._outgoing and self._done is not None:
            request, self._done = self._done, None
            self._finish(request)

    def _count_owed(self) -> None:
        if not self._outgoing:
            self._forget_owed()
            return
        owed = sum(map(len, self._outgoing)) + CHUNK_BYTES
        BoundedChannel.owed += owed - self.owing.get(self, 0)
        self.owing[self] = owed
        if self._stalled is None:
            self._stalled = self.callLater(STALLED_SECONDS, self.abort)
        while BoundedChannel.owed > MAX_OWED_BYTES:
            slowest = next(iter(self.owing))
            slowest._forget_owed()
            slowest.abort()

    def _forget_owed(self) -> None:
        BoundedChannel.owed -= self.owing.pop(self, 0)
        if self._stalled is not None and self._stalled.active():
            self._stalled.cancel()
        self._stalled = None

    def resumeProducing(self) -> None:
        """Continue when the connection has sent what it was given."""
        super().resumeProducing()
        if self._stalled is not None and self._stalled.active():
            self._stalled.reset(STALLED_SECONDS)
        self._pump()

    def requestDone(self, request: Any) -> None:
        """Start the next request only when the response to this one has left."""
        if self._outgoing:
            self._done = request
        else:
            self._finish(request)

    def _finish(self, request: Any) -> None:
        self._is_idle = True
        super().requestDone(request)

    def connectionLost(self, reason: Failure) -> None:
        if self._done is not None:
            self.requests.remove(self._done)  # Daphne has already been told that it ended
            self._done = None
        self._outgoing.clear()
        self._forget_owed()
        self._expect_within(None)
        self.leave()
        super().connectionLost(reason)

    # --- Connections of one address --------------------------------------------------------

    def enter(self, name: str) -> None:
        self._counted_as = name
        self.factory.connections[name] += 1

    def leave(self) -> None:
        """Stop counting the connection: it was closed, or became a WebSocket (`socket_limits`)."""
        name, self._counted_as = self._counted_as, ""
        if name:
            self.factory.connections[name] -= 1
            if not self.factory.connections[name]:
                del self.factory.connections[name]


class BoundedRequest(http_protocol.WebRequest):
    """One request, whose body is received only once it is accepted."""

    def __init__(self, channel: BoundedChannel, *args: Any) -> None:
        # Twisted would parse a form into memory a second time, for applications of its own.
        super().__init__(channel, *args, parsePOSTFormSubmission=False)
        self.is_accepted = True
        self._refused = False
        self._check: asyncio.Task[None] | None = None
        self._received = 0
        #: The request line of a request that arrived whole before it was accepted.
        self._arrived: tuple[bytes, bytes, bytes] | None = None
        self._incoming: Incoming | None = None

    def gotLength(self, length: int | None) -> None:
        no_file: OSError | None = None
        try:
            super().gotLength(length)
        except OSError as exc:
            no_file = exc
            self.content = io.BytesIO()
        if length == 0:
            return
        headers = tuple(
            (name.lower(), value)
            for name, values in self.requestHeaders.getAllRawHeaders()
            for value in values
        )
        path = self.channel._path.partition(b"?")[0].decode("latin-1")
        self._incoming = Incoming(self.channel._command.decode("latin-1"), path, headers)
        if no_file is not None:
            self._cannot_store(self._incoming, no_file)
        elif self._incoming.needs_sign_in:
            self.is_accepted = False
            self.channel._networkProducer.pauseProducing()
            self._check = asyncio.ensure_future(self._check_sender(self._incoming))
        elif length is not None and length > self._incoming.limit:
            self._refuse(self._incoming.too_large())

    async def _check_sender(self, incoming: Incoming) -> None:
        """Receive the body if its sender is signed in; refuse it otherwise."""
        refusal = await refusal_of(incoming)
        if self._disconnected or self.channel is None or self._refused:
            return
        if refusal is not None:
            self._refuse(refusal)
            return
        self.is_accepted = True
        expects = self.requestHeaders.getRawHeaders(b"Expect") or [b""]
        if expects[0].lower() == b"100-continue":
            self.channel._send100Continue()
        self.channel._networkProducer.resumeProducing()
        if self._arrived is not None:
            self.requestReceived(*self._arrived)

    def _refuse(self, refusal: Refusal) -> None:
        self.is_accepted, self._refused = False, True
        self.channel.refuse(refusal)

    def handleContentChunk(self, data: bytes) -> None:
        if self._refused:
            return
        self._received += len(data)
        if self._incoming is not None and self._received > self._incoming.limit:
            self._refuse(self._incoming.too_large())
            return
        try:
            super().handleContentChunk(data)
            # Or the end of it is written, and fails, where nothing can be answered.
            self.content.flush()
        except OSError as exc:
            file, self.content = self.content, io.BytesIO()
            with suppress(OSError):  # it writes again
                file.close()
            if self._incoming is None:
                raise
            self._cannot_store(self._incoming, exc)

    def _cannot_store(self, incoming: Incoming, exc: OSError) -> None:
        """Refuse a body for which the disk of temporary files has no room."""
        self._refuse(incoming.no_room(exc))

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self._refused:
            return
        if self.is_accepted:
            super().requestReceived(command, path, version)
        else:
            self._arrived = (command, path, version)

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:
        """Name the statuses that Twisted has no phrase for, such as 422 and 429."""
        super().setResponseCode(code, message or _PHRASES.get(code))

    def process(self) -> Any:
        if self.requestHeaders.hasHeader(b"Upgrade"):
            self.channel.leave()
        return super().process()


class BoundedFactory(http_protocol.HTTPFactory):
    """Creates connections and counts those of each address."""

    protocol = BoundedChannel

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.connections: Counter[str] = Counter()

    def buildProtocol(self, addr: IAddress) -> BoundedChannel | None:
        name = _counted_as(addr)
        if name and self.connections[name] >= settings.SOCKETS_PER_ADDRESS:
            return None
        channel: BoundedChannel = super().buildProtocol(addr)
        channel.requestFactory = BoundedRequest
        if name:
            channel.enter(name)
        return channel


def _counted_as(addr: IAddress) -> str:
    """Return the address that a connection is counted under; empty for a trusted proxy."""
    ip = parse_address(str(getattr(addr, "host", "")))
    return "" if ip is None or is_trusted(ip) else client_network(ip)


def install() -> None:
    """Put the limits into Daphne, if this process runs it. Call before it listens."""
    server: Any = sys.modules.get("daphne.server")
    if server is not None:
        from electiondesk import daphne_frames

        server.HTTPFactory = BoundedFactory
        daphne_frames.install()

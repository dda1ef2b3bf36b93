"""Bounds on what one connection costs Daphne, which has none of its own.

Daphne receives a request whole, keeps it in memory and only then calls the application; it hands
over a response whole, whether or not anybody reads it. Here, before and after the application:

- a body that is too large is refused before it is received (`body_limits`);
- a request that arrives a byte at a time has an end;
- of a response no more is copied than the connection takes, the next request waits until it has
  left, and whoever reads nothing is cut off;
- one address has so many connections.

Imports the server, which nothing else of the project does.
"""

import asyncio
import ipaddress
import sys
from collections import Counter, deque
from typing import Any, ClassVar

from daphne import http_protocol
from django.conf import settings
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web import http

from electiondesk.body_limits import LINGER_SECONDS, Incoming, Refusal, refusal_of
from electiondesk.proxies import address

#: Bytes that are given to the connection at once.
PIECE = 64 * 1024
#: Seconds in which a reader has to take in a piece.
STALLED_SECONDS = 60.0
#: Bytes of responses in all that have not been taken in. Beyond, who stalls longest is cut off.
OWED_BYTES = 128 * 1024 * 1024


class BoundedChannel(http.HTTPChannel):
    """One HTTP connection."""

    #: Those with something left to send, in the order in which they began to owe it, and how much.
    owing: ClassVar[dict["BoundedChannel", int]] = {}
    #: The sum of it.
    owed: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._deadline: Any = None
        #: Between two requests: silence is bounded by Twisted itself.
        self._is_idle = False
        self._outgoing: deque[memoryview] = deque()
        self._stalled: Any = None
        self._done: Any = None
        self._counted_as = ""

    # --- How long a request may take to arrive --------------------------------------------

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
        """Cut the connection off unless this is called again by then."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.callLater(seconds, self.abort)

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abortConnection()

    # --- What is refused before it is received ---------------------------------------------

    def _send100Continue(self) -> None:
        if self.requests and self.requests[-1].may_come:
            super()._send100Continue()

    def refuse(self, refusal: Refusal) -> None:
        """Answer, and read no more: what comes is thrown away until the other side has read it."""
        head = b"HTTP/1.1 %d %s\r\n" % (refusal.status, refusal.status.phrase.encode())
        lines = b"".join(b"%s: %s\r\n" % pair for pair in refusal.headers)
        self.dataReceived = lambda data: None  # type: ignore[method-assign]
        self.setTimeout(None)
        self.transport.write(head + lines + b"\r\n" + refusal.body)
        self.transport.loseWriteConnection()
        self._networkProducer.resumeProducing()
        self._expect_within(LINGER_SECONDS)

    # --- What is sent, as fast as it is read -----------------------------------------------

    def write(self, data: bytes) -> None:
        self._outgoing.append(memoryview(data))
        self._pump()

    def writeSequence(self, iovec: list[bytes]) -> None:
        self._outgoing.extend(map(memoryview, iovec))
        self._pump()

    def _pump(self) -> None:
        while self._outgoing and not self._waitingForTransport:
            waiting = self._outgoing.popleft()
            if len(waiting) > PIECE:
                self._outgoing.appendleft(waiting[PIECE:])
            self.transport.write(bytes(waiting[:PIECE]))
        self._owe()
        if not self._outgoing and self._done is not None:
            request, self._done = self._done, None
            self._finish(request)

    def _owe(self) -> None:
        if not self._outgoing:
            self._owe_nothing()
            return
        owed = sum(map(len, self._outgoing)) + PIECE
        BoundedChannel.owed += owed - self.owing.get(self, 0)
        self.owing[self] = owed
        if self._stalled is None:
            self._stalled = self.callLater(STALLED_SECONDS, self.abort)
        while BoundedChannel.owed > OWED_BYTES:
            slowest = next(iter(self.owing))
            slowest._owe_nothing()
            slowest.abort()

    def _owe_nothing(self) -> None:
        BoundedChannel.owed -= self.owing.pop(self, 0)
        if self._stalled is not None and self._stalled.active():
            self._stalled.cancel()
        self._stalled = None

    def resumeProducing(self) -> None:
        """Everything that the connection was given has been taken in."""
        super().resumeProducing()
        if self._stalled is not None and self._stalled.active():
            self._stalled.reset(STALLED_SECONDS)
        self._pump()

    def requestDone(self, request: Any) -> None:
        """The next request begins when the response to this one has left."""
        if self._outgoing:
            self._done = request
        else:
            self._finish(request)

    def _finish(self, request: Any) -> None:
        self._is_idle = True
        super().requestDone(request)

    def connectionLost(self, reason: Failure) -> None:
        if self._done is not None:
            self.requests.remove(self._done)  # answered: its end has been noted
            self._done = None
        self._outgoing.clear()
        self._owe_nothing()
        self._expect_within(None)
        self.leave()
        super().connectionLost(reason)

    # --- How many there are of one address -------------------------------------------------

    def enter(self, name: str) -> None:
        self._counted_as = name
        self.factory.connections[name] += 1

    def leave(self) -> None:
        """Closed, or a WebSocket from now on, which is counted by the application."""
        name, self._counted_as = self._counted_as, ""
        if name:
            self.factory.connections[name] -= 1
            if not self.factory.connections[name]:
                del self.factory.connections[name]


class BoundedRequest(http_protocol.WebRequest):
    """One request, whose body is received once it is known to be taken."""

    def __init__(self, channel: BoundedChannel, *args: Any) -> None:
        # Twisted would read a form into memory a second time, for a kind of application that this
        # is not.
        super().__init__(channel, *args, parsePOSTFormSubmission=False)
        self.may_come = True
        self._refused = False
        self._asked: asyncio.Task[None] | None = None
        self._received = 0
        self._whole: tuple[bytes, bytes, bytes] | None = None
        self._incoming: Incoming | None = None

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        if length == 0:
            return
        headers = tuple(
            (name.lower(), value)
            for name, values in self.requestHeaders.getAllRawHeaders()
            for value in values
        )
        path = self.channel._path.partition(b"?")[0].decode("latin-1")
        method = self.channel._command.decode("latin-1")
        self._incoming = Incoming(method, path, headers)
        if self._incoming.needs_sign_in:
            self.may_come = False
            self.channel._networkProducer.pauseProducing()
            self._asked = asyncio.ensure_future(self._ask(self._incoming))
        elif length is not None and length > self._incoming.limit:
            self._refuse(self._incoming.too_large())

    async def _ask(self, incoming: Incoming) -> None:
        """Go on with the body where its sender is signed in."""
        refusal = await refusal_of(incoming)
        if self._disconnected or self.channel is None:
            return
        if refusal is not None:
            self._refuse(refusal)
            return
        self.may_come = True
        expects = self.requestHeaders.getRawHeaders(b"Expect") or [b""]
        if expects[0].lower() == b"100-continue":
            self.channel._send100Continue()
        self.channel._networkProducer.resumeProducing()
        if self._whole is not None:
            self.requestReceived(*self._whole)

    def _refuse(self, refusal: Refusal) -> None:
        self.may_come, self._refused = False, True
        self.channel.refuse(refusal)

    def handleContentChunk(self, data: bytes) -> None:
        if self._refused:
            return
        self._received += len(data)
        if self._incoming is not None and self._received > self._incoming.limit:
            self._refuse(self._incoming.too_large())
            return
        super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self._refused:
            return
        if self.may_come:
            super().requestReceived(command, path, version)
        else:
            self._whole = (command, path, version)

    def process(self) -> Any:
        if self.requestHeaders.hasHeader(b"Upgrade"):
            self.channel.leave()
        return super().process()


class BoundedFactory(http_protocol.HTTPFactory):
    """Connections, and how many there are of each address."""

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
    """The address that a connection is counted under; empty for a proxy of ours."""
    found = address(str(getattr(addr, "host", "")))
    if found is None or any(found in network for network in settings.TRUSTED_PROXIES):
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def install() -> None:
    """From now on, for a Daphne that has not begun to listen in this process."""
    server: Any = sys.modules.get("daphne.server")
    if server is not None:
        server.HTTPFactory = BoundedFactory

"""Limit the sockets of one address, and how fast it opens them, in this process.

The limits are generous: a counting hall, an office or a mobile network's gateway is one address. A
socket beyond them is refused before it is accepted, which costs nothing; the page tries once more,
and then polls.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from django.conf import settings

from electiondesk.client_network import client_network
from electiondesk.proxies import (
    PASSED_ON,
    Application,
    Receive,
    Scope,
    Send,
    peer_of,
)

logger = logging.getLogger(__name__)

#: An address saves up the openings of this many seconds, for when all its readers come back.
SAVED_SECONDS = 2.0
SWEEP_SECONDS = 10.0


@dataclass(slots=True)
class _Address:
    at: float
    saved: float
    open: int = 0


class SocketCounter:
    """Open sockets and a token bucket of openings for each address."""

    def __init__(self, most: int, per_second: int, clock: Callable[[], float]) -> None:
        self.most, self.per_second, self.clock = most, per_second, clock
        self.addresses: dict[str, _Address] = {}
        self.swept = clock()

    def admit(self, name: str) -> bool:
        """Count one more socket from `name`, or return False. An admitted one is to be released."""
        now = self.clock()
        self._sweep(now)
        most_saved = self.per_second * SAVED_SECONDS
        address = self.addresses.setdefault(name, _Address(at=now, saved=most_saved))
        address.saved = min(most_saved, address.saved + (now - address.at) * self.per_second)
        address.at = now
        if address.open >= self.most or address.saved < 1:
            return False
        address.saved -= 1
        address.open += 1
        return True

    def release(self, name: str) -> None:
        self.addresses[name].open -= 1

    def _sweep(self, now: float) -> None:
        """Forget addresses that have no socket and a full bucket."""
        if now - self.swept < SWEEP_SECONDS:
            return
        self.swept = now
        self.addresses = {
            name: address
            for name, address in self.addresses.items()
            if address.open or now - address.at < SAVED_SECONDS
        }


class SocketLimits:
    """ASGI middleware that refuses sockets of an address beyond its limits (code 1013)."""

    def __init__(
        self, application: Application, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._application = application
        self._counter = SocketCounter(
            settings.SOCKETS_PER_ADDRESS, settings.SOCKET_OPENS_PER_SECOND, clock
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        name = counted_as(scope)
        if name is None:
            return self._application(scope, receive, send)
        if self._counter.admit(name):
            return self._serve(name, scope, receive, send)
        logger.info("a socket too many from %s", name)
        return _refuse(receive, send)

    async def _serve(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            serving = self._application(scope, receive, send)
            del scope  # or this coroutine would keep it for as long as the socket is open
            await serving
        finally:
            self._counter.release(name)


async def _refuse(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1013})


def counted_as(scope: Scope) -> str | None:
    """Return the address a client is counted under; None for this machine without a proxy."""
    peer = peer_of(scope)
    if peer is None:
        return "unknown"
    return None if peer.is_loopback and not scope.get(PASSED_ON) else client_network(peer)

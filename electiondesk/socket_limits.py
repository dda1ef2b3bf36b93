"""How many sockets one address may have open, and how fast it may open them, in this process.

Generous: a hall, an office, a mobile network's gate are one address each. A socket too many is
refused before it is accepted, which costs nothing; the page tries once more, and then polls.
"""

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from electiondesk.proxies import PASSED_ON, Application, Scope, address

logger = logging.getLogger(__name__)

#: An address may save up as many openings as it is given in this time, for when all come back.
SAVED_SECONDS = 2.0
SWEEP_SECONDS = 10.0


@dataclass(slots=True)
class _Address:
    at: float
    saved: float
    open: int = 0


class SocketLimits:
    """Counts by address; an IPv6 network of one household is one address."""

    def __init__(self, most: int, per_second: int, clock: Callable[[], float]) -> None:
        self.most, self.per_second, self.clock = most, per_second, clock
        self.addresses: dict[str, _Address] = {}
        self.swept = clock()

    def admit(self, name: str) -> bool:
        """Count one socket more from ``name``, or say no. Each one admitted is to be released."""
        now = self.clock()
        self._sweep(now)
        most_saved = self.per_second * SAVED_SECONDS
        one = self.addresses.setdefault(name, _Address(at=now, saved=most_saved))
        one.saved = min(most_saved, one.saved + (now - one.at) * self.per_second)
        one.at = now
        if one.open >= self.most or one.saved < 1:
            return False
        one.saved -= 1
        one.open += 1
        return True

    def release(self, name: str) -> None:
        self.addresses[name].open -= 1

    def _sweep(self, now: float) -> None:
        """Forget who has no socket and has saved up all there is to save."""
        if now - self.swept < SWEEP_SECONDS:
            return
        self.swept = now
        idle = [name for name, one in self.addresses.items() if not one.open and self._is_old(one)]
        for name in idle:
            del self.addresses[name]

    def _is_old(self, one: _Address) -> bool:
        return self.clock() - one.at >= SAVED_SECONDS


def limited_by_address(
    application: Application, *, clock: Callable[[], float] = time.monotonic
) -> Application:
    """``application``, for no more sockets of one address than the settings allow."""
    limits = SocketLimits(settings.SOCKETS_PER_ADDRESS, settings.SOCKET_OPENS_PER_SECOND, clock)

    async def admitted(scope: Scope, receive: Any, send: Any) -> None:
        name = counted_as(scope)
        if name is None:
            await application(scope, receive, send)
        elif limits.admit(name):
            try:
                await application(scope, receive, send)
            finally:
                limits.release(name)
        else:
            logger.info("a socket too many from %s", name)
            await receive()
            await send({"type": "websocket.close", "code": 1013})

    return admitted


def counted_as(scope: Scope) -> str | None:
    """The address a socket is counted under; None for this very machine, asking without a proxy."""
    client = scope.get("client")
    found = address(str(client[0])) if client else None
    if found is None:
        return "unknown"
    if found.is_loopback and not scope.get(PASSED_ON):
        return None
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)

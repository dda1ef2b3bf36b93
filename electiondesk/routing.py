"""Route ASGI connections: requests to Django, sockets at `/live/<election>/` to the readers' own.

Plain functions that return the next application's coroutine, as the middleware for sockets does: a
coroutine here, and a copy of the scope, would stay in memory for as long as a socket is open.
Channels' routers keep both, 1.4 kB for each of ten thousand readers.
"""

import re
from collections.abc import Awaitable, Mapping

from electiondesk.proxies import Application, Receive, Scope, Send

LIVE = re.compile(r"/live/(?P<slug>[-\w]+)/", re.ASCII)


class ByType:
    """Route by the type of the connection: "http" or "websocket"."""

    def __init__(self, applications: Mapping[str, Application]) -> None:
        self._applications = applications

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self._applications[scope["type"]](scope, receive, send)


class LiveSockets:
    """Route sockets at `/live/<slug>/`, and refuse all others; the slug is in `url_route`."""

    def __init__(self, socket: Application) -> None:
        self._socket = socket

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        match = LIVE.fullmatch(scope["path"])
        if match is None:
            return refuse_socket(scope, receive, send)
        scope["url_route"] = {"kwargs": match.groupdict()}
        return self._socket(scope, receive, send)


async def refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a socket at an unknown address with 403."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})

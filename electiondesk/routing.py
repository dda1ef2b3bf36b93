"""Route ASGI connections: requests to Django, sockets by their path.

Readers' sockets are at `/live/<election>/`. Those of people who are signed in are below `/count/`
and `/admin/`, as their pages are.

Plain functions that return the next application's coroutine, as the middleware for sockets does: a
coroutine here, and a copy of the scope, would stay in memory for as long as a socket is open.
Channels' routers keep both, 1.4 kB for each of ten thousand readers.
"""

import re
from collections.abc import Awaitable, Mapping, Sequence

from electiondesk.proxies import Application, Receive, Scope, Send
from results.models.languages import OF_SEGMENT

#: The address of the election's page, which may begin with a language: `/live/cy/<election>/`.
LIVE = re.compile(rf"/live/(?P<slug>(?:(?:{'|'.join(OF_SEGMENT)})/)?[-\w]+)/", re.ASCII)
COUNTS = re.compile(r"/count/socket/")
NIGHT = re.compile(r"/admin/night/(?P<election>[0-9]{1,9})/socket/", re.ASCII)


class ByType:
    """Route by the type of the connection: "http" or "websocket"."""

    def __init__(self, applications: Mapping[str, Application]) -> None:
        self._applications = applications

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self._applications[scope["type"]](scope, receive, send)


class Sockets:
    """Route sockets by their path, and refuse all others; the path's groups are in `url_route`."""

    def __init__(self, routes: Sequence[tuple[re.Pattern[str], Application]]) -> None:
        self._routes = routes

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        for pattern, socket in self._routes:
            if match := pattern.fullmatch(scope["path"]):
                scope["url_route"] = {"kwargs": match.groupdict()}
                return socket(scope, receive, send)
        return refuse_socket(scope, receive, send)


async def refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a socket at an unknown address with 403."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})

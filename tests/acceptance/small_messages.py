"""ASGI application: the desk under a Daphne that limits messages to a kilobyte.

Its readers are sent messages. A frame that was built once for many readers has no such limit.
"""

from typing import Any

from daphne.server import Server

from electiondesk.asgi import application as desk
from results.live.frames import SEND_FRAME

LARGEST = 1024

_run = Server.run


def _run_limited(server: Any) -> None:
    server.websocket_max_message_size = LARGEST
    _run(server)


# Daphne imports the application first and makes its server then.
Server.run = _run_limited


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    scope.get("extensions", {}).pop(SEND_FRAME, None)
    await desk(scope, receive, send)

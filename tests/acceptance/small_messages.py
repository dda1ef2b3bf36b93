"""ASGI application: the desk under a Daphne that limits messages to a kilobyte."""

from typing import Any

from daphne.server import Server

from electiondesk.asgi import application as application

LARGEST = 1024

_run = Server.run


def _run_limited(server: Any) -> None:
    server.websocket_max_message_size = LARGEST
    _run(server)


# Daphne imports the application first and makes its server then.
Server.run = _run_limited

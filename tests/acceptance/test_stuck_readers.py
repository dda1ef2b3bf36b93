"""A reader who does not read holds up what is sent to that reader, and nobody else."""

import json
from collections.abc import Callable
from contextlib import ExitStack

from websockets.sync.client import ClientConnection, connect

from tests.acceptance.many_messages import MESSAGES
from tests.processes import START_SECONDS
from tests.servers import Server


def reader(desk: Server, name: str) -> ClientConnection:
    """Open a socket. At most one message is read from the connection before it is asked for."""
    return connect(
        desk.socket_url(f"/?{name}"),
        open_timeout=START_SECONDS,
        max_queue=1,
        ping_interval=None,
        compression=None,
    )


def test_uvicorn_does_not_buffer_for_a_stuck_reader(make_desk: Callable[..., Server]) -> None:
    """Otherwise phones that are asleep would fill the server's memory."""
    desk = make_desk(program="uvicorn")
    desk.application = "tests.acceptance.many_messages:application"
    with desk, ExitStack() as stack:
        stuck = stack.enter_context(reader(desk, "stuck"))
        reading = stack.enter_context(reader(desk, "reading"))
        assert sum(1 for _message in reading) == MESSAGES
        taken = json.loads(desk.get("/"))
        assert taken["reading"] == MESSAGES
        assert taken["stuck"] < MESSAGES / 2
        # Nothing was dropped: a reader who wakes up gets the rest.
        assert sum(1 for _message in stuck) == MESSAGES

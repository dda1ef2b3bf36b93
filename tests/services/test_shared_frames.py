"""Frames that are built once and written to many connections, on both servers.

The client is the `websockets` library, which refuses whatever is no valid frame of a server.
"""

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.processes import START_SECONDS
from tests.servers import Server
from tests.services.frames_application import CLOSED, MOST, payload

#: Around each length of a frame's header, and more than the socket's buffers hold.
SIZES = (1, 125, 126, 127, 65535, 65536, 300_000)
BIG = 64 * 1024
#: How late a slow reader begins to read, longer than the second that autobahn waits by default.
SLOW_SECONDS = 2


@pytest.fixture(params=["daphne", "uvicorn"])
def desk(make_desk: Callable[..., Server], request: pytest.FixtureRequest) -> Server:
    desk = make_desk(program=request.param)
    desk.application = "tests.services.frames_application:application"
    desk.start()
    return desk


def client(desk: Server) -> AbstractContextManager[ClientConnection]:
    """Connect without compression and without reading ahead, so that this is a slow reader."""
    return connect(
        desk.socket_url("/frames/"),
        open_timeout=START_SECONDS,
        origin=Origin(desk.origin),
        max_size=None,
        max_queue=1,
    )


def messages_until_close(reader: ClientConnection) -> Iterator[str | bytes]:
    """Yield messages until the connection is closed, with whatever code."""
    with suppress(ConnectionClosed):
        while True:
            yield reader.recv()


def is_over(desk: Server, command: str) -> None:
    """Wait for the application's end, and look for failures in the server's output."""
    desk.wait_until(lambda: f"{command} is over" in desk.output())
    assert "Traceback" not in desk.output()


def test_frames_of_every_length_arrive_in_order_with_messages(desk: Server) -> None:
    ways = [(way, size) for size in SIZES for way in ("text frame", "message", "binary frame")]
    with client(desk) as reader:
        reader.send(json.dumps(["send", ways]))
        for number, (way, size) in enumerate(ways):
            message = reader.recv()
            assert isinstance(message, bytes) == (way == "binary frame")
            content = message.decode() if isinstance(message, bytes) else message
            assert content == payload(number, size)
    is_over(desk, "send")


def test_slow_reader_gets_what_was_taken_and_then_messages(desk: Server) -> None:
    """uvicorn takes no more frames once its buffer is full; Daphne buffers them."""
    with client(desk) as reader:
        reader.send(json.dumps(["fill", BIG, False]))
        desk.wait_until(lambda: "filled" in desk.output())
        received = []
        while not (message := str(reader.recv())).startswith("taken"):
            received.append(message)
    assert message == f"taken {len(received)}"
    assert received == [payload(number, BIG) for number in range(len(received))]
    assert (len(received) < MOST) == (desk.program == "uvicorn")
    is_over(desk, "fill")


def test_close_comes_after_queued_frames(desk: Server) -> None:
    """However slow the reader is: a connection was cut one second after the close was queued."""
    with client(desk) as reader:
        reader.send(json.dumps(["fill", BIG, True]))
        desk.wait_until(lambda: "filled" in desk.output())
        closed_at = time.monotonic()
        desk.wait_until(lambda: time.monotonic() > closed_at + SLOW_SECONDS)
        received = list(messages_until_close(reader))
        assert reader.close_code == CLOSED
    assert received == [payload(number, BIG) for number in range(len(received))]
    assert received
    is_over(desk, "fill")


def test_takes_nothing_more_for_a_client_that_vanished(desk: Server) -> None:
    with client(desk) as reader:
        reader.send(json.dumps(["flood"]))
        reader.recv()
        # Closed with a reset, and with nothing that WebSocket clients say before.
        reset = struct.pack("ii", 1, 0)
        reader.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        reader.socket.close()
    is_over(desk, "flood")

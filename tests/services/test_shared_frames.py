"""Frames that are built once and written to many connections, and hostile ones, on both servers.

The client is the `websockets` library, which refuses whatever is no valid frame of a server.
"""

import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.processes import START_SECONDS
from tests.servers import Server
from tests.services.frames_application import CLOSED, MOST, payload

#: Around each length of a frame's header, and more than the socket's buffers hold.
SIZES = (1, 125, 126, 127, 65535, 65536, 300_000)
#: More than Daphne's own limit of what is received, which is one of what is sent as well.
OVER_THE_LIMIT = 1_500_000
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
    # A message waits for those before it to be written, a frame does not.
    ways.append(("message", OVER_THE_LIMIT))
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


def opened(desk: Server) -> socket.socket:
    """A raw connection to a reader's socket."""
    connection = socket.create_connection(("127.0.0.1", desk.port), timeout=START_SECONDS)
    head = [
        *("GET /frames/ HTTP/1.1", f"Host: 127.0.0.1:{desk.port}", f"Origin: {desk.origin}"),
        *("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
        *("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""),
    ]
    connection.sendall("\r\n".join(head).encode())
    assert connection.recv(len(b"HTTP/1.1 101")) == b"HTTP/1.1 101"
    return connection


def masked(first_byte: int, payload: bytes) -> bytes:
    """A client's frame, with a mask that changes nothing."""
    return bytes([first_byte, 0x80 | len(payload)]) + bytes(4) + payload


def is_cut(connection: socket.socket, frames: bytes, times: int) -> bool:
    """Whether the server ends the connection while frames are sent and nothing is read."""
    try:
        for _ in range(times):
            connection.sendall(frames)
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def test_cuts_off_pings_of_a_client_that_does_not_read(desk: Server) -> None:
    """Their answers were stored: each connection took as much memory as it sent."""
    with closing(opened(desk)) as connection:
        connection.settimeout(START_SECONDS)
        assert is_cut(connection, masked(0x89, b"x" * 125) * 1000, times=200)


def test_cuts_off_a_message_of_endless_fragments(desk: Server) -> None:
    with closing(opened(desk)) as connection:
        connection.settimeout(START_SECONDS)
        assert is_cut(connection, masked(0x02, b"x") + masked(0x00, b"x") * 5000, times=1)


def test_answers_pings_of_a_client_that_reads(desk: Server) -> None:
    with client(desk) as reader:
        for _ in range(200):
            assert reader.ping().wait(START_SECONDS)
        reader.send(json.dumps(["send", []]))
    is_over(desk, "send")


#: A message of empty fragments, without a network: how many of them each protocol holds.
EMPTY_FRAGMENTS = """
from websockets.frames import Frame, Opcode
from electiondesk import daphne_frames, uvicorn_frames
daphne = object.__new__(daphne_frames.SharedFramesProtocol)
daphne.failedByMe, daphne.maxMessagePayloadSize, daphne.maxFramePayloadSize = False, 0, 0
daphne.websocket_version = 13
daphne.onMessageBegin(True)
uvicorn = object.__new__(uvicorn_frames.SharedFramesProtocol)
uvicorn.frames = [b""]
for _ in range(100):
    daphne.onMessageFrameBegin(0)
    daphne.onMessageFrameData(b"")
    daphne.onMessageFrameEnd()
    uvicorn.handle_cont(Frame(Opcode.CONT, b"", fin=False))
print(len(daphne.message_data), len(uvicorn.frames))
"""


def test_keeps_no_empty_fragments() -> None:
    """They are within any size, and there may be any number of them."""
    command = [sys.executable, "-c", EMPTY_FRAGMENTS]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "1 1\n"

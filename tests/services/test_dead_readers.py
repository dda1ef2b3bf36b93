"""Sockets of clients that vanished are closed and no longer counted."""

import base64
import os
import re
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest

from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server

READERS = 10


def dead_reader(desk: Server) -> socket.socket:
    """Open a socket as a page does, and never read from it again."""
    connection = socket.create_connection(("127.0.0.1", desk.port), timeout=START_SECONDS)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /live/ge/?since=0 HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Origin: {desk.origin}\r\n\r\n".encode()
    )
    assert connection.recv(12) == b"HTTP/1.1 101"
    return connection


def read_to_the_end(connection: socket.socket) -> None:
    """Return once the server has closed the connection, and answer none of its pings."""
    with suppress(ConnectionResetError):
        while connection.recv(2**16):
            pass


def readers(desk: Server) -> int:
    match = re.search(r'^desk_readers\{election="ge"\} (\d+)', desk.get("/metrics"), re.MULTILINE)
    return int(match[1]) if match else 0


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_closes_sockets_of_dead_clients(make_desk: Callable[..., Server], server: str) -> None:
    """With a ping each second; by default it takes 40 seconds at most."""
    options = ("--ping-seconds", "1")
    with make_desk(program=server, options=options) as desk, ExitStack() as lines:
        assert desk.process is not None
        desk.seed(counts.seat)
        opened = [lines.enter_context(dead_reader(desk)) for _reader in range(READERS)]
        for connection in opened:
            read_to_the_end(connection)
        desk.wait_until(lambda: readers(desk) == 0)
        assert "Traceback" not in desk.output()


@pytest.mark.services
def test_dashboard_counts_readers_of_all_processes(
    make_desk: Callable[..., Server], postgres_url: str
) -> None:
    # No reader is found dead while the other process starts.
    options = ("--ping-seconds", "600")
    both = [make_desk(database_url=postgres_url, options=options) for _process in range(2)]
    both[0].seed(counts.seat)
    with ExitStack() as lines:
        for desk in both:
            lines.enter_context(desk)
            for _reader in range(READERS):
                lines.enter_context(dead_reader(desk))
        both[0].wait_until(
            lambda: [*both[0].seed(counts.readers_and_processes)] == [2 * READERS, 2]
        )

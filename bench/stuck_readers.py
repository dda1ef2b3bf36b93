"""Memory for readers who do not read from their sockets, beside as many who do.

A phone that is asleep with its socket open reads nothing, and the server buffers what it is given.
"""

import base64
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass

from bench.night import MESSAGES, Prepared
from bench.rig import DESK_ON_DAPHNE, DESK_ON_UVICORN, Rig, ServerKind, crowd

READERS = 100
BULLETINS = 50
READING, STUCK = "readers who read", "readers who are stuck"


@dataclass(frozen=True)
class StuckReaders:
    """Growth of the server's memory in kB for each reader, after `bulletins`."""

    server: str
    readers: str
    memory: float
    bulletins: int


def stuck_readers(prepared: Prepared) -> list[StuckReaders]:
    assert BULLETINS < MESSAGES
    return [
        StuckReaders(kind.name, readers, _memory(prepared, kind, readers, connect), BULLETINS)
        for kind in (DESK_ON_UVICORN, DESK_ON_DAPHNE)
        for readers, connect in ((READING, _connect_reading), (STUCK, _connect_stuck))
    ]


def _memory(
    prepared: Prepared, kind: ServerKind, readers: str, connect: Callable[[ExitStack, Rig], None]
) -> float:
    folder = prepared.copy(f"{kind.program}-{readers.replace(' ', '-')}")
    with Rig(kind, folder, None) as rig, ExitStack() as stack:
        rig.publish()  # The first message opens connections that later ones use.
        connect(stack, rig)
        before = rig.memory
        for _bulletin in range(BULLETINS):
            rig.publish()
        return (rig.memory - before) / READERS / 1024


def _connect_reading(stack: ExitStack, rig: Rig) -> None:
    stack.enter_context(crowd(rig, rig.kind.socket_path, READERS))


def _connect_stuck(stack: ExitStack, rig: Rig) -> None:
    for _reader in range(READERS):
        connection = socket.socket()
        # The smallest buffer that the kernel allows: what it holds is not the server's memory.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", rig.port))
        stack.enter_context(closing(connection))
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(
            f"GET {rig.kind.socket_path} HTTP/1.1\r\nHost: 127.0.0.1:{rig.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {rig.origin}\r\n\r\n".encode()
        )
        assert connection.recv(12) == b"HTTP/1.1 101"

"""What readers cost whose line does not move, beside as many whose line does.

A phone asleep with its socket open reads nothing; the server hoards for it what it is given.
"""

import base64
import os
import socket
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass

from bench.fanout import HUB, Rig, crowd
from bench.night import ELECTION, MESSAGES, Prepared
from bench.rigs import PUBLISH

READERS = 100
BULLETINS = 50


@dataclass(frozen=True)
class Stuck:
    """kB of the server's memory to a reader, after so many bulletins of so many kB in all."""

    who: str
    memory: float
    bulletins: int


def stuck(prepared: Prepared) -> list[Stuck]:
    assert BULLETINS < MESSAGES
    return [
        Stuck(who, _memory(prepared, who, come), BULLETINS)
        for who, come in (("readers who read", _reading), ("readers who are stuck", _sleeping))
    ]


def _memory(prepared: Prepared, who: str, come: Callable[[ExitStack, Rig], None]) -> float:
    folder = prepared.copy(who.replace(" ", "-"))
    with Rig(HUB, folder, prepared.frames) as rig, ExitStack() as stack:
        _publish(rig)  # The first opens what later ones use.
        come(stack, rig)
        before = rig.usage.memory_info().rss
        for _bulletin in range(BULLETINS):
            _publish(rig)
        bytes_more: int = rig.usage.memory_info().rss - before
        return bytes_more / READERS / 1024


def _publish(rig: Rig) -> None:
    urllib.request.urlopen(rig.url(PUBLISH), timeout=60).close()


def _reading(stack: ExitStack, rig: Rig) -> None:
    stack.enter_context(crowd(rig, READERS))


def _sleeping(stack: ExitStack, rig: Rig) -> None:
    for _reader in range(READERS):
        line = socket.socket()
        # As little as the kernel allows: what it holds itself is not the server's.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", rig.port))
        stack.enter_context(closing(line))
        key = base64.b64encode(os.urandom(16)).decode()
        line.sendall(
            f"GET /live/{ELECTION}/ HTTP/1.1\r\nHost: 127.0.0.1:{rig.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: {rig.origin}\r\n\r\n".encode()
        )
        assert line.recv(12) == b"HTTP/1.1 101"

"""Reserve ports for test servers, each for one process of one test run."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

#: Above the ports that browsers refuse to open.
FIRST = 11_000
#: Ports that a process reserves at a time.
BLOCK = 100

_locks: list[IO[bytes]] = []


def _first_outgoing() -> int:
    """The lowest port that the kernel gives to outgoing connections.

    A port among those may be taken while its server restarts.
    """
    try:
        lowest = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]
    except OSError:
        return 32_768
    return int(lowest) if int(lowest) > FIRST + BLOCK else 32_768


def _reserve_block() -> range:
    """Ports that no other process on this machine has reserved, until this one ends."""
    folder = Path(tempfile.gettempdir()) / f"electiondesk-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for first in range(FIRST, _first_outgoing() - BLOCK, BLOCK):
        lock = (folder / str(first)).open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        _locks.append(lock)  # closed, it would be unlocked
        return range(first, first + BLOCK)
    raise RuntimeError("every port for tests is reserved by another process")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _ports() -> Iterator[int]:
    while True:
        yield from filter(_is_free, _reserve_block())


_free = _ports()


def free_port() -> int:
    """A port on loopback that nobody else is given and that no outgoing connection takes."""
    return next(_free)

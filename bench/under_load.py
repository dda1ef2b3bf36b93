"""Response times of reporters and an editor while many readers are connected, or all reconnect.

Measured once with one process for everything, and once with separate processes for readers and
writers.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.night import Prepared
from bench.rig import DESK_ON_DAPHNE
from bench.rigs import ELECTION
from bench.writers import EDITOR, REPORTERS, Latencies, Writers
from tests.needs import ROOT
from tests.servers import Server

#: Length of each phase that has no end of its own.
PHASE_SECONDS = 15
SPREAD_SECONDS = 10
TOGETHER, SEPARATE = "one process", "separate readers and writers"
NO_READERS, CONNECT, CONNECTED = "no readers", "readers connect", "readers connected"
RECONNECT, RECONNECT_AT_ONCE = "all reconnect over 10 s", "all reconnect at once"
PHASES = (NO_READERS, CONNECT, CONNECTED, RECONNECT, RECONNECT_AT_ONCE)


@dataclass(frozen=True)
class Load:
    """Latencies during one phase on one rig; `seconds` is how long the phase took."""

    rig: str
    phase: str
    reporters: Latencies
    editor: Latencies
    seconds: float


def under_load(prepared: Prepared, readers: int) -> list[Load]:
    return [*_phases(prepared, TOGETHER, readers), *_phases(prepared, SEPARATE, readers)]


def _phases(prepared: Prepared, rig: str, readers: int) -> Iterator[Load]:
    folder = prepared.copy(f"load-{rig.split()[0]}")
    url = f"sqlite:///{folder / 'desk.sqlite3'}"
    roles = ("all",) if rig == TOGETHER else ("readers", "writers")
    servers = [
        Server(folder, database_url=url, program="auto", environment={"ROLE": role})
        for role in roles
    ]
    writers = Writers(servers[0], servers[-1], ELECTION)
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
        writers.begin()
        stack.callback(writers.end)
        for phase in PHASES:
            writers.phase = phase
            start = time.monotonic()
            _run_phase(stack, servers[0], phase, readers)
            seconds = time.monotonic() - start
            writers.phase = "between"
            reporters = writers.latencies(REPORTERS, phase)
            yield Load(rig, phase, reporters, writers.latencies(EDITOR, phase), seconds)


def _run_phase(stack: ExitStack, server: Server, phase: str, readers: int) -> None:
    """Run one phase. A phase that connects a crowd disconnects the one before."""
    if phase in (NO_READERS, CONNECTED):
        # What the writers publish meanwhile goes to every reader.
        time.sleep(PHASE_SECONDS)
        return
    spread = SPREAD_SECONDS if phase == RECONNECT else 0
    stack.enter_context(_Crowds.connect(server, readers, spread=spread))


class _Crowds:
    """At most one crowd at a time: starting another simulates that all readers reconnect."""

    current: subprocess.Popen[str] | None = None

    @classmethod
    @contextmanager
    def connect(cls, server: Server, readers: int, spread: int) -> Iterator[None]:
        if cls.current is not None:
            cls.current.kill()
            cls.current.wait()
        url = server.socket_url(DESK_ON_DAPHNE.socket_path)
        command = [sys.executable, "-m", "bench.crowd", url, server.origin, str(readers)]
        process = cls.current = subprocess.Popen(
            [*command, str(spread)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"connected": readers}
        threading.Thread(target=process.stdout.read, daemon=True).start()
        try:
            yield
        finally:
            process.kill()
            process.wait()
            cls.current = None

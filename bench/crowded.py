"""Reporters' and an editor's requests while a crowd reads, and while all of it comes back at once.

Once in one process that does all, once with readers and writers in processes of their own.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.night import ELECTION, Prepared
from bench.people import EDITOR, REPORTERS, Desk, Took
from tests.needs import ROOT
from tests.servers import Server

#: Seconds of each phase that has no end of its own.
PHASE = 15
TOGETHER, APART = "one process", "readers and writers apart"
PHASES = ("alone", "a crowd comes", "bulletins", "all come back in 10 s", "all at once")


@dataclass(frozen=True)
class Crowded:
    rig: str
    phase: str
    reporters: Took
    editor: Took
    seconds: float


def crowded(prepared: Prepared, readers: int) -> list[Crowded]:
    return [*_one(prepared, TOGETHER, readers), *_one(prepared, APART, readers)]


def _one(prepared: Prepared, rig: str, readers: int) -> Iterator[Crowded]:
    folder = prepared.copy(f"crowded-{rig.split()[0]}")
    url = f"sqlite:///{folder / 'desk.sqlite3'}"
    roles = ("all",) if rig == TOGETHER else ("readers", "writers")
    servers = [Server(folder, database_url=url, environment={"ROLE": role}) for role in roles]
    people = Desk(servers[0], servers[-1], ELECTION)
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
        people.begin()
        stack.callback(people.end)
        for phase in PHASES:
            people.phase = phase
            start = time.monotonic()
            _course(stack, servers[0], phase, readers)
            took = time.monotonic() - start
            people.phase = "between"
            reporters, editor = people.took(REPORTERS, phase), people.took(EDITOR, phase)
            yield Crowded(rig, phase, reporters, editor, took)


def _course(stack: ExitStack, server: Server, phase: str, readers: int) -> None:
    """What happens in a phase; the crowd of the one before is gone when the next one comes."""
    if phase in ("alone", "bulletins"):
        # What people file and put up goes to every reader.
        time.sleep(PHASE)
        return
    stack.enter_context(_Crowds.come(server, readers, spread=10 if "10 s" in phase else 0))


class _Crowds:
    """At most one crowd at a time: a new one is the old one coming back."""

    here: subprocess.Popen[str] | None = None

    @classmethod
    @contextmanager
    def come(cls, server: Server, readers: int, spread: int) -> Iterator[None]:
        if cls.here is not None:
            cls.here.kill()
            cls.here.wait()
        url = server.socket_url(f"/live/{ELECTION}/")
        command = [sys.executable, "-m", "bench.crowd", url, server.origin, str(readers)]
        process = cls.here = subprocess.Popen(
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
            cls.here = None

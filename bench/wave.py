"""All readers lose their server and come back: as the page does, beside all of them at once.

A bulletin is published while it is away. Measured from the moment the new process is there until
readers have that bulletin, and what this costs it.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.night import DECLARED, ELECTION, Prepared
from bench.rigs import USED
from tests.needs import ROOT
from tests.servers import Server

KILLED, STOPPED = "killed", "told to stop"
PAGE, AT_ONCE = "page", "at once"
#: What ends the server, and how the crowd comes back; the last is what the others are beside.
COURSES = ((KILLED, PAGE), (STOPPED, PAGE), (KILLED, AT_ONCE))


@dataclass(frozen=True)
class Returned:
    """Seconds from the server's return; CPU in microseconds and sockets tried, per reader."""

    readers: int
    end: str
    policy: str
    half: float
    most: float
    all: float
    busiest: int
    """Readers who heard within the busiest second."""
    cpu: float
    tried: float
    queries: int
    without: int


class Counted(Server):
    """The desk, with a count of what it uses from when it is there."""

    application = "bench.rigs.counted:application"

    def used(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.url(USED), timeout=60) as response:
            told: dict[str, Any] = json.load(response)
        return told


def waves(prepared: Prepared, numbers: list[int]) -> list[Returned]:
    return [_wave(prepared, readers, end, policy) for readers in numbers for end, policy in COURSES]


def _wave(prepared: Prepared, readers: int, end: str, policy: str) -> Returned:
    folder = prepared.copy(f"wave-{readers}-{end}-{policy}".replace(" ", "-"))
    settings = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
    with Counted(folder, environment=settings) as desk, _pages(desk, readers, policy) as said:
        if end == KILLED:
            desk.kill()
        else:
            desk.stop()
        desk.manage("rehearse", ELECTION, "--speed", "0", "--declared", str(DECLARED + 3))
        desk.start()
        heard, used = next(said), desk.used()
    return _returned(readers, end, policy, heard, used)


def _returned(
    readers: int, end: str, policy: str, heard: dict[str, Any], used: dict[str, Any]
) -> Returned:
    times = sorted(time - used["there"] for time in heard["times"])
    # Of all readers, so that those who never heard are not left out of account.
    within = [*times, *([float("inf")] * heard["without"])]
    return Returned(
        readers=readers,
        end=end,
        policy=policy,
        half=within[readers // 2],
        most=within[int(readers * 0.99)],
        all=within[-1],
        busiest=_busiest(times),
        cpu=used["cpu"] / readers * 1e6,
        tried=heard["tried"] / readers,
        queries=used["queries"],
        without=heard["without"],
    )


def _busiest(times: list[float]) -> int:
    """The most of these moments that lie within one second; they are in order."""
    most, first = 0, 0
    for last, time in enumerate(times):
        while time - times[first] > 1:
            first += 1
        most = max(most, last - first + 1)
    return most


@contextmanager
def _pages(desk: Server, readers: int, policy: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Open pages that are all connected; yields what they say when all have come back."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.returning", str(desk.port), ELECTION, str(readers), policy],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = (json.loads(line) for line in process.stdout)
    try:
        assert next(said) == {"here": readers}
        yield said
    finally:
        process.kill()
        process.wait()

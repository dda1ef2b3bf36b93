"""Sending one bulletin to every reader: this hub on two servers, beside its peers."""

import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.night import ELECTION, Prepared
from bench.rigs import PUBLISH
from electiondesk.launcher import ServerName
from tests.needs import ROOT
from tests.servers import Server

HUB, HUB_ON_UVICORN, GROUP, PEER = (
    "this hub on Daphne",
    "this hub on uvicorn",
    "a plain Channels group on Daphne",
    "websockets’ broadcast",
)
#: Seconds between two messages, so that none waits for another.
PAUSE = 0.5


@dataclass(frozen=True)
class Measured:
    """One rig with so many readers. CPU in microseconds per delivered message, times in ms."""

    rig: str
    readers: int
    messages: int
    cpu: float
    p50: float
    p99: float
    memory: float
    """What the server's memory grew by, in kB per reader."""


class Rig(Server):
    """A server of the bench: the desk, or one of those it is compared with."""

    def __init__(self, name: str, folder: Path, frames: Path) -> None:
        program: ServerName = "uvicorn" if name == HUB_ON_UVICORN else "daphne"
        settings = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
        told = {"BENCH_FRAMES": str(frames)}
        super().__init__(folder, program=program, environment=settings | told)
        self.name = name
        self.application = f"bench.rigs.{'group' if name == GROUP else 'hub'}:application"

    def command(self) -> list[str]:
        if self.name == PEER:
            return [sys.executable, "-m", "bench.rigs.broadcast", str(self.port)]
        return super().command()

    @property
    def usage(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)


def fan_out(rig_name: str, readers: int, messages: int, prepared: Prepared) -> Measured:
    folder = prepared.copy(f"{rig_name}-{readers}")
    with Rig(rig_name, folder, prepared.frames) as rig:
        before = rig.usage.memory_info().rss
        with crowd(rig, readers) as heard:
            grown = rig.usage.memory_info().rss - before
            _publish(rig, heard)  # The first opens what later ones use.
            used, own, delays = _cpu(rig), 0.0, []
            for _ in range(messages):
                published, times = _publish(rig, heard)
                own += published["cpu"]
                delays += [(at - published["committed"]) * 1000 for at in times]
            used = _cpu(rig) - used - own
    percentiles = statistics.quantiles(delays, n=100)
    return Measured(
        rig=rig_name,
        readers=readers,
        messages=messages,
        cpu=used / (readers * messages) * 1e6,
        p50=statistics.median(delays),
        p99=percentiles[98],
        memory=grown / readers / 1024,
    )


def _cpu(rig: Rig) -> float:
    """Seconds of processor time that the server has used."""
    times = rig.usage.cpu_times()
    return float(times.user + times.system)


def _publish(rig: Rig, heard: Iterator[dict[str, Any]]) -> tuple[dict[str, Any], list[float]]:
    with urllib.request.urlopen(rig.url(PUBLISH), timeout=60) as response:
        published = json.load(response)
    received = next(heard)
    assert received["sequence"] == published["sequence"], (received["sequence"], published)
    time.sleep(PAUSE)
    return published, received["times"]


@contextmanager
def crowd(rig: Rig, readers: int) -> Iterator[Iterator[dict[str, Any]]]:
    """Readers who are all connected; yields what they say they have received."""
    url = rig.socket_url(f"/live/{ELECTION}/")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.crowd", url, rig.origin, str(readers)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = (json.loads(line) for line in process.stdout)
    try:
        assert next(said) == {"connected": readers}
        yield said
    finally:
        process.terminate()
        process.wait()

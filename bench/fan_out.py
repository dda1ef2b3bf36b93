"""The cost of sending one bulletin to every reader: this hub on two servers, beside its peers."""

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
#: Pause between two messages, so that neither waits for the other.
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class FanOut:
    """One rig with one number of readers.

    `cpu` is in microseconds for each delivered message, `p50` and `p99` are in milliseconds from
    commit to receipt, `memory` is the growth of the server in kB for each reader.
    """

    rig: str
    readers: int
    messages: int
    cpu: float
    p50: float
    p99: float
    memory: float


class Rig(Server):
    """A server that is measured: the application, or one that it is compared with."""

    def __init__(self, name: str, folder: Path, frames: Path) -> None:
        program: ServerName = "uvicorn" if name == HUB_ON_UVICORN else "daphne"
        environment = {
            "DJANGO_SETTINGS_MODULE": "electiondesk.settings",
            "BENCH_FRAMES": str(frames),
        }
        super().__init__(folder, program=program, environment=environment)
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


def fan_out(rig_name: str, readers: int, messages: int, prepared: Prepared) -> FanOut:
    folder = prepared.copy(f"{rig_name}-{readers}")
    with Rig(rig_name, folder, prepared.frames) as rig:
        before = rig.usage.memory_info().rss
        with crowd(rig, readers) as received:
            grown = rig.usage.memory_info().rss - before
            _publish(rig, received)  # The first message opens connections that later ones use.
            start, publishing, delays = _cpu(rig), 0.0, []
            for _message in range(messages):
                published, times = _publish(rig, received)
                publishing += published["cpu"]
                delays += [(at - published["committed"]) * 1000 for at in times]
            seconds = _cpu(rig) - start - publishing
    return FanOut(
        rig=rig_name,
        readers=readers,
        messages=messages,
        cpu=seconds / (readers * messages) * 1e6,
        p50=statistics.median(delays),
        p99=statistics.quantiles(delays, n=100)[98],
        memory=grown / readers / 1024,
    )


def _cpu(rig: Rig) -> float:
    """Return the seconds of processor time that the server has used."""
    times = rig.usage.cpu_times()
    return float(times.user + times.system)


def _publish(rig: Rig, received: Iterator[dict[str, Any]]) -> tuple[dict[str, Any], list[float]]:
    with urllib.request.urlopen(rig.url(PUBLISH), timeout=60) as response:
        published = json.load(response)
    message = next(received)
    assert message["sequence"] == published["sequence"], (message["sequence"], published)
    time.sleep(PAUSE_SECONDS)
    return published, message["times"]


@contextmanager
def crowd(rig: Rig, readers: int) -> Iterator[Iterator[dict[str, Any]]]:
    """Connect all readers; yield what they report for each message that all have received."""
    url = rig.socket_url(f"/live/{ELECTION}/")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.crowd", url, rig.origin, str(readers)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    reports = (json.loads(line) for line in process.stdout)
    try:
        assert next(reports) == {"connected": readers}
        yield reports
    finally:
        process.terminate()
        process.wait()

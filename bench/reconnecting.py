"""Readers who lose their server and reconnect: as the page does, beside all of them at once.

A bulletin is published while the server is down. Measured from the moment when the new process
serves until all readers have that bulletin, together with what this costs the process.
"""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.night import DECLARED, Prepared
from bench.rig import reports_of
from bench.rigs import ELECTION, USAGE
from tests.servers import Server

KILLED, STOPPED = "killed", "stopped"
#: How pages reconnect: as live.js does, or, for comparison, every second.
PAGE, AT_ONCE = "page", "at once"
CASES = ((KILLED, PAGE), (STOPPED, PAGE), (KILLED, AT_ONCE))


@dataclass(frozen=True)
class Reconnection:
    """Result of one reconnection; times are in seconds from the new process's start.

    `half`, `most` (99%) and `all` are when that part of the readers had the bulletin; `busiest` is
    the number of readers within the busiest second; `cpu` is in microseconds and `attempts` are
    sockets, both for each reader; `missing` is the number of readers who did not come back.
    """

    readers: int
    end: str
    policy: str
    half: float
    most: float
    all: float
    busiest: int
    cpu: float
    attempts: float
    queries: int
    missing: int


class MeasuredServer(Server):
    """The application, with counters of what it uses after its start."""

    application = "bench.rigs.usage:application"

    def used(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.url(USAGE), timeout=60) as response:
            usage: dict[str, Any] = json.load(response)
        return usage


def reconnections(prepared: Prepared, numbers: list[int]) -> list[Reconnection]:
    return [_measure(prepared, readers, *case) for readers in numbers for case in CASES]


def _measure(prepared: Prepared, readers: int, end: str, policy: str) -> Reconnection:
    folder = prepared.copy(f"reconnecting-{readers}-{end}-{policy}".replace(" ", "-"))
    settings = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
    server = MeasuredServer(folder, environment=settings)
    with server, _pages(server, readers, policy) as reports:
        if end == KILLED:
            server.kill()
        else:
            server.stop()
        server.manage("rehearse", ELECTION, "--speed", "0", "--declared", str(DECLARED + 3))
        server.start()
        report, usage = next(reports), server.used()
    return _result(readers, end, policy, report, usage)


def _result(
    readers: int, end: str, policy: str, report: dict[str, Any], usage: dict[str, Any]
) -> Reconnection:
    times = sorted(time - usage["started"] for time in report["times"])
    # Readers who never received it count as infinitely late.
    of_all = [*times, *([float("inf")] * report["missing"])]
    return Reconnection(
        readers=readers,
        end=end,
        policy=policy,
        half=of_all[readers // 2],
        most=of_all[int(readers * 0.99)],
        all=of_all[-1],
        busiest=_busiest(times),
        cpu=usage["cpu"] / readers * 1e6,
        attempts=report["attempts"] / readers,
        queries=usage["queries"],
        missing=report["missing"],
    )


def _busiest(times: list[float]) -> int:
    """Return the largest number of these sorted moments that lie within one second."""
    most, first = 0, 0
    for last, time in enumerate(times):
        while time - times[first] > 1:
            first += 1
        most = max(most, last - first + 1)
    return most


@contextmanager
def _pages(server: Server, readers: int, policy: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Connect all pages; yield their reports."""
    arguments = [str(server.port), ELECTION, str(readers), policy]
    with reports_of("bench.reconnecting_pages", arguments, readers) as reports:
        yield reports

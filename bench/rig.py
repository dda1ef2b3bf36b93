"""The servers that are measured: this application on its two servers, and what it is compared with.

Each is a process of its own that publishes one bulletin for each request to `PUBLISH`, and sends it
to every reader. Peers send the bytes that the application sent for the same bulletins.
"""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.node import NODE_PEER, install_node_peer
from bench.rigs import ELECTION, FRONT, PUBLISH
from tests.needs import ROOT
from tests.servers import Server


@dataclass(frozen=True)
class ServerKind:
    """A server program, and whether its readers ask for what the front page asks for."""

    name: str
    program: str
    deflates: bool

    @property
    def socket_path(self) -> str:
        return f"/live/{ELECTION}/" + (f"?{FRONT}" if self.deflates else "")


DESK_ON_UVICORN = ServerKind("this desk on uvicorn", "uvicorn", deflates=True)
DESK_ON_DAPHNE = ServerKind("this desk on Daphne", "daphne", deflates=True)
GROUP = ServerKind("a plain Channels group on Daphne, full text", "group", deflates=False)
BROADCAST = ServerKind("websockets’ broadcast, full text", "broadcast", deflates=False)
BROADCAST_SAME = ServerKind("websockets’ broadcast, same bytes", "broadcast", deflates=True)
NODE = ServerKind("Node’s ws, full text", "node", deflates=False)
NODE_SAME = ServerKind("Node’s ws, same bytes", "node", deflates=True)
KINDS = (
    DESK_ON_UVICORN,
    DESK_ON_DAPHNE,
    GROUP,
    BROADCAST,
    BROADCAST_SAME,
    NODE,
    NODE_SAME,
)


#: Environment of a desk that is public: with DEBUG every query is kept as text, for example.
PUBLIC = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
}


class Rig(Server):
    """The server of one kind, in a folder with the database, and with frames for the peers."""

    def __init__(
        self,
        kind: ServerKind,
        folder: Path,
        frames: Path | None,
        environment: Mapping[str, str] = {},
    ) -> None:
        super().__init__(
            folder,
            program="uvicorn" if kind.program == "uvicorn" else "daphne",
            environment={
                "DJANGO_SETTINGS_MODULE": "electiondesk.settings",
                "BENCH_FRAMES": str(frames or ""),
                **environment,
            },
        )
        self.kind = kind
        self.application = f"bench.rigs.{'group' if kind == GROUP else 'hub'}:application"

    def command(self) -> list[str]:
        if self.kind.program == "broadcast":
            return [sys.executable, "-m", "bench.rigs.broadcast", str(self.port)]
        if self.kind.program == "node":
            return ["node", str(install_node_peer() / NODE_PEER), str(self.port)]
        return super().command()

    @property
    def usage(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)

    @property
    def cpu(self) -> float:
        """Seconds of processor time, user and system, that the server has used."""
        times = self.usage.cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> int:
        """Resident bytes of the server."""
        return int(self.usage.memory_info().rss)

    def publish(self) -> dict[str, Any]:
        """Publish the next bulletin; return the rig's answer, see `bench.rigs`."""
        with urllib.request.urlopen(self.url(PUBLISH), timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
        return answer


@contextmanager
def crowd(server: Server, path: str, readers: int) -> Iterator[Iterator[dict[str, Any]]]:
    """Connect all readers; yield what they report for each message that all have received."""
    arguments = [server.socket_url(path), server.origin, str(readers)]
    with reports_of("bench.crowd", arguments, readers) as reports:
        yield reports


@contextmanager
def reports_of(
    module: str, arguments: list[str], readers: int
) -> Iterator[Iterator[dict[str, Any]]]:
    """Run a module that connects so many readers; yield its lines of JSON once they are connected.

    The process is ended afterwards.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    reports = (json.loads(line) for line in process.stdout)
    try:
        assert next(reports) == {"connected": readers}
        yield reports
    finally:
        process.terminate()
        process.wait()

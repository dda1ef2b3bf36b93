"""The general election of 2019 from its first declaration to its last: what it costs and weighs."""

import os
import resource
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from websockets.sync.client import connect
from websockets.typing import Origin

from bench.messages import receive_until
from bench.rig import DESK_ON_UVICORN, PUBLIC, Rig
from bench.rigs import ELECTION, FRONT
from tests.first_visit import first_visit
from tests.inflater import Inflater
from tests.needs import election_data
from tests.servers import Server

#: The coding that pages ask for.
PREVIOUS = "topics=front&coding=deflate-previous"
#: By what a reader's socket asks for.
READERS = {
    "the front page": PREVIOUS,
    "the front page, each bulletin compressed by itself": FRONT,
    "the front page, not compressed": "topics=front",
    "everything, as text": "",
}


@dataclass(frozen=True)
class WholeNight:
    """Size and cost of 650 declarations.

    `received` is the bytes of a reader's WebSocket frames by what the reader asks for; `visit` the
    bytes of a first visit at the end, headers included, by address; `cpu` and `seconds` are of
    `manage.py replay`.
    """

    bulletins: int
    received: dict[str, int]
    visit: dict[str, int]
    cpu: float
    seconds: float


def whole_night(folder: Path) -> WholeNight:
    """Raises tests.needs.Missing without the files of real results, or without Chromium."""
    data = election_data()
    results = [next(data.glob(f"ge2019/*{kind}*.csv")) for kind in ("constituency", "candidate")]
    last = sorted(data.glob("ge2017/*.csv"))
    hexes = data / "hexmap-2019" / "constituencies.hexjson"
    desk = _set_up(folder / "replayed", results, last, hexes)
    before, began = _cpu_of_children(), time.monotonic()
    desk.manage("replay", ELECTION, *results, "--speed", "0")
    seconds, cpu = time.monotonic() - began, _cpu_of_children() - before
    visit = _visit(desk)
    _set_up(folder / "streamed", results, last, hexes)
    bulletins, received = _stream(folder / "streamed", results)
    return WholeNight(bulletins, received, visit, cpu, seconds)


def _set_up(folder: Path, results: list[Path], last: list[Path], hexes: Path) -> Server:
    folder.mkdir()
    desk = Server(folder, environment={"DJANGO_SETTINGS_MODULE": "electiondesk.settings", **PUBLIC})
    desk.manage("migrate", "--verbosity", "0")
    desk.manage("replay", ELECTION, *results, "--previous", *last, "--only", "0")
    desk.manage("load_map", ELECTION, hexes)
    return desk


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _visit(desk: Server) -> dict[str, int]:
    """Open the live page as a proxy that ends TLS asks for it, from Daphne alone."""
    desk.environment["STATIC_ROOT"] = str(desk.folder / "static")
    desk.manage("collectstatic", "--no-input", "--verbosity", "0")
    with desk:
        return first_visit(desk.url(f"/{ELECTION}/"), **{"X-Forwarded-Proto": "https"})


def _stream(folder: Path, results: list[Path]) -> tuple[int, dict[str, int]]:
    """Declare every seat, each when all readers have the one before."""
    files = os.pathsep.join(map(str, results))
    rig = Rig(DESK_ON_UVICORN, folder, None, {"BENCH_RESULTS": files, **PUBLIC})
    rig.application = "bench.rigs.past_night:application"
    with rig, ExitStack() as stack:
        readers = {
            name: stack.enter_context(
                connect(
                    rig.socket_url(f"/live/{ELECTION}/?{query}"),
                    origin=Origin(rig.origin),
                    compression=None,
                    max_size=None,
                )
            )
            for name, query in READERS.items()
        }
        received, bulletins = dict.fromkeys(readers, 0), 0
        inflaters = {name: Inflater() for name, query in READERS.items() if query == PREVIOUS}
        while sequence := rig.publish()["sequence"]:
            bulletins += 1
            for name, reader in readers.items():
                messages = receive_until(reader, sequence, inflaters.get(name))
                received[name] += sum(map(_frame_size, messages))
    return bulletins, received


def _frame_size(message: str | bytes) -> int:
    """The bytes of a message and of its frame's header, which a server does not mask."""
    size = len(message.encode() if isinstance(message, str) else message)
    return size + (2 if size < 126 else 4 if size < 65536 else 10)

"""`python -m bench`: every benchmark, side by side; `--write` puts its tables in the docs."""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import fanout, tables
from bench.fanout import GROUP, HUB, HUB_ON_UVICORN, PEER, Measured
from bench.night import Prepared
from bench.painting import painting
from bench.publishing import Cost
from tests.needs import ROOT
from tests.servers import Server

RIGS = (HUB, HUB_ON_UVICORN, GROUP, PEER)
READERS = (200, 1000, 4000)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--messages", type=int, default=30, help="measured for each number")
    parser.add_argument("--write", action="store_true", help="rewrite docs/performance.md")
    options = parser.parse_args()
    _let_many_files_be_open()
    with tempfile.TemporaryDirectory(prefix="electiondesk-bench-") as folder:
        painted = painting(Path(folder) / "painting")
        costs = publishing(Path(folder))
        measured = fan_outs(Path(folder), options.readers, options.messages)
    text = tables.everything(measured, costs, painted, machine())
    print(text)
    if options.write:
        tables.write(ROOT / "docs" / "performance.md", text)


def fan_outs(folder: Path, readers: list[int], messages: int) -> list[Measured]:
    """Each number of readers on every rig before the next number, so that all meet one machine."""
    prepared = Prepared(folder)
    measured = []
    for count in readers:
        for rig in RIGS:
            found = fanout.fan_out(rig, count, messages, prepared)
            print(f"{rig}, {count} readers: {found.cpu:.0f} µs", file=sys.stderr)
            measured.append(found)
    return measured


def publishing(folder: Path) -> dict[int, Cost]:
    """Declarations early, in the middle and late in a night of 650, by their number."""
    (folder / "publishing").mkdir()
    desk = Server(folder / "publishing")
    desk.manage("migrate", "--verbosity", "0")
    command = [sys.executable, "-m", "bench.publishing"]
    settings = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
    played = subprocess.run(
        command, cwd=ROOT, env=desk.environment | settings, check=True, stdout=subprocess.PIPE
    )
    return {int(number): Cost(**one) for number, one in json.loads(played.stdout).items()}


def machine() -> str:
    """What it ran on, since every figure is of one machine."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}"


def _let_many_files_be_open() -> None:
    """Every reader is a socket, in the server and in the crowd; both inherit this."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()

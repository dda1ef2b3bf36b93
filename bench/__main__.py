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
from bench.crowded import crowded
from bench.fanout import GROUP, HUB, HUB_ON_UVICORN, PEER, Measured
from bench.night import Prepared
from bench.painting import painting
from bench.publishing import Cost
from bench.snapshots import snapshots
from bench.stuck import stuck
from bench.wave import waves
from tests.needs import ROOT
from tests.servers import Server

RIGS = (HUB, HUB_ON_UVICORN, GROUP, PEER)
READERS = (200, 1000, 4000, 8000)
#: A group's message costs more the more readers there are: beyond this one bulletin takes longer
#: than the pause before the next.
MOST_IN_A_GROUP = 4000
TABLES = ("painting", "publishing", "fan-out", "crowded", "wave", "stuck", "snapshots")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--messages", type=int, default=30, help="measured for each number")
    parser.add_argument("--only", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--write", action="store_true", help="rewrite docs/performance.md")
    options = parser.parse_args()
    _let_many_files_be_open()
    found = {"machine": f"Measured on {machine()}."}
    with tempfile.TemporaryDirectory(prefix="electiondesk-bench-") as folder:
        for name in options.only:
            (Path(folder) / name).mkdir()
            found[name] = measure(name, Path(folder) / name, options)
            print(f"{name}\n\n{found[name]}\n", flush=True)
            if options.write:
                tables.write(ROOT / "docs" / "performance.md", found)


def measure(name: str, folder: Path, options: argparse.Namespace) -> str:
    """One table, by name."""
    if name == "painting":
        return tables.painting(painting(folder / "painting"))
    if name == "publishing":
        return tables.publishing(publishing(folder))
    if name == "fan-out":
        return tables.fan_out(fan_outs(folder, options.readers, options.messages))
    if name == "crowded":
        most = max(options.readers)
        return tables.crowded(crowded(Prepared(folder), most), most)
    if name == "wave":
        return tables.wave(waves(Prepared(folder), wave_sizes(options.readers)))
    if name == "stuck":
        return tables.stuck(stuck(Prepared(folder)))
    return tables.snapshots(snapshots(Prepared(folder)))


def fan_outs(folder: Path, readers: list[int], messages: int) -> list[Measured]:
    """Each number of readers on every rig before the next number, so that all meet one machine."""
    prepared = Prepared(folder)
    measured = []
    for count in readers:
        for rig in RIGS:
            if rig == GROUP and count > MOST_IN_A_GROUP:
                continue
            found = fanout.fan_out(rig, count, messages, prepared)
            print(f"{rig}, {count} readers: {found.cpu:.0f} µs", file=sys.stderr)
            measured.append(found)
    return measured


def wave_sizes(readers: list[int]) -> list[int]:
    """A thousand and the most, so that what grows with readers can be seen to."""
    most = max(readers)
    return sorted({min(1000, most), most})


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

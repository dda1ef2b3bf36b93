"""Run the benchmarks: `python -m bench`; `--write` puts their tables into docs/performance.md."""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import django

# For the seeds, whose functions run in a process of each server's: they import the models.
os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "sqlite://:memory:"}
django.setup()

from bench import fan_out, tables  # noqa: E402
from bench.fan_out import GROUP, HUB, HUB_ON_UVICORN, PEER, FanOut  # noqa: E402
from bench.night import Prepared  # noqa: E402
from bench.page_rate import page_rates  # noqa: E402
from bench.paint import paint_times  # noqa: E402
from bench.publishing import Cost  # noqa: E402
from bench.reconnecting import reconnections  # noqa: E402
from bench.stuck_readers import stuck_readers  # noqa: E402
from bench.under_load import under_load  # noqa: E402
from tests.needs import ROOT  # noqa: E402
from tests.servers import Server  # noqa: E402

RIGS = (HUB, HUB_ON_UVICORN, GROUP, PEER)
READERS = (200, 1000, 4000, 8000)
#: A group's message costs more the more readers there are: beyond this number one bulletin takes
#: longer than the pause before the next.
MOST_IN_A_GROUP = 4000
TABLES = ("paint", "publishing", "fan-out", "load", "reconnecting", "stuck", "pages")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--messages", type=int, default=30, help="messages for each measurement")
    parser.add_argument("--only", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--write", action="store_true", help="rewrite docs/performance.md")
    options = parser.parse_args()
    _raise_open_file_limit()
    results = {"machine": f"Measured on {machine()}."}
    with tempfile.TemporaryDirectory(prefix="electiondesk-bench-") as folder:
        for name in options.only:
            (Path(folder) / name).mkdir()
            results[name] = measure(name, Path(folder) / name, options)
            print(f"{name}\n\n{results[name]}\n", flush=True)
            if options.write:
                tables.write(ROOT / "docs" / "performance.md", results)


def measure(name: str, folder: Path, options: argparse.Namespace) -> str:
    """Return the table called `name` as Markdown."""
    if name == "paint":
        return tables.paint(paint_times(folder / "paint"))
    if name == "publishing":
        return tables.publishing(publishing(folder))
    if name == "fan-out":
        return tables.fan_out(fan_outs(folder, options.readers, options.messages))
    if name == "load":
        most = max(options.readers)
        return tables.load(under_load(Prepared(folder), most), most)
    if name == "reconnecting":
        numbers = reconnecting_numbers(options.readers)
        return tables.reconnecting(reconnections(Prepared(folder), numbers))
    if name == "stuck":
        return tables.stuck(stuck_readers(Prepared(folder)))
    return tables.pages(page_rates(Prepared(folder)))


def fan_outs(folder: Path, readers: list[int], messages: int) -> list[FanOut]:
    """Measure every rig with one number of readers before the next, under the same conditions."""
    prepared = Prepared(folder)
    measured = []
    for count in readers:
        for rig in RIGS:
            if rig == GROUP and count > MOST_IN_A_GROUP:
                continue
            result = fan_out.fan_out(rig, count, messages, prepared)
            print(f"{rig}, {count} readers: {result.cpu:.0f} µs", file=sys.stderr)
            measured.append(result)
    return measured


def reconnecting_numbers(readers: list[int]) -> list[int]:
    """Return a thousand and the largest number, to show what grows with the readers."""
    most = max(readers)
    return sorted({min(1000, most), most})


def publishing(folder: Path) -> dict[int, Cost]:
    """Return the cost of declarations early, in the middle and late in a night of 650."""
    (folder / "publishing").mkdir()
    desk = Server(folder / "publishing")
    desk.manage("migrate", "--verbosity", "0")
    command = [sys.executable, "-m", "bench.publishing"]
    settings = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
    completed = subprocess.run(
        command, cwd=ROOT, env=desk.environment | settings, check=True, stdout=subprocess.PIPE
    )
    return {int(number): Cost(**cost) for number, cost in json.loads(completed.stdout).items()}


def machine() -> str:
    """Describe the machine, because every figure is of one machine."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}"


def _raise_open_file_limit() -> None:
    """Allow a socket for every reader, in the server and in the crowd: both inherit the limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()

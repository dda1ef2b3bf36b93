"""Run the benchmarks: `python -m bench`; `--write` puts their tables into docs/performance.md.

`--quick` takes about ten minutes on two processors: what a stream costs, in three rounds, with a
thousand readers, and nothing of stops, returns and rates of pages.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

# For the seeds, whose functions run in a process of each server's: they import the models.
os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "sqlite://:memory:"}
django.setup()

from bench import night_dashboard, tables  # noqa: E402
from bench.commit_to_paint import commit_to_paint  # noqa: E402
from bench.councils import NightCost  # noqa: E402
from bench.drawing import CONTESTS, PageCost  # noqa: E402
from bench.fan_out import FanOut, fan_outs  # noqa: E402
from bench.greedy import greedy  # noqa: E402
from bench.night import Prepared  # noqa: E402
from bench.night_dashboard import ActionCost  # noqa: E402
from bench.node import install_node_peer  # noqa: E402
from bench.page_rate import page_rates  # noqa: E402
from bench.paint import paint_times  # noqa: E402
from bench.publishing import Cost  # noqa: E402
from bench.reconnecting import reconnections  # noqa: E402
from bench.rig import GROUP, KINDS, PUBLIC  # noqa: E402
from bench.stuck_readers import stuck_readers  # noqa: E402
from bench.under_load import under_load  # noqa: E402
from bench.whole_night import whole_night  # noqa: E402
from tests.collected import collected_cache, collected_static  # noqa: E402
from tests.needs import ROOT, Missing  # noqa: E402
from tests.servers import Server  # noqa: E402

READERS = (1000, 4000, 8000)
PAINT_READERS = 4000
TABLES = (
    "paint",
    "commit-to-paint",
    "publishing",
    "night",
    "fan-out",
    "greedy",
    "load",
    "reconnecting",
    "stuck",
    "pages",
    "drawing",
    "councils",
    "dashboard",
)
QUICK_READERS, QUICK_MESSAGES = (1000,), 10
QUICK_TABLES = (
    "fan-out",
    "night",
    "publishing",
    "drawing",
    "greedy",
    "councils",
    "commit-to-paint",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a part, in about ten minutes")
    parser.add_argument("--readers", type=int, nargs="+")
    parser.add_argument("--messages", type=int, help="messages of each round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the fan-out")
    parser.add_argument("--only", nargs="+", choices=TABLES)
    parser.add_argument("--write", action="store_true", help="rewrite docs/performance.md")
    options = parser.parse_args()
    options.readers = options.readers or (QUICK_READERS if options.quick else READERS)
    options.messages = options.messages or (QUICK_MESSAGES if options.quick else 30)
    options.only = options.only or (QUICK_TABLES if options.quick else TABLES)
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
    """Return the table called `name` as Markdown, or what this machine lacks for it."""
    most = max(options.readers)
    prepared = Prepared(folder)
    measurements: dict[str, Callable[[], str]] = {
        "paint": lambda: tables.paint(paint_times(folder / "paint")),
        "commit-to-paint": lambda: tables.commit_to_paint(commit_to_paint(prepared, PAINT_READERS)),
        "publishing": lambda: tables.publishing(publishing(folder)),
        "night": lambda: tables.whole_night(whole_night(folder)),
        "fan-out": lambda: tables.fan_out(fan_out(prepared, options), node_problem()),
        "greedy": lambda: tables.greedy(greedy(prepared)),
        "load": lambda: tables.load(under_load(prepared, most), most),
        "reconnecting": lambda: tables.reconnecting(
            reconnections(prepared, reconnecting_numbers(options.readers))
        ),
        "stuck": lambda: tables.stuck(stuck_readers(prepared)),
        "pages": lambda: tables.pages(page_rates(prepared)),
        "drawing": lambda: tables.drawing(drawing(folder)),
        "councils": lambda: tables.councils(councils(folder)),
        "dashboard": lambda: night_dashboard.table(dashboard(folder)),
    }
    try:
        return measurements[name]()
    except Missing as reason:
        return f"Not measured: {reason}."


def fan_out(prepared: Prepared, options: argparse.Namespace) -> list[FanOut]:
    """Measure every kind of server with one number of readers before the next."""
    kinds = [
        kind
        for kind in KINDS
        if (kind.program != "node" or not node_problem()) and not (options.quick and kind == GROUP)
    ]
    measured = []
    for readers in options.readers:
        for result in fan_outs(prepared, kinds, readers, options.messages, options.rounds):
            print(f"{result.kind.name}, {readers}: {result.cpu:.0f} µs", file=sys.stderr)
            measured.append(result)
    return measured


def node_problem() -> str:
    """Say why Node's ws cannot be measured; empty if it can."""
    try:
        install_node_peer()
    except Missing as reason:
        return str(reason)
    return ""


def reconnecting_numbers(readers: list[int]) -> list[int]:
    """Return a thousand and the largest number, to show what grows with the readers."""
    most = max(readers)
    return sorted({min(1000, most), most})


def publishing(folder: Path) -> dict[int, Cost]:
    """Return the cost of declarations early and late in a night of 3,200 contests."""
    costs = output_of(folder / "publishing", "bench.publishing")
    return {int(number): Cost(**cost) for number, cost in costs.items()}


def drawing(folder: Path) -> dict[int, dict[str, PageCost]]:
    """Return the cost of each page by the number of contests."""
    return {
        contests: {
            name: PageCost(*cost)
            for name, cost in output_of(
                folder / f"drawing-{contests}", "bench.drawing", str(contests)
            ).items()
        }
        for contests in CONTESTS
    }


def councils(folder: Path) -> dict[str, NightCost]:
    """Return the cost of a general election and of a night of councils."""
    costs = output_of(folder / "councils", "bench.councils")
    return {name: NightCost(**cost) for name, cost in costs.items()}


def dashboard(folder: Path) -> dict[str, dict[int, ActionCost]]:
    """Return the cost of the night dashboard's actions by the number of contests."""
    costs = output_of(folder / "dashboard", "bench.night_dashboard", "--json")
    return {
        name: {int(size): ActionCost(**cost) for size, cost in by_size.items()}
        for name, by_size in costs.items()
    }


def output_of(folder: Path, module: str, *arguments: str) -> Any:
    """Run a module with an empty database in a new folder; return the JSON that it prints.

    Its settings are a public site's: with DEBUG, every query is kept as text.
    """
    folder.mkdir()
    static = collected_static(collected_cache())
    desk = Server(folder, environment={**PUBLIC, "STATIC_ROOT": str(static)})
    desk.manage("migrate", "--verbosity", "0")
    settings = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
    completed = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=desk.environment | settings,
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(completed.stdout)


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

"""The results of the benchmarks as the tables of docs/performance.md, each between two marks."""

import re
from collections.abc import Sequence
from pathlib import Path

from bench.fan_out import HUB, PEER, FanOut
from bench.page_rate import BARE, PageRate
from bench.paint import SLOWDOWN, PaintTime
from bench.publishing import Cost
from bench.reconnecting import AT_ONCE, PAGE, Reconnection
from bench.stuck_readers import StuckReaders
from bench.under_load import NO_READERS, Load
from bench.writers import Latencies


def write(path: Path, tables: dict[str, str]) -> None:
    """Put each table between its marks in the document; leave the others as they are."""
    text = path.read_text()
    for name, table in tables.items():
        begin, end = f"<!-- bench: {name} -->", f"<!-- bench: end of {name} -->"
        between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        assert len(between.findall(text)) == 1, name
        new = f"{begin}\n\n{table}\n\n{end}".replace("\\", r"\\")
        text = between.sub(new, text)
    path.write_text(text)


def fan_out(results: list[FanOut]) -> str:
    peers = {result.readers: result for result in results if result.rig == PEER}
    rows = [
        (
            f"{result.readers:,}",
            result.rig,
            f"{result.cpu:.0f}",
            f"{result.cpu / peers[result.readers].cpu:.1f}",
            f"{result.p50:,.0f}",
            f"{result.p99:,.0f}",
            f"{result.memory:.0f}",
        )
        for result in results
    ]
    head = ("readers", "", "µs CPU / message", "× the peer", "p50 ms", "p99 ms", "kB / reader")
    hub = [result for result in results if result.rig == HUB]
    least, most = min(result.cpu for result in hub), max(result.cpu for result in hub)
    summary = (
        f"This hub on Daphne, from {hub[0].readers:,} to {hub[-1].readers:,} readers: the most "
        f"expensive message costs {most / least:.2f} × the cheapest."
    )
    return f"{_table(head, rows)}\n\n{summary}"


def publishing(costs: dict[int, Cost]) -> str:
    first = costs[min(costs)]
    rows = [
        (
            f"{number}th",
            f"{cost.cpu:.1f}",
            f"{cost.cpu / first.cpu:.2f}",
            f"{cost.wall:.1f}",
            f"{cost.wall / first.wall:.2f}",
        )
        for number, cost in costs.items()
    ]
    head = ("declaration", "ms CPU", f"× the {min(costs)}th", "ms", f"× the {min(costs)}th")
    return _table(head, rows)


def paint(results: list[PaintTime]) -> str:
    rows = [
        (
            result.screen,
            f"{result.median:.0f}",
            f"{result.slowest:.0f}",
            f"{result.reload:.0f}",
            f"{result.reload / result.median:.1f}",
        )
        for result in results
    ]
    head = ("", "ms median", "ms slowest", "ms to reload", "× a bulletin")
    return f"With the processor {SLOWDOWN} times slower:\n\n{_table(head, rows)}"


def load(results: list[Load], readers: int) -> str:
    """Compare each phase with the same requests while no reader is connected."""
    unloaded = {result.rig: result.reporters for result in results if result.phase == NO_READERS}
    rows = [
        (
            result.rig,
            result.phase,
            *_latencies(result.reporters),
            f"{result.reporters.p99 / unloaded[result.rig].p99:.1f}",
            *_latencies(result.editor),
            f"{max(result.reporters.slowest, result.editor.slowest):.0f}",
            f"{result.seconds:.0f}",
        )
        for result in results
    ]
    head = (
        "",
        f"{readers:,} readers",
        "reporters’ requests",
        "p50 ms",
        "p99 ms",
        "p99 × no readers",
        "the editor’s",
        "p50 ms",
        "p99 ms",
        "slowest",
        "s",
    )
    return _table(head, rows)


def _latencies(latencies: Latencies) -> tuple[str, ...]:
    return f"{latencies.requests}", f"{latencies.p50:.0f}", f"{latencies.p99:.0f}"


def reconnecting(results: list[Reconnection]) -> str:
    """Compare each policy with all readers at once, for the same number of readers."""
    at_once = {result.readers: result for result in results if result.policy == AT_ONCE}
    rows = [
        (
            f"{result.readers:,}",
            result.end,
            "as the page does" if result.policy == PAGE else "every second, at once",
            f"{result.half:.1f}",
            f"{result.most:.1f}",
            f"{result.all:.1f}",
            f"{result.busiest:,}",
            f"{result.busiest / at_once[result.readers].busiest:.2f}",
            f"{result.cpu / 1000:.2f}",
            f"{result.attempts:.1f}",
            f"{result.queries}",
        )
        for result in results
    ]
    head = (
        "readers",
        "the server was",
        "readers reconnect",
        "s to 50 %",
        "99 %",
        "all",
        "in the busiest second",
        "× at once",
        "ms CPU / reader",
        "sockets tried",
        "queries",
    )
    missing = sum(result.missing for result in results)
    return f"{_table(head, rows)}\n\nReaders who had not reconnected at the end: {missing}."


def pages(results: list[PageRate]) -> str:
    bare = next(result for result in results if result.address == BARE)
    rows = [
        (
            result.address,
            f"{result.per_second:,.0f}",
            f"{result.per_second / bare.per_second:.2f}",
            f"{result.size:,}",
        )
        for result in results
    ]
    return _table(("", "responses a second", "× the bare view", "bytes"), rows)


def stuck(results: list[StuckReaders]) -> str:
    first = results[0]
    rows = [
        (result.kind, f"{result.memory:,.0f}", f"{result.memory / first.memory:.1f}")
        for result in results
    ]
    head = ("", f"kB / reader after {first.bulletins} bulletins", "× readers who read")
    return _table(head, rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---:" if name else "---" for name in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

"""The results of the benchmarks as the tables of docs/performance.md, each between two marks."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.commit_to_paint import CommitToPaint
from bench.councils import NightCost
from bench.drawing import PageCost
from bench.fan_out import FanOut
from bench.greedy import ALONE, Posts
from bench.page_rate import BARE, PageRate
from bench.paint import SLOWDOWN, PaintTime
from bench.publishing import SEATS, Cost
from bench.reconnecting import AT_ONCE, PAGE, Reconnection
from bench.rig import NODE, NODE_SAME, ServerKind
from bench.stuck_readers import READING, StuckReaders
from bench.under_load import NO_READERS, Load
from bench.whole_night import WholeNight
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


def fan_out(results: list[FanOut], node_problem: str) -> str:
    """Medians of the rounds, with the range behind them, for each number of readers and kind."""
    rounds: dict[tuple[int, ServerKind], list[FanOut]] = defaultdict(list)
    for result in results:
        rounds[result.readers, result.kind].append(result)
    cpu = {key: median(one.cpu for one in some) for key, some in rounds.items()}
    rows = [
        (
            f"{readers:,}",
            kind.name,
            _range([one.cpu for one in some]),
            _times(cpu[readers, kind], cpu.get((readers, NODE))),
            _times(cpu[readers, kind], cpu.get((readers, NODE_SAME))),
            f"{median(one.p50 for one in some):,.0f}",
            f"{median(one.p99 for one in some):,.0f}",
            _range([one.memory for one in some]),
        )
        for (readers, kind), some in rounds.items()
    ]
    head = (
        "readers",
        "",
        "µs CPU / bulletin",
        "× Node’s ws, full text",
        "× Node’s ws, same bytes",
        "p50 ms",
        "p99 ms",
        "kB / reader",
    )
    missing = f"\n\nNode’s ws was not measured: {node_problem}." if node_problem else ""
    return f"{_table(head, rows)}{missing}"


def _range(values: list[float]) -> str:
    """“26 (24–29)”: the median, the smallest and the largest."""
    return f"{median(values):.0f} ({min(values):.0f}–{max(values):.0f})"


def _times(value: float, of: float | None) -> str:
    return f"{value / of:.1f}" if of else "–"


def greedy(results: list[Posts]) -> str:
    alone = next(result for result in results if result.kind == ALONE)
    rows = [
        (
            result.kind,
            f"{result.posts}",
            f"{result.p50:.0f}",
            f"{result.p50 / alone.p50:.1f}",
            f"{result.slowest:.0f}",
            f"{result.slowest / alone.slowest:.1f}",
            f"{result.responses}",
        )
        for result in results
    ]
    head = ("", "POSTs", "p50 ms", "× alone", "slowest ms", "× alone", "greedy responses")
    return _table(head, rows)


def whole_night(result: WholeNight) -> str:
    rows = [
        (f"received by a reader of {what}", f"{size / 1e6:.2f} MB")
        for what, size in result.received.items()
    ]
    fonts = {address for address in result.visit if ".woff2" in address}
    rows += [
        ("a first visit at its end, as Daphne alone serves it", _visit(result, fonts)),
        ("the two files of its serif", _visit(result, result.visit.keys() - fonts)),
        (
            "`manage.py replay` of it",
            f"{result.seconds:.0f} s, {result.cpu:.0f} s of processor time",
        ),
    ]
    return _table((f"{result.bulletins} declarations", ""), rows)


def _visit(result: WholeNight, without: Collection[str]) -> str:
    sizes = [size for address, size in result.visit.items() if address not in without]
    return f"{sum(sizes) / 1000:.1f} kB in {len(sizes)} responses"


def commit_to_paint(result: CommitToPaint) -> str:
    head = ("", "p50 ms", "p99 ms", "slowest")
    rows = [
        (
            "from commit to paint in Chromium",
            f"{result.painted_p50:.0f}",
            f"{result.painted_p99:.0f}",
            f"{result.slowest:.0f}",
        ),
        (
            f"from commit to receipt by {result.readers:,} other readers",
            f"{result.received_p50:.0f}",
            f"{result.received_p99:.0f}",
            "",
        ),
    ]
    return f"{_table(head, rows)}\n\n{result.bulletins} bulletins, one a second."


def publishing(costs: dict[int, Cost]) -> str:
    first = costs[min(costs)]
    rows = [
        (
            f"{number:,}th of {SEATS:,}",
            f"{cost.cpu:.1f}",
            f"{cost.cpu / first.cpu:.2f}",
            f"{cost.wall:.1f}",
            f"{cost.wall / first.wall:.2f}",
        )
        for number, cost in costs.items()
    ]
    head = ("declaration", "ms CPU", f"× the {min(costs)}th", "ms", f"× the {min(costs)}th")
    return _table(head, rows)


def councils(measured: Mapping[str, NightCost]) -> str:
    """Compare the largest night, the last, with each of the others."""
    *others, largest = measured
    rows = []
    for name, field in (
        ("a declaration", "declaration"),
        ("the live page after it", "live_page"),
        ("the page of the seat, of the council", "other_page"),
    ):
        costs = {night: getattr(cost, field) for night, cost in measured.items()}
        ratios = [costs[largest] / costs[night] for night in others]
        rows.append(
            (name, *(f"{cost:.1f}" for cost in costs.values()), *map("{:.2f}".format, ratios))
        )
    return _table(("ms CPU", *measured, *(f"÷ {night}" for night in others)), rows)


def drawing(results: dict[int, dict[str, PageCost]]) -> str:
    """Compare the numbers of contests, page by page."""
    first, *_others = results.values()
    rows = [
        (
            name,
            *(f"{costs[name].after_bulletin:.0f}" for costs in results.values()),
            *(f"{costs[name].first:,.0f}" for costs in results.values()),
            *(f"{costs[name].size:,}" for costs in results.values()),
        )
        for name in first
    ]
    head = (
        "",
        *(f"ms CPU, {contests:,} contests" for contests in results),
        *(f"the first time, {contests:,}" for contests in results),
        *(f"bytes, {contests:,}" for contests in results),
    )
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
    reading = {result.server: result for result in results if result.readers == READING}
    rows = [
        (
            result.server,
            result.readers,
            f"{result.memory:,.0f}",
            f"{result.memory - reading[result.server].memory:,.0f}",
        )
        for result in results
    ]
    bulletins = results[0].bulletins
    head = ("", "", f"kB / reader after {bulletins} bulletins", "more than readers who read")
    return _table(head, rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---:" if name else "---" for name in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

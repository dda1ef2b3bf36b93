"""What was measured, as the tables of docs/performance.md, each between marks of its own."""

import re
from collections.abc import Sequence
from pathlib import Path

from bench.crowded import PHASES, Crowded
from bench.fanout import HUB, PEER, Measured
from bench.painting import SLOWDOWN, Painted
from bench.people import Took
from bench.publishing import Cost
from bench.snapshots import BARE, Asked
from bench.stuck import Stuck
from bench.wave import AT_ONCE, PAGE, Returned


def write(path: Path, tables: dict[str, str]) -> None:
    """Put each table between its marks in the document; the others stay as they are."""
    text = path.read_text()
    for name, table in tables.items():
        begin, end = f"<!-- bench: {name} -->", f"<!-- bench: end of {name} -->"
        between = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        assert len(between.findall(text)) == 1, name
        new = f"{begin}\n\n{table}\n\n{end}".replace("\\", r"\\")
        text = between.sub(new, text)
    path.write_text(text)


def fan_out(measured: list[Measured]) -> str:
    peers = {one.readers: one for one in measured if one.rig == PEER}
    rows = [
        (
            f"{one.readers:,}",
            one.rig,
            f"{one.cpu:.0f}",
            f"{one.cpu / peers[one.readers].cpu:.1f}",
            f"{one.p50:,.0f}",
            f"{one.p99:,.0f}",
            f"{one.memory:.0f}",
        )
        for one in measured
    ]
    head = ("readers", "", "µs CPU / message", "× the peer", "p50 ms", "p99 ms", "kB / reader")
    hub = [one for one in measured if one.rig == HUB]
    least, most = min(one.cpu for one in hub), max(one.cpu for one in hub)
    flat = (
        f"This hub on Daphne from {hub[0].readers:,} to {hub[-1].readers:,} readers: its dearest "
        f"message costs {most / least:.2f} × its cheapest."
    )
    return f"{_table(head, rows)}\n\n{flat}"


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


def painting(painted: list[Painted]) -> str:
    rows = [
        (
            one.screen,
            f"{one.median:.0f}",
            f"{one.slowest:.0f}",
            f"{one.reload:.0f}",
            f"{one.reload / one.median:.1f}",
        )
        for one in painted
    ]
    head = ("", "ms median", "ms slowest", "ms to reload", "× a bulletin")
    return f"On a processor {SLOWDOWN} times slower:\n\n{_table(head, rows)}"


def crowded(found: list[Crowded], readers: int) -> str:
    """Each phase beside the same people's requests when nobody reads."""
    alone = {one.rig: one.reporters for one in found if one.phase == PHASES[0]}
    rows = [
        (
            one.rig,
            one.phase,
            *_people(one.reporters),
            f"{one.reporters.p99 / alone[one.rig].p99:.1f}",
            *_people(one.editor),
            f"{max(one.reporters.slowest, one.editor.slowest):.0f}",
            f"{one.seconds:.0f}",
        )
        for one in found
    ]
    head = (
        "",
        f"{readers:,} readers",
        "reporters’ requests",
        "p50 ms",
        "p99 ms",
        "p99 × alone",
        "the editor’s",
        "p50 ms",
        "p99 ms",
        "slowest",
        "s",
    )
    return _table(head, rows)


def _people(took: Took) -> tuple[str, ...]:
    return f"{took.requests}", f"{took.p50:.0f}", f"{took.p99:.0f}"


def wave(found: list[Returned]) -> str:
    """Each way back beside all at once, with as many readers."""
    at_once = {one.readers: one for one in found if one.policy == AT_ONCE}
    rows = [
        (
            f"{one.readers:,}",
            one.end,
            "as the page does" if one.policy == PAGE else "each second, at once",
            f"{one.half:.1f}",
            f"{one.most:.1f}",
            f"{one.all:.1f}",
            f"{one.busiest:,}",
            f"{one.busiest / at_once[one.readers].busiest:.2f}",
            f"{one.cpu / 1000:.2f}",
            f"{one.tried:.1f}",
            f"{one.queries}",
        )
        for one in found
    ]
    head = (
        "readers",
        "the server was",
        "they come back",
        "s to 50 %",
        "99 %",
        "all",
        "in the busiest second",
        "× at once",
        "ms CPU / reader",
        "sockets tried",
        "queries",
    )
    left = sum(one.without for one in found)
    return f"{_table(head, rows)}\n\nReaders who were not back when it was over: {left}."


def snapshots(asked: list[Asked]) -> str:
    bare = next(one for one in asked if one.what == BARE)
    rows = [
        (
            one.what,
            f"{one.per_second:,.0f}",
            f"{one.per_second / bare.per_second:.2f}",
            f"{one.size:,}",
        )
        for one in asked
    ]
    return _table(("", "answers a second", "× the bare view", "bytes"), rows)


def stuck(found: list[Stuck]) -> str:
    first = found[0]
    rows = [(one.who, f"{one.memory:,.0f}", f"{one.memory / first.memory:.1f}") for one in found]
    head = ("", f"kB / reader after {first.bulletins} bulletins", "× who reads")
    return _table(head, rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---:" if name else "---" for name in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

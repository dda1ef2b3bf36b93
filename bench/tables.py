"""What was measured, as the tables of docs/performance.md."""

from pathlib import Path

from bench.fanout import HUB, PEER, Measured
from bench.painting import SLOWDOWN, Painted
from bench.publishing import Cost

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def everything(
    measured: list[Measured], costs: dict[int, Cost], painted: list[Painted], machine: str
) -> str:
    parts = [*_fan_out(measured), *_publishing(costs), *_painting(painted)]
    return "\n\n".join([f"Measured on {machine}.", *parts])


def write(path: Path, text: str) -> None:
    """Put the tables between their marks in the document."""
    before, _, rest = path.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def _fan_out(measured: list[Measured]) -> list[str]:
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
    return ["### One bulletin to every reader", _table(head, rows), flat]


def _publishing(costs: dict[int, Cost]) -> list[str]:
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
    return ["### One more declaration", _table(head, rows)]


def _painting(painted: list[Painted]) -> list[str]:
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
    return [
        f"### From a bulletin’s arrival to its paint, on a processor {SLOWDOWN} times slower",
        _table(head, rows),
    ]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---:" if name else "---" for name in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

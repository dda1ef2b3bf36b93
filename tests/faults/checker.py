"""Check a night's history against log and pages: nothing lost, doubled or untrue.

Jepsen's set-full in small. Pure: history, log and fresh pages in, sentences out.

A history's entries, by `what`:

- `invoke` key, seat, votes · `ok` key, sequence · `fail` key · `unknown` key: a writer's;
- `page` path, epoch, sequence, parts: a reader has loaded a page afresh, its parts by id;
- `frame` epoch, since, sequence, fragments: a reader was sent this, and has rendered it;
- `end` path, epoch, sequence, parts: what a reader's page shows at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from results.live.feed_list import entry_ids, is_entry
from results.live.tail import rounded_distance
from tests.faults.parts import with_later

Entry = dict[str, Any]
Parts = dict[str, str]


@dataclass(frozen=True)
class Log:
    """What the desk's database holds at the end of the night.

    `bulletins`: by epoch and sequence, the fragments.
    `sequences`: by idempotency key, the sequence.
    `revisions`: `(seat, revision, number, votes in ballot order)` of every declaration.
    """

    epoch: str
    sequence: int
    bulletins: dict[tuple[str, int], Parts]
    sequences: dict[str, int]
    revisions: list[tuple[str, int, int, list[int | None]]]
    fresh: dict[str, Parts] = field(default_factory=dict)
    """The parts of fresh pages, by their address."""


def log_of(data: dict[str, Any]) -> Log:
    """Read a log from JSON types."""
    return Log(
        epoch=data["epoch"],
        sequence=data["sequence"],
        bulletins={(epoch, number): parts for epoch, number, parts in data["bulletins"]},
        sequences=data["sequences"],
        revisions=[(seat, at, number, votes) for seat, at, number, votes in data["revisions"]],
        fresh=data["fresh"],
    )


def violations(history: list[Entry], log: Log) -> list[str]:
    """Return a sentence for each violation; an empty list for a correct night."""
    return [
        *_of_writers(history, log),
        *_of_the_log(log),
        *_of_fresh_pages(log),
        *_of_readers(history, log),
    ]


# --- Responses to reporters ----------------------------------------------------------------------


def _of_writers(history: list[Entry], log: Log) -> Iterator[str]:
    invoked = {entry["key"]: entry for entry in history if entry["what"] == "invoke"}
    answered = {entry["key"]: entry for entry in history if entry["what"] == "ok"}
    for key, answer in answered.items():
        number, asked = answer["sequence"], invoked[key]
        if key not in log.sequences:
            yield f"{asked['seat']}: acknowledged as bulletin {number}, and lost ({key})"
            continue
        if log.sequences[key] != number:
            yield f"{key}: acknowledged as bulletin {number}, and is {log.sequences[key]}"
        held = [
            votes for seat, _r, at, votes in log.revisions if (seat, at) == (asked["seat"], number)
        ]
        if held != [asked["votes"]]:
            yield f"{asked['seat']}: bulletin {number} holds {held}, not {asked['votes']}"
    for refused in (entry["key"] for entry in history if entry["what"] == "fail"):
        if refused in log.sequences and refused not in answered:
            yield f"{refused}: refused, and published as bulletin {log.sequences[refused]}"
    sent = {(entry["seat"], tuple(entry["votes"])) for entry in invoked.values()}
    for seat, revision, _number, votes in log.revisions:
        if (seat, tuple(votes)) not in sent:
            yield f"{seat}: revision {revision} holds what nobody sent: {votes}"


def _of_the_log(log: Log) -> Iterator[str]:
    numbers = [number for epoch, number in log.bulletins if epoch == log.epoch]
    if numbers != list(range(log.sequence - len(numbers) + 1, log.sequence + 1)):
        yield f"the log is not dense: {numbers}"
    seen: dict[tuple[str, tuple[int | None, ...]], int] = {}
    for seat, revision, _number, votes in log.revisions:
        result = (seat, tuple(votes))
        if result in seen:
            yield f"{seat}: revisions {seen[result]} and {revision} hold the same"
        seen[result] = revision


def _of_fresh_pages(log: Log) -> Iterator[str]:
    """Check that fresh pages show the votes of each seat's newest revision."""
    newest = {seat: (revision, votes) for seat, revision, _number, votes in log.revisions}
    for path, parts in log.fresh.items():
        seat = path.strip("/").rpartition("/")[2]
        revision, votes = newest.get(seat, (0, []))
        page = " ".join(parts.values())
        for figure in votes:
            if figure is not None and f"{figure:,}" not in page:
                yield f"{path} does not show {figure:,} of revision {revision}"


# --- What readers saw ----------------------------------------------------------------------------


def _of_readers(history: list[Entry], log: Log) -> Iterator[str]:
    for name in sorted({entry["who"] for entry in history if entry["what"] == "page"}):
        mine = [entry for entry in history if entry["who"] == name]
        yield from (f"{name}: {problem}" for problem in _of_one_reader(mine, log))


def _of_one_reader(mine: list[Entry], log: Log) -> Iterator[str]:
    epoch, at, shown = "", -1, Parts()
    base = -1
    for entry in mine:
        if entry["what"] == "page":
            if entry["epoch"] == epoch and entry["sequence"] < at:
                yield f"went back from {at} to {entry['sequence']} by loading afresh"
            epoch, at, shown = entry["epoch"], entry["sequence"], dict(entry["parts"])
            base = at
        elif entry["what"] == "frame":
            yield from problems_of_frame(entry, epoch, at)
            shown = with_later(shown, entry["fragments"])
            at = max(at, entry["sequence"])
            yield from _of_what_is_shown(shown, epoch, base, at, log)
    ends = [entry for entry in mine if entry["what"] == "end"]
    if not ends:
        yield "never came to the end of the night"
        return
    if (ends[-1]["epoch"], ends[-1]["sequence"]) != (log.epoch, log.sequence):
        yield f"ended at {ends[-1]['sequence']}, the log at {log.sequence}"
    fresh, mine_now = log.fresh[ends[-1]["path"]], ends[-1]["parts"]
    if fresh.keys() != mine_now.keys():
        yield f"ended with other parts than a fresh page: {sorted(fresh.keys() ^ mine_now.keys())}"
    for part in fresh.keys() & mine_now.keys():
        if mine_now[part] != fresh[part]:
            yield f"ended with another {part} than a fresh page"


def problems_of_frame(entry: Entry, epoch: str, at: int) -> Iterator[str]:
    """Check a frame that a page at `at` was sent."""
    if entry["epoch"] != epoch:
        yield f"was sent {entry['sequence']} of another epoch as if it were this one's"
    if entry["since"] > at:
        yield f"at {at} was sent what comes after {entry['since']}: something was left out"
    distance = rounded_distance(entry["sequence"] - at)
    if entry["since"] < min(at, entry["sequence"] - distance) and entry["fragments"]:
        yield f"at {at} was sent again what comes after {entry['since']}"
    if entry["sequence"] < at:
        yield f"went back from {at} to {entry['sequence']}"
    if entry["sequence"] == entry["since"] and entry["fragments"]:
        yield f"was sent at {at} what no bulletin brought: {sorted(entry['fragments'])}"


def _of_what_is_shown(shown: Parts, epoch: str, base: int, at: int, log: Log) -> Iterator[str]:
    """Check that each part of a page is as the last bulletin up to `at` rendered it.

    Of the feed's entries a page has those that it lists.
    """
    due: Parts = {}
    for number in range(base + 1, at + 1):
        if (epoch, number) not in log.bulletins:
            yield f"shows bulletin {number}, which the log does not hold"
        due |= log.bulletins.get((epoch, number), {})
    listed = entry_ids(shown.get("feed", ""))
    for part, html in due.items():
        if part in (listed if is_entry(part) else shown) and shown[part] != html:
            yield f"at {at} shows another {part} than the log"
            return

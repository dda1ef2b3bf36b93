"""A night under fault injection: reporters, an editor, readers, and the outcome."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from tests.faults.checker import log_of, violations
from tests.faults.editor import Editor
from tests.faults.history import History
from tests.faults.parts import parts_of
from tests.faults.people import POLL_SECONDS, TIMEOUT_SECONDS, Crowd, Item, Reader, Writer
from tests.seeds import faults
from tests.seeds.counts import PASSWORD
from tests.servers import Server

#: Seats of the night. Each is a winner first and its figures afterwards: two bulletins.
SEATS = 8
#: Seats whose figures the editor corrects once they are published.
CORRECTED = 2
#: Seconds that everything may take to come right once a fault is over.
RECOVERY_SECONDS = 180.0
PAGES = ("/ge/", "/ge/seat-0/", "/ge/corrections/")


class Application(Server):
    """A server that runs another application than the desk's own."""

    def __init__(self, folder: Path, application: str, **options: Any) -> None:
        super().__init__(folder, **options)
        self.application = application


@dataclass
class Night:
    """`servers` share a database. Writers and readers are spread over them by turns.

    Used as a context: people come at its beginning, and go at its end.
    """

    servers: list[Server]
    folder: Path
    polls_close: datetime | None = None
    readers: int = 4
    seats: int = SEATS
    timeout: float = TIMEOUT_SECONDS
    """Seconds that reporters wait for an answer before they send again."""
    history: History = field(default_factory=History)
    way: Callable[[Server], Server] = lambda server: server
    """How people get to a server: as it is, or by a line that may break."""

    def __enter__(self) -> Self:
        closing = self.polls_close.isoformat() if self.polls_close else None
        seats = self.servers[0].seed(faults.night, self.seats, closing)
        for server in self.servers:
            server.start()
        self.writers: list[Writer] = [
            Writer(
                name,
                self._server(index),
                self._items(seats[index::2], name),
                self.history,
                self.timeout,
            )
            for index, name in enumerate(faults.REPORTERS)
        ]
        self.writers.append(self._editor(seats[:CORRECTED]))
        self.crowd = Crowd(
            [
                Reader(f"reader {index}", self._server(index), PAGES[index % 3], self.history)
                for index in range(self.readers)
            ]
        )
        for writer in self.writers:
            writer.phone.sign_in(writer.who, PASSWORD)
        self.crowd.start()
        self.wait(lambda: len(self.history.of("page")) >= self.readers, "readers have come")
        return self

    def __exit__(self, *exc_info: object) -> None:
        for writer in self.writers:
            writer.over.set()
        if self.crowd.is_alive():
            self.crowd.end()
        self.history.save(self.folder / "history.jsonl")

    def _server(self, index: int) -> Server:
        return self.way(self.servers[index % len(self.servers)])

    def _items(self, seats: list[Any], name: str) -> list[Item]:
        return [item for slug, those, _pk in seats for item in _of_a_seat(slug, those, name)]

    def _editor(self, seats: list[Any]) -> Editor:
        items = [_correction(slug, those) for slug, those, _pk in seats]
        known = {
            slug: (pk, f"{faults.REPORTERS[index % 2]}-{slug}-figures")
            for index, (slug, _those, pk) in enumerate(seats)
        }
        return Editor(faults.EDITOR, self._server(0), items, self.history, known)

    # --- During the night -----------------------------------------------------------------------

    def write(self) -> None:
        for writer in self.writers:
            writer.start()

    def wait(
        self, condition: Callable[[], bool], what: str, seconds: float = RECOVERY_SECONDS
    ) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s in vain until {what}")
            time.sleep(POLL_SECONDS)

    def wait_for_answers(self, count: int) -> None:
        self.wait(lambda: len(self.history.of("ok")) >= count, f"{count} were acknowledged")

    def finish(self) -> list[str]:
        """Wait until everything is sent and every reader has it; return all violations."""
        self.wait(lambda: not any(writer.is_alive() for writer in self.writers), "all was sent")
        epoch, sequence = self.servers[0].seed(faults.position)
        self.crowd.all_at(epoch, sequence, RECOVERY_SECONDS)
        self.crowd.end()
        data = self._read_log()
        (self.folder / "log.json").write_text(json.dumps(data))
        # Nothing that these reporters send may be refused: that would lose it as well.
        refused = [
            f"{entry['key']}: refused: {entry['answer']}" for entry in self.history.of("fail")
        ]
        return [*refused, *violations(self.history.entries, log_of(data))]

    def _read_log(self) -> dict[str, Any]:
        """Return what the database holds, and what fresh pages show."""
        return {
            **self.servers[0].seed(faults.log),
            "fresh": {path: parts_of(self.servers[0].get(path)) for path in PAGES},
        }


def _of_a_seat(slug: str, candidates: list[int], name: str) -> list[Item]:
    """Return two items for a seat: the winner, then the full figures."""
    votes = _votes(slug)
    winner = {"step": "winner", "winners": str(candidates[0]), "base_revision": "0"}
    figures = {"step": "publish", "base_revision": "1", "warning_reason": "As read out."}
    return [
        Item(slug, [None, None], winner, f"{name}-{slug}-winner"),
        Item(slug, votes, figures | _typed(candidates, votes), f"{name}-{slug}-figures"),
    ]


def _correction(slug: str, candidates: list[int]) -> Item:
    """Return a correction, with a reason for readers and one for the record."""
    votes = [total + 321 for total in _votes(slug)]
    reasons = {
        "reason": "Two digits were misheard.",
        "blame": "ours",
        "warning_reason": "Read again.",
    }
    return Item(slug, votes, reasons | _typed(candidates, votes), f"eve-{slug}-correction")


def _votes(slug: str) -> list[int]:
    number = int(slug.rsplit("-", 1)[1])
    return [20_000 + number, 15_000 - number]


def _typed(candidates: list[int], votes: list[int]) -> dict[str, str]:
    return {f"votes-{pk}": str(total) for pk, total in zip(candidates, votes, strict=True)}

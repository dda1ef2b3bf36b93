"""A night under faults: reporters who send, an editor who corrects, readers, what it came to."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.faults.checker import Log, violations
from tests.faults.editor import Editor
from tests.faults.history import History
from tests.faults.parts import parts_of
from tests.faults.people import LOOK, PATIENCE, Crowd, Item, Reader, Writer
from tests.servers import Server

#: Seats of the night. Each is a winner first and its figures afterwards: two bulletins.
SEATS = 8
#: Seats whose figures the editor corrects once they are published.
CORRECTED = 2
#: Seconds that everything may take to come right once a fault is over.
HEAL = 180.0
PAGES = ("/ge/", "/ge/seat-0/", "/ge/corrections/")

SEED = """
import json
from results.models import Assignment
from tests import nights
night = nights.election(second_person="never", {election})
users = []
for name in ("ann", "bob"):
    user = nights.user(name); user.set_password("a-password"); user.save(); users.append(user)
editor = nights.user("eve", staff=True); editor.set_password("a-password"); editor.save()
seats = []
for number in range({seats}):
    seat = nights.contest(night, f"Seat {{number}}", [("Ann Hall", "lab"), ("Bob Rice", "con")],
                          last={{"con": 20000, "lab": 15000}}, hex_q=number, hex_r=0)
    Assignment.objects.create(reporter=users[number % 2], contest=seat)
    seats.append([seat.slug, [one.pk for one in seat.candidates.all()], seat.pk])
print(json.dumps(seats))
"""
LOG = """
import json
from results.models import Bulletin, Declaration, Night, Receipt
night = Night.objects.get(election__slug="ge")
mine = Bulletin.objects.filter(election=night.election).order_by("sequence")
receipts = Receipt.objects.filter(bulletin__in=mine)
held = Declaration.objects.filter(contest__election=night.election).order_by("pk")
def votes(one):
    return [one.figures.votes[each.pk] for each in one.contest.candidates.all()]
print(json.dumps({
    "epoch": str(night.epoch),
    "sequence": night.sequence,
    "bulletins": [[str(one.epoch), one.sequence, one.fragments] for one in mine],
    "receipts": dict(receipts.values_list("key", "bulletin__sequence")),
    "revisions": [[one.contest.slug, one.revision, one.sequence, votes(one)] for one in held],
}))
"""
NOW = """
from results.models import Night
night = Night.objects.get(election__slug="ge")
print(night.epoch, night.sequence)
"""


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
    election: str = ""
    readers: int = 4
    seats: int = SEATS
    patience: float = PATIENCE
    """Seconds that reporters wait for an answer before they send again."""
    history: History = field(default_factory=History)
    way: Callable[[Server], Server] = lambda server: server
    """How people get to a server: as it is, or by a line that may break."""

    def __enter__(self) -> Self:
        seed = SEED.format(seats=self.seats, election=self.election)
        seats = json.loads(self.servers[0].python(seed).stdout)
        for server in self.servers:
            server.start()
        self.writers: list[Writer] = [
            Writer(
                name,
                self._server(place),
                self._items(seats[place::2], name),
                self.history,
                self.patience,
            )
            for place, name in enumerate(("ann", "bob"))
        ]
        self.writers.append(self._editor(seats[:CORRECTED]))
        self.crowd = Crowd(
            [
                Reader(f"reader {place}", self._server(place), PAGES[place % 3], self.history)
                for place in range(self.readers)
            ]
        )
        for writer in self.writers:
            writer.phone.sign_in(writer.who, "a-password")
        self.crowd.start()
        self.wait(lambda: len(self.history.of("page")) >= self.readers, "readers have come")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for writer in self.writers:
            writer.over.set()
        if self.crowd.is_alive():
            self.crowd.end()
        self.history.keep(self.folder / "history.jsonl")

    def _server(self, place: int) -> Server:
        return self.way(self.servers[place % len(self.servers)])

    def _items(self, seats: list[Any], name: str) -> list[Item]:
        return [item for slug, those, _pk in seats for item in _of_a_seat(slug, those, name)]

    def _editor(self, seats: list[Any]) -> Editor:
        items = [_correction(slug, those) for slug, those, _pk in seats]
        known = {
            slug: (pk, f"{('ann', 'bob')[place % 2]}-{slug}-figures")
            for place, (slug, _those, pk) in enumerate(seats)
        }
        return Editor("eve", self._server(0), items, self.history, known)

    # --- Its course -----------------------------------------------------------------------------

    def write(self) -> None:
        for writer in self.writers:
            writer.start()

    def wait(self, come_about: Callable[[], bool], what: str, seconds: float = HEAL) -> None:
        deadline = time.monotonic() + seconds
        while not come_about():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s in vain until {what}")
            time.sleep(LOOK)

    def wait_for_answers(self, count: int) -> None:
        self.wait(lambda: len(self.history.of("ok")) >= count, f"{count} were acknowledged")

    def finish(self) -> list[str]:
        """Wait until everything is sent and everyone has seen it; every violation there was."""
        self.wait(lambda: not any(one.is_alive() for one in self.writers), "all was sent")
        epoch, sequence = self.servers[0].python(NOW).stdout.split()
        self.crowd.all_at(epoch, int(sequence), HEAL)
        self.crowd.end()
        said = self._said()
        (self.folder / "log.json").write_text(json.dumps(said))
        # Nothing that these reporters send may be refused: a desk that says no loses it as well.
        refused = [f"{one['key']}: refused: {one['said']}" for one in self.history.of("fail")]
        return [*refused, *violations(self.history.entries, log_of(said))]

    def _said(self) -> dict[str, Any]:
        """What the desk holds, and what it shows afresh."""
        said: dict[str, Any] = json.loads(self.servers[0].python(LOG).stdout)
        return {
            **said,
            "fresh": {path: parts_of(self.servers[0].get(path)) for path in PAGES},
        }


def log_of(said: dict[str, Any]) -> Log:
    return Log(
        epoch=said["epoch"],
        sequence=said["sequence"],
        bulletins={(epoch, number): parts for epoch, number, parts in said["bulletins"]},
        receipts=said["receipts"],
        revisions=[(seat, at, number, votes) for seat, at, number, votes in said["revisions"]],
        fresh=said["fresh"],
    )


def _of_a_seat(slug: str, candidates: list[int], name: str) -> list[Item]:
    """The winner, and the full figures after that."""
    votes = _votes(slug)
    winner = {"step": "flash", "winners": str(candidates[0]), "base_revision": "0"}
    figures = {"step": "publish", "base_revision": "1", "warning_reason": "As read out."}
    return [
        Item(slug, [None, None], winner, f"{name}-{slug}-winner"),
        Item(slug, votes, figures | _typed(candidates, votes), f"{name}-{slug}-figures"),
    ]


def _correction(slug: str, candidates: list[int]) -> Item:
    """Other figures for both, with a reason for readers and one for the record."""
    votes = [total + 321 for total in _votes(slug)]
    said = {"reason": "Two digits were misheard.", "fault": "ours", "warning_reason": "Read again."}
    return Item(slug, votes, said | _typed(candidates, votes), f"eve-{slug}-correction")


def _votes(slug: str) -> list[int]:
    number = int(slug.rsplit("-", 1)[1])
    return [20_000 + number, 15_000 - number]


def _typed(candidates: list[int], votes: list[int]) -> dict[str, str]:
    return {f"votes-{pk}": str(total) for pk, total in zip(candidates, votes, strict=True)}

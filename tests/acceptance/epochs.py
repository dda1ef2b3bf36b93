"""A small past night, the commands that start a new epoch, and an outside client."""

import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.acceptance.html_forms import form_fields
from tests.phone import Phone
from tests.processes import START_SECONDS
from tests.servers import Server

PASSWORD = "a password for this test"

SEATS = """ons_id,constituency_name,region_name,country_name,declaration_time,result,first_party,\
second_party,electorate,valid_votes,invalid_votes,majority,con,lab,other
X1,Upper Vale,North,England,2019-12-13 01:30:00,Lab hold,Lab,Con,70000,40000,100,2000,19000,21000,0
X2,Lower Vale,North,England,2019-12-13 02:15:00,Con gain from Lab,Con,Lab,60000,27500,,500,14000,\
13500,0
X3,Far Vale,North,England,2019-12-13 03:05:00,Lab hold,Lab,Con,65000,30000,80,2000,14000,16000,0
"""
CANDIDATES = """ons_id,constituency_name,region_name,country_name,party_name,party_abbreviation,\
firstname,surname,sitting_mp,votes
X1,Upper Vale,North,England,Labour,Lab,Ann,Hall,Yes,21000
X1,Upper Vale,North,England,Conservative,Con,Bob,Rice,No,19000
X2,Lower Vale,North,England,Conservative,Con,Cat,Moss,No,14000
X2,Lower Vale,North,England,Labour,Lab,Dan,Reed,Yes,13500
X3,Far Vale,North,England,Labour,Lab,Eve,Lane,Yes,16000
X3,Far Vale,North,England,Conservative,Con,Guy,Dale,No,14000
"""
LAST_SEATS = """ons_id,constituency_name,region_name,country_name,declaration_time,result,\
first_party,second_party,electorate,valid_votes,invalid_votes,majority,con,lab,other
X1,Upper Vale,North,England,2017-06-09 01:30:00,Con hold,Con,Lab,69000,39000,90,1000,20000,19000,0
X2,Lower Vale,North,England,2017-06-09 02:15:00,Lab hold,Lab,Con,59000,27000,,1000,13000,14000,0
X3,Far Vale,North,England,2017-06-09 03:05:00,Lab hold,Lab,Con,64000,29000,70,1000,14000,15000,0
"""
HEXES = {
    "layout": "odd-r",
    "hexes": {
        "X1": {"n": "Upper Vale", "q": 0, "r": 1},
        "X2": {"n": "Lower Vale", "q": 0, "r": 0},
        "X3": {"n": "Far Vale", "q": 1, "r": 0},
    },
}


@dataclass(frozen=True)
class Position:
    """Where a page or a client is in the log."""

    epoch: str
    sequence: int

    @property
    def query(self) -> str:
        return f"epoch={self.epoch}&since={self.sequence}"


class EpochNight:
    """Two of three seats are declared; the third is there for later.

    `desk` is the server that readers use, `writer` the one that editors use: the same, or another
    on the same database.
    """

    def __init__(self, desk: Server, writer: Server | None = None) -> None:
        self.desk, self.writer = desk, writer or desk

    def set_up(self) -> None:
        desk = self.desk
        desk.manage("replay", "ge", *self._results(), "--speed", "0", "--only", "2")
        desk.environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
        desk.manage(
            "createsuperuser", "--noinput", "--username", "ed", "--email", "ed@desk.example"
        )

    def declare(self, command: str, *options: str, times: bool = True) -> None:
        """All three seats, by a command that loads results."""
        files = self._results()
        if not times:
            files = files[1:]
        use = ["--speed", "0"] if command == "replay" else ["--as", "declared"]
        self.desk.manage(command, "ge", *files, *use, *options)

    def _results(self) -> list[Path]:
        return [self._file("seats.csv", SEATS), self._file("candidates.csv", CANDIDATES)]

    def _file(self, name: str, text: str) -> Path:
        path = self.desk.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    # --- What starts a new epoch --------------------------------------------------------------

    def start_over(self) -> None:
        self.desk.manage("start_over", "ge")

    def load_last_results(self) -> None:
        last = self._file("last.csv", LAST_SEATS)
        self.desk.manage("load_results", "ge", last, "--as", "previous")

    def load_map(self) -> None:
        self.desk.manage("load_map", "ge", self._file("map.hexjson", json.dumps(HEXES)))

    def restore_backup(self) -> None:
        file = self.desk.folder / "kept.tar.gz"
        self.desk.manage("backup", file)
        self.desk.manage("restore", file, "--replace")

    def rename_party(self) -> None:
        """In the admin, as an editor does it: a correction, with a bulletin of its own."""
        editor = Phone(self.writer)
        editor.get("/admin/login/")
        editor.post("/admin/login/?next=/admin/", {"username": "ed", "password": PASSWORD})
        listed = editor.get("/admin/results/party/?q=Labour")
        address = re.search(r"/admin/results/party/\d+/change/", listed.text)
        assert address is not None, listed.text
        page = editor.get(address[0])
        asked = editor.post(page.path, form_fields(page.text) | {"name": "Labour and others"})
        assert "What readers will see" in asked.text, asked.text
        why = {"correction-reason": "It is a list of several.", "correction-tick": "on"}
        answer = editor.post(page.path, form_fields(asked.text) | why)
        assert "Corrected, with the reason: bulletin 3" in answer.text, answer.text

    # --- Afterwards ---------------------------------------------------------------------------

    def declare_the_next(self) -> None:
        """The bulletin after the change."""
        self.desk.manage("replay", "ge", *self._results(), "--speed", "0")

    def restart(self) -> None:
        for server in {self.desk, self.writer}:
            server.restart()

    # --- What an outside client sees ----------------------------------------------------------

    def position(self) -> Position:
        """Return the night's position, as `/now/` answers it."""
        now = json.loads(self.desk.get("/ge/now/"))
        return Position(now["epoch"], now["sequence"])

    def socket(self, position: Position) -> ClientConnection:
        address = self.desk.socket_url(f"/live/ge/?{position.query}")
        return connect(address, origin=Origin(self.desk.origin), open_timeout=START_SECONDS)

    def updates(self, position: Position) -> dict[str, Any]:
        path = f"/ge/updates/{position.sequence}/?epoch={position.epoch}"
        with urllib.request.urlopen(self.desk.url(path), timeout=START_SECONDS) as answer:
            document: dict[str, Any] = json.loads(answer.read())
        return document


def frame(socket: ClientConnection) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(socket.recv(timeout=START_SECONDS))
    return document


def news(socket: ClientConnection, position: Position) -> dict[str, Any]:
    """Receive the next frame that is not the heartbeat of a reader at this position."""
    while (document := frame(socket)) == up_to_date(position):
        pass
    return document


Change = Callable[[EpochNight], None]
CHANGES: dict[str, Change] = {
    "start over": EpochNight.start_over,
    "load last results": EpochNight.load_last_results,
    "load a map": EpochNight.load_map,
    "restore a backup": EpochNight.restore_backup,
    "rename a party": EpochNight.rename_party,
}


def sequence_after(change: str) -> int:
    """The newest bulletin after a change to a night of two."""
    return 3 if change == "rename a party" else 2


# --- A change, step by step -------------------------------------------------------------------


def up_to_date(position: Position) -> dict[str, object]:
    sequence = position.sequence
    return {"epoch": position.epoch, "since": sequence, "sequence": sequence, "fragments": {}}


def assert_up_to_date(night: EpochNight, sequence: int) -> Position:
    """Assert that a client at the night's position is up to date, over each transport."""
    newest = night.position()
    assert newest.sequence == sequence
    page = night.desk.get("/ge/")
    assert f'data-epoch="{newest.epoch}" data-sequence="{sequence}"' in page
    assert night.updates(newest) == up_to_date(newest)
    with night.socket(newest) as socket:
        assert frame(socket) == up_to_date(newest)
    return newest


def follow(
    night: EpochNight, change: str, looking: Callable[[str, Position], None] | None = None
) -> None:
    """Make a change, and later publish a bulletin; restart the server after each.

    `looking` is called after each step, with the step's name and the night's position.
    """
    look = looking or (lambda _step, _position: None)
    old = assert_up_to_date(night, 2)
    with night.socket(old) as reader:
        assert frame(reader) == up_to_date(old)
        CHANGES[change](night)
        document = news(reader, old)
        assert document["resync"]
    number = sequence_after(change)
    newest = assert_up_to_date(night, number)
    assert newest.epoch != old.epoch
    assert document == {"resync": True, "epoch": newest.epoch, "sequence": number}
    look("changed", newest)

    night.restart()
    assert assert_up_to_date(night, number) == newest
    look("restarted", newest)

    with night.socket(newest) as reader:
        assert frame(reader) == up_to_date(newest)
        night.declare_the_next()
        document = news(reader, newest)
        assert (document["epoch"], document["since"]) == (newest.epoch, number)
        assert document["sequence"] == number + 1
    look("declared", assert_up_to_date(night, number + 1))

    night.restart()
    look("restarted", assert_up_to_date(night, number + 1))
    # A page from the start of the epoch catches up; one of the epoch before reloads.
    assert night.updates(newest)["since"] == number
    with night.socket(newest) as reader:
        document = frame(reader)
        assert (document.get("since"), document["sequence"]) == (number, number + 1)
    with night.socket(old) as reader:
        assert frame(reader)["resync"]

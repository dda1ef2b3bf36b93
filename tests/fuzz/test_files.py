"""Corrupted import files: loaded, or refused with the file's name and nothing stored."""

import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, strategies as st

from electiondesk.backup import BackupError, Discarded, restoration, restore
from electiondesk.backup.engine import Finish
from electiondesk.backup.sqlite import SQLite
from results.models import Contest, Election, Region
from tests import nights
from tests.exchange import files
from tests.fuzz.hostile import TIMES, hostile_examples, rolled_back, rows

pytestmark = [pytest.mark.django_db, pytest.mark.db]

#: Cells that are no cells of anybody's.
CELLS = [
    "", " ", "=1+1", "-5", "NaN", "Infinity", "1e9", "²", "9" * 30, "9" * 5000, "x" * 9000,
    "x" * 300, "ŵ" * 161, "!!!", "\x08", "\u202e", "\u2028", "â€€", "Â\u00a0", '"', '""', "\r",
    "<script>", "../..", "01/01/0001 00:00", "9999-12-31 23:59", "2031-13-45", "0001-01-01",
    "corrections", "feed", "independent", "speaker", "party:0", "0", "999999999",
]  # fmt: skip
#: As with a form: those that have found something, and all of them in a hunt.
FINDERS = ["", "!!!", "\x08", "â€€", "9" * 30, "99999", "x" * 300, "9999-12-31 23:59", "-5"]
ALONE = FINDERS if TIMES == 1 else CELLS
LOADS: dict[str, tuple[str, list[str]]] = {
    "candidates": (files.NOMINATIONS, ["load_candidates", "new", "FILE"]),
    "newer candidates": (files.NEWER_NOMINATIONS, ["load_candidates", "new", "FILE"]),
    "candidates again": (files.NOMINATIONS, ["load_candidates", "ge", "FILE"]),
    "declared": (
        files.CANDIDATES,
        ["load_results", "new", "FILE", "--as", "declared", "--date", "2031-05-02"],
    ),
    "newer declared": (
        files.NEWER_CANDIDATES,
        ["load_results", "new", "FILE", "--as", "declared", "--date", "2031-05-02"],
    ),
    "previous": (files.SEATS, ["load_results", "ge", "FILE"]),
    "previous by candidate": (files.CANDIDATES, ["load_results", "ge", "FILE"]),
    "compared": (files.CANDIDATES, ["compare", "ge", "FILE"]),
}


@st.composite
def spoilt_tables(draw: st.DrawFn, text: str) -> bytes:
    lines = text.splitlines()
    for _time in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        cells = lines[at].split(",")
        which = draw(st.integers(0, len(cells) - 1))
        what = draw(st.sampled_from(["cell"] * 6 + ["drop", "repeat", "cut", "line", "gone"]))
        if what == "cell":
            cells[which] = draw(st.sampled_from(CELLS) | st.text(max_size=20))
        elif what == "drop":
            del cells[which]
        elif what == "repeat":
            cells[which] = cells[0]
        elif what == "cut":
            cells = [lines[at][: draw(st.integers(0, len(lines[at])))]]
        lines[at : at + 1] = {"line": [lines[at]] * 2, "gone": []}.get(what, [",".join(cells)])
        lines = lines or [""]
    raw = "\n".join(lines).encode(draw(st.sampled_from(["utf-8"] * 4 + ["utf-8-sig"])), "replace")
    noise = draw(st.sampled_from([b""] * 6 + [b"\0", b"\xff\xfe", b'"', b"\xc3", b"\x80\x81"]))
    offset = draw(st.integers(0, len(raw)))
    return raw[:offset] + noise + raw[offset:]


def load(arguments: list[str], file: Path) -> None:
    """Load the file, or assert a refusal that names it and has stored nothing."""
    before = rows()
    out = io.StringIO()
    try:
        call_command(*[str(file) if argument == "FILE" else argument for argument in arguments],
                     stdout=out, stderr=out)  # fmt: skip
    except CommandError as exc:
        refusal = str(exc)
    else:
        refusal = ""
    if refusal:
        assert rows() == before
        assert file.name in refusal or "Nothing was changed" in refusal
    else:
        assert all(Contest.objects.values_list("slug", flat=True))
        assert all(Region.objects.values_list("slug", flat=True))


@pytest.fixture
def ground(db: None) -> Election:
    """An election with the seats that the files name."""
    night = nights.election()
    for name, code in (("Upper Vale", "X1"), ("Lower Vale, East", "X2")):
        nights.contest(night, name, [("Ann Hall", "lab"), ("Bob Rice", "con")], code=code)
    return night


@pytest.mark.parametrize("name", LOADS)
def test_corrupted_table(ground: Election, tmp_path: Path, name: str) -> None:
    text, arguments = LOADS[name]
    file = tmp_path / "spoilt.csv"

    @hostile_examples(30)
    @given(raw=spoilt_tables(text))
    def check(raw: bytes) -> None:
        file.write_bytes(raw)
        with rolled_back():
            load(arguments, file)

    check()


@pytest.mark.parametrize("name", ["candidates", "newer candidates", "declared", "previous"])
def test_each_cell_by_itself(ground: Election, tmp_path: Path, name: str) -> None:
    """Random examples seldom reach this: every hostile value in each column of the first row."""
    text, arguments = LOADS[name]
    header, first, *rest = text.splitlines()
    file = tmp_path / "spoilt.csv"
    for which in range(len(header.split(","))):
        for cell in ALONE:
            cells = first.split(",")
            if which >= len(cells):
                continue
            cells[which] = cell
            file.write_text("\n".join([header, ",".join(cells), *rest]), newline="")
            with rolled_back():
                load(arguments, file)


HEXES = {"layout": "odd-r", "hexes": {"X1": {"n": "Upper Vale", "q": 0, "r": 0}}}
JSONS = [
    "", "{", "[]", "null", "1", '"x"', "NaN", '{"hexes": []}', "[" * 100_000,
    '{"layout": "odd-r", "hexes": ' + '{"a":' * 50_000, '{"layout": ["odd-r"], "hexes": {}}',
    '{"layout": "odd-r", "hexes": {"X1": {"q": ' + "9" * 5000 + ', "r": 0}}}',
    '{"layout": "odd-r", "hexes": {"X1": {"q": NaN, "r": Infinity}}}',
    '{"layout": "odd-r", "hexes": {"X1": {"q": true, "r": 0}}}',
    '{"layout": "odd-r", "hexes": {"\\ud800": {"n": "\\ud800\\u0000", "q": 0, "r": 0}}}',
    '{"layout": "odd-r", "hexes": {"X1": null}}', '{"layout": {"a": 1}, "hexes": {"X1": {}}}',
]  # fmt: skip


def test_corrupted_map(ground: Election, tmp_path: Path) -> None:
    file = tmp_path / "map.hexjson"
    whole = json.dumps(HEXES)
    noises = [whole[:at] + noise + whole[at:] for at in range(0, len(whole), 5) for noise in "\0{9"]
    for text in [*JSONS, *noises, "\ufeff" + whole]:
        file.write_text(text)
        with rolled_back():
            load(["load_map", "ge", "FILE"], file)
    for raw in (b"\xff\xfe{", b"\x80", whole.encode("utf-16")):
        file.write_bytes(raw)
        with rolled_back():
            load(["load_map", "ge", "FILE"], file)


# --- A backup to be restored ------------------------------------------------------------------


def _file(name: str, content: bytes = b"x", **more: Any) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for key, value in more.items():
        setattr(member, key, value)
    return member, content


def _about(engine: str = "sqlite", **more: Any) -> tuple[tarfile.TarInfo, bytes]:
    about = {"engine": engine, "made_at": "2026-11-26T03:30:00+00:00", **more}
    return _file("about.json", json.dumps(about).encode())


ARCHIVES: dict[str, Callable[[], list[tuple[tarfile.TarInfo, bytes]]]] = {
    "nothing": list,
    "no database": lambda: [_about()],
    "an empty database": lambda: [_about(), _file("database.sqlite3", b"")],
    "no database of ours": lambda: [_about(), _file("database.sqlite3", b"rubbish" * 999)],
    "about is a list": lambda: [_file("about.json", b"[]")],
    "about is deep": lambda: [_file("about.json", b"[" * 100_000)],
    "about says nothing": lambda: [_file("about.json", b"{}")],
    "about has no time": lambda: [_file("about.json", b'{"engine": "sqlite"}')],
    "about has no real time": lambda: [_about(made_at="x"), _file("database.sqlite3")],
    "about is huge": lambda: [_file("about.json", b" " * 11_000_000)],
    "another engine": lambda: [_about("postgresql"), _file("database.sqlite3")],
    "out of the folder": lambda: [_about(), _file("../out")],
    "an absolute path": lambda: [_about(), _file("/tmp/electiondesk-out")],
    "a link out": lambda: [_file("media", b"", type=tarfile.SYMTYPE, linkname="/etc"), _about()],
    "a hard link": lambda: [_file("media/x", b"", type=tarfile.LNKTYPE, linkname="/etc/passwd")],
    "a device": lambda: [_about(), _file("media/null", b"", type=tarfile.CHRTYPE)],
    "a pipe": lambda: [_about(), _file("database.sqlite3", b"", type=tarfile.FIFOTYPE)],
    "a picture outside": lambda: [_about(), _file("database.sqlite3"), _file("media/../../out")],
    "a folder for a database": lambda: [
        _about(), _file("database.sqlite3", b"", type=tarfile.DIRTYPE)
    ],
}  # fmt: skip


class Reading(SQLite):
    """Reads a backup as a restore does, and fails if a bad one is accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_there(self) -> bool:
        return False

    def scratch_folder(self) -> Path:
        return self.folder

    def prepare(self, dump: Path, finish: Finish) -> NoReturn:
        pytest.fail("rubbish was taken for a backup")


@pytest.fixture
def scratch(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where restores unpack; nothing else may be written to."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(restoration, "engine", lambda: Reading(folder))
    return folder


def consent(made_at: datetime, discarded: Discarded) -> NoReturn:
    pytest.fail("was asked about rubbish")


@pytest.mark.parametrize(
    "contents", [5, [], {}, {"logs": 5}, {"logs": {"ge": [[1]]}, "accounts": 1}, "x", {"logs": {}}]
)
def test_refuses_a_backup_with_a_corrupted_summary(
    tmp_path: Path, scratch: Path, contents: object
) -> None:
    database, file = tmp_path / "desk.sqlite3", tmp_path / "hostile.tar.gz"
    with closing(sqlite3.connect(database)) as there:
        there.execute("CREATE TABLE results_election (id integer)")
        there.execute("CREATE TABLE django_migrations (app text, name text)")
    members = [_about(contents=contents), _file("database.sqlite3", database.read_bytes())]
    with tarfile.open(file, "w:gz") as packed:
        for member, content in members:
            packed.addfile(member, io.BytesIO(content))
    with pytest.raises(BackupError):
        restore(file, consent=consent)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("name", ARCHIVES)
def test_refuses_other_files(tmp_path: Path, scratch: Path, name: str) -> None:
    """Nothing of it is written to the pictures or any other folder."""
    file = tmp_path / "hostile.tar.gz"
    with tarfile.open(file, "w:gz") as packed:
        for member, content in ARCHIVES[name]():
            packed.addfile(member, io.BytesIO(content))
    with pytest.raises(BackupError):
        restore(file, consent=consent)
    assert sorted(tmp_path.iterdir()) == [file, scratch]
    assert not list(scratch.iterdir())
    assert not Path("/tmp/electiondesk-out").exists()


def test_refuses_a_damaged_backup(tmp_path: Path, scratch: Path) -> None:
    file = tmp_path / "cut.tar.gz"
    with tarfile.open(file, "w:gz") as packed:
        for member, content in [_about(), _file("database.sqlite3", bytes(range(256)) * 400)]:
            packed.addfile(member, io.BytesIO(content))
    whole = file.read_bytes()
    for at in range(0, len(whole) - 1, max(len(whole) // 40, 1)):
        for raw in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 : at + 50]):
            file.write_bytes(raw)
            with pytest.raises(BackupError):
                restore(file, consent=consent)
    assert not list(scratch.iterdir())

"""Restore over a live desk: losses are listed and backed up, open pages reload."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.acceptance import backup_night
from tests.acceptance.backup_night import PASSWORD
from tests.acceptance.backups import Machines, fingerprint, state
from tests.needs import ROOT
from tests.phone import Phone, Response
from tests.processes import START_SECONDS
from tests.servers import Server

COUNT = "/count/ge/vale/"
SENT_AFTER = "sent after the backup"


class LiveDesk:
    """A desk that was backed up and went on: two publications, a declaration, an account and more.

    `before` signed in before the backup and `since` after it; an open page is at the newest number.
    """

    def __init__(self, desk: Server, file: Path) -> None:
        self.desk, self.file = desk, file
        self.before, self.since = Phone(desk), Phone(desk)
        self.before.sign_in("early", PASSWORD)
        desk.manage("backup", file)
        self.backed_up = state(desk)
        desk.seed(backup_night.go_on)
        self.since.sign_in("early", PASSWORD)
        assert self.declare().status == 200
        self.lost = state(desk)
        self.number = self.lost["sequence"]

    def declare(self) -> Response:
        """Declare as the phone does, under the same key each time."""
        votes = dict(zip(self.backed_up["candidates"], (9_000, 8_000), strict=True))
        return self.before.declare(COUNT, votes, idempotency_key=SENT_AFTER, rejected="10")

    def open_page(self) -> ClientConnection:
        address = f"/live/ge/?since={self.number}&epoch={self.lost['epoch']}"
        return connect(
            self.desk.socket_url(address),
            open_timeout=START_SECONDS,
            origin=Origin(self.desk.origin),
        )


@pytest.fixture(scope="module")
def live(machines: Machines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDesk]:
    """The same for each test here: the last one restores it."""
    with machines.night() as desk:
        yield LiveDesk(desk, tmp_path_factory.mktemp("live") / "desk.tar.gz")


def test_lists_losses_and_does_nothing_without_a_yes(live: LiveDesk) -> None:
    before = fingerprint(live.desk)
    for answer in ("no\n", ""):
        result = live.desk.manage("restore", live.file, check=False, stdin=answer)
        assert result.returncode == 1
        assert "Nothing was changed" in result.stderr
    assert fingerprint(live.desk) == before
    assert "3 publications" in result.stdout
    assert "Declaration 1, Headline 1, Quote 1" in result.stdout
    for words in ("Headline: Published after the backup", "Quote: Ann: Said after the backup"):
        assert words in result.stdout
    assert "Declaration: Labour" in result.stdout
    assert "Accounts that the backup does not have: newcomer." in result.stdout
    assert "revoked since, and will be good again: early." in result.stdout
    assert "deactivated since, and active again: late." in result.stdout


def test_restores_a_live_desk_and_backs_it_up_first(live: LiveDesk, machines: Machines) -> None:
    with live.open_page() as page:
        result = live.desk.manage("restore", live.file, stdin="yes\n")
        assert "Restored as of" in result.stdout
        resync = next(frame for frame in frames(page) if frame.get("resync"))
    restored = state(live.desk)
    assert restored["rows"] == live.backed_up["rows"]
    assert resync["epoch"] == restored["epoch"] != live.lost["epoch"]
    assert resync["sequence"] == restored["sequence"] == live.number - 3
    assert_log_goes_on(live)
    # A page that was closed meanwhile, or polls, gets the same answer.
    updates = live.desk.get(f"/ge/updates/{live.number}/?epoch={live.lost['epoch']}")
    assert json.loads(updates)["resync"]

    assert live.before.get(COUNT).path == COUNT
    assert live.since.get(COUNT).path == "/count/sign-in/"
    # A phone that repeats its request under the same key publishes again.
    assert live.declare().status == 200
    assert state(live.desk)["sequence"] == restored["sequence"] + 1

    (safety_copy,) = live.file.parent.glob("before-restore-*.tar.gz")
    assert str(safety_copy) in result.stdout
    another = machines.empty()
    another.manage("restore", safety_copy)
    assert state(another)["rows"] == live.lost["rows"]


def assert_log_goes_on(live: LiveDesk) -> None:
    """The log has all of the backup's, and says what the restore discarded."""
    address = live.desk.url("/ge/log.json")
    command = [sys.executable, "-I", str(ROOT / "docs" / "verify_log.py"), address, "--head"]
    subprocess.run([*command, live.backed_up["head"]], check=True)
    lost = subprocess.run(
        [*command, live.lost["head"]], capture_output=True, text=True, check=False
    )
    assert lost.returncode == 1
    assert "but in what a restored backup discarded" in lost.stdout
    live.desk.manage("verify", "ge")


def frames(page: ClientConnection) -> Iterator[dict[str, object]]:
    while True:
        yield json.loads(page.recv(timeout=START_SECONDS))


def asking(desk: Server, file: Path) -> "subprocess.Popen[str]":
    """Start a restore that waits for an answer."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "restore", file],
        env=desk.environment,
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert any("Type “yes”" in line for line in process.stdout)
    return process


def test_refuses_if_something_is_published_meanwhile(
    sqlite_machines: Machines, tmp_path: Path
) -> None:
    night, file = sqlite_machines.night(), sqlite_machines.file_in(tmp_path)
    restoring = asking(night, file)
    night.seed(backup_night.publish_one_more)
    before = fingerprint(night)
    _said, errors = restoring.communicate("yes\n", timeout=START_SECONDS)
    assert restoring.returncode == 1
    assert "More was published meanwhile" in errors
    assert fingerprint(night) == before


def test_sigterm_leaves_no_files_behind(sqlite_machines: Machines, tmp_path: Path) -> None:
    night, file = sqlite_machines.night(), sqlite_machines.file_in(tmp_path)
    before, files = fingerprint(night), set(night.folder.rglob("*"))
    restoring = asking(night, file)
    assert set(night.folder.rglob("*")) > files
    restoring.send_signal(signal.SIGTERM)
    restoring.communicate(timeout=START_SECONDS)
    assert restoring.returncode == 128 + signal.SIGTERM
    assert set(night.folder.rglob("*")) == files
    assert fingerprint(night) == before


def test_yes_option_lists_losses(sqlite_machines: Machines, tmp_path: Path) -> None:
    night, file = sqlite_machines.night(), sqlite_machines.file_in(tmp_path)
    result = night.manage("restore", file, "--no-input")
    assert "1 publications" in result.stdout
    assert "Published at the last moment" in result.stdout
    assert state(night)["rows"] == sqlite_machines.backed_up["rows"]

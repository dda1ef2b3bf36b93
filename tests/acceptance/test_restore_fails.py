"""A restore that fails leaves the desk unchanged, or completely restored."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.backups import Machines, database, fingerprint, state
from tests.needs import ROOT
from tests.servers import Server

NEXT_RELEASE = {"DJANGO_SETTINGS_MODULE": "tests.faults.next_release.settings"}
MANAGE = [sys.executable, str(ROOT / "manage.py")]


@pytest.fixture
def night(machines: Machines) -> Server:
    return machines.night()


@pytest.fixture
def file(machines: Machines, tmp_path: Path) -> Path:
    """A backup of the desk, which has published one bulletin since."""
    return machines.file_in(tmp_path)


def restore(
    desk: Server, file: Path, *, limit: int | None = None, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Restore without being asked; no file may grow beyond `limit` bytes."""
    limited = ["prlimit", f"--fsize={limit}"] if limit else []
    return subprocess.run(
        [*limited, *MANAGE, "restore", file, "--yes"],
        env={**desk.environment, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def assert_refused(
    desk: Server, file: Path, reason: str, *, limit: int | None = None, **variables: str
) -> None:
    before = fingerprint(desk)
    result = restore(desk, file, limit=limit, **variables)
    assert result.returncode == 1, result.stdout
    assert reason in result.stderr
    assert "Nothing was changed." in result.stderr
    assert "Traceback" not in result.stderr
    assert fingerprint(desk) == before
    assert not list(desk.folder.glob(".restore-*"))


def test_truncated_file(night: Server, file: Path) -> None:
    whole = file.read_bytes()
    for length in (len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert_refused(night, file, "cannot be read")


def test_backup_of_a_newer_release(machines: Machines, night: Server, tmp_path: Path) -> None:
    newer, file = machines.night(), tmp_path / "newer.tar.gz"
    newer.environment |= NEXT_RELEASE
    newer.manage("migrate", "--verbosity", "0")
    newer.manage("backup", file)
    assert_refused(night, file, "next_release.0001_more_about_bulletins")


def test_migrates_a_backup_of_an_older_release(
    machines: Machines, night: Server, file: Path
) -> None:
    night.environment |= NEXT_RELEASE
    night.manage("migrate", "--verbosity", "0")
    assert "Restored as of" in restore(night, file).stdout
    night.manage("migrate", "--check")
    assert state(night)["rows"] == machines.backed_up["rows"]


def test_backup_of_another_engine(
    sqlite_machines: Machines, postgres_machines: Machines, tmp_path: Path
) -> None:
    assert_refused(sqlite_machines.night(), postgres_machines.file_in(tmp_path), "of postgresql")
    assert_refused(postgres_machines.night(), sqlite_machines.file_in(tmp_path), "of sqlite")


def test_no_room_for_a_backup(machines: Machines, tmp_path: Path) -> None:
    night, file = machines.night(), tmp_path / "desk.tar.gz"
    result = subprocess.run(
        ["prlimit", "--fsize=20000", *MANAGE, "backup", file],
        env=night.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "No backup was made." in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_room_to_unpack_it(night: Server, file: Path) -> None:
    assert_refused(night, file, "There is no room", limit=10_000)


def test_media_root_that_cannot_be_made(night: Server, file: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    assert_refused(night, file, "Set MEDIA_ROOT", MEDIA_ROOT=str(tmp_path / "taken" / "media"))
    result = night.manage("restore", file, "--yes", "--without-media")
    assert "Restored as of" in result.stdout


class TestSQLite:
    """The database is replaced in one transaction of SQLite's own."""

    @pytest.fixture
    def machines(self, sqlite_machines: Machines) -> Machines:
        return sqlite_machines

    @pytest.fixture
    def room(self, machines: Machines, file: Path) -> int:
        """Return a number of bytes that suffices for all but the replacing transaction's log."""
        other = machines.night()
        assert restore(other, file).returncode == 0
        # A whole database goes into the log, page by page, each with a header.
        return database(other).stat().st_size + 16

    def test_disk_is_full_in_the_middle(self, night: Server, file: Path, room: int) -> None:
        assert_refused(night, file, "cannot be copied", limit=room)

    def test_killed_in_the_middle(self, night: Server, file: Path, room: int) -> None:
        before = fingerprint(night)
        killed = subprocess.run(
            ["prlimit", f"--fsize={room}", sys.executable, "-m",
             "tests.acceptance.killed_by_full_disk", "restore", file, "--yes"],
            env={**night.environment, "DJANGO_SETTINGS_MODULE": "electiondesk.settings"},
            cwd=ROOT, check=False, capture_output=True,
        )  # fmt: skip
        assert killed.returncode < 0, killed.stderr
        assert fingerprint(night) == before

    def test_replaces_an_unreadable_database(self, night: Server, file: Path) -> None:
        """It is renamed, without a safety copy, which could not be made."""
        database(night).write_bytes(b"no database at all" * 1000)
        refused = restore(night, file)
        assert refused.returncode == 1
        assert "--without-safety-copy" in refused.stderr
        result = night.manage("restore", file, "--yes", "--without-safety-copy")
        assert "cannot be read" in result.stdout
        assert "Restored as of" in result.stdout
        night.manage("verify", "ge")
        assert list(night.folder.glob("desk.sqlite3.unreadable-*"))


@pytest.mark.services
class TestPostgreSQL:
    """The database is replaced in one transaction of psql's."""

    @pytest.fixture
    def machines(self, postgres_machines: Machines) -> Machines:
        return postgres_machines

    @pytest.fixture
    def replace_psql(self, night: Server, tmp_path: Path) -> Callable[[str], None]:
        """Put a script in front of psql, which it calls as `"$psql"`."""
        folder = tmp_path / "programs"
        folder.mkdir()
        real = subprocess.run(["which", "psql"], check=True, capture_output=True, text=True)
        night.environment["PATH"] = f"{folder}:{night.environment['PATH']}"

        def put(script: str) -> None:
            program = folder / "psql"
            program.write_text(f"#!/bin/sh\npsql={real.stdout.strip()}\n{script}\n")
            program.chmod(0o755)

        return put

    def test_last_statement_fails(
        self, night: Server, file: Path, replace_psql: Callable[[str], None]
    ) -> None:
        replace_psql("""exec "$psql" "$@" --command='SELECT 1/0'""")
        assert_refused(night, file, "division by zero")

    def test_killed_before_the_transaction_ends(
        self, night: Server, file: Path, replace_psql: Callable[[str], None]
    ) -> None:
        before = fingerprint(night)
        replace_psql('kill -9 "$PPID"')
        assert restore(night, file).returncode < 0
        assert fingerprint(night) == before

    def test_killed_after_the_transaction(
        self, machines: Machines, night: Server, file: Path, replace_psql: Callable[[str], None]
    ) -> None:
        """The database is completely restored already, under a new epoch."""
        replace_psql('"$psql" "$@"; kill -9 "$PPID"')
        assert restore(night, file).returncode < 0
        after = state(night)
        assert after["rows"] == machines.backed_up["rows"]
        assert after["epoch"] not in (machines.backed_up["epoch"], machines.gone_on["epoch"])

    def test_migration_fails_afterwards(self, night: Server, file: Path) -> None:
        """The message says that the database is restored, and what to do next."""
        night.environment |= {"DJANGO_SETTINGS_MODULE": "tests.acceptance.failing_release.settings"}
        result = restore(night, file)
        assert result.returncode == 1
        assert "not yet one of this release" in result.stderr
        assert "manage.py migrate" in result.stderr
        assert "Nothing was changed" not in result.stderr

"""Backups of SQLite, by its online backup API; replaced in one transaction or by renaming."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.db import DatabaseError, connection
from django.utils import timezone

from electiondesk.backup.contents import Contents
from electiondesk.backup.engine import Finish, Replace
from electiondesk.backup.errors import BackupError
from electiondesk.backup.files import create_private, write_to_disk

#: How long a copy waits for a writer.
TIMEOUT_SECONDS = 60.0


class SQLite:
    name = "sqlite"
    file_name = "database.sqlite3"

    def is_there(self) -> bool:
        return database_path().exists()

    def scratch_folder(self) -> Path:
        # On the database's own disk, so that the restored one can be renamed into place.
        return database_path().parent

    def dump(self, target: Path) -> Contents | None:
        source = database_path()
        if not source.is_file():
            raise BackupError(f"There is no database at {source}. Is DATABASE_URL set?")
        create_private(target).close()
        _copy(source, target)
        try:
            self.migrations_in(target)
        except BackupError as exc:
            raise BackupError(f"{source}: {exc} Is DATABASE_URL set?") from None
        try:
            with connected_to(target):
                return Contents.of_database()
        except DatabaseError:
            return None

    def migrations_in(self, dump: Path) -> set[tuple[str, str]]:
        try:
            with closing(_open(dump, "ro")) as database:
                (integrity,) = database.execute("PRAGMA quick_check(1)").fetchone()
                database.execute("SELECT 1 FROM results_election").fetchone()
                migrations = set(database.execute("SELECT app, name FROM django_migrations"))
        except sqlite3.Error as exc:
            raise BackupError(f"The database cannot be read: {exc}.") from None
        if integrity != "ok":
            raise BackupError(f"The database is damaged: {integrity}.")
        return migrations

    def prepare(self, dump: Path, finish: Finish) -> Replace:
        """Migrate the copy before it replaces the present database."""
        with connected_to(dump):
            finish(has_new_epochs=False)
        return partial(_replace, dump)


def _replace(database: Path) -> None:
    """Copy a migrated database over the present one, or rename it into place."""
    connection.close()
    target = database_path()
    if _is_readable(target):
        _copy(database, target)
    else:
        _rename(database, target)


def _rename(database: Path, target: Path) -> None:
    """Rename the file into place; rename an unreadable present database first."""
    write_to_disk(database)
    stamp = timezone.now().strftime("%Y%m%d-%H%M%S")
    # With its write-ahead log, which SQLite would otherwise apply to the new database.
    for suffix in ("", "-wal", "-shm"):
        old = target.with_name(target.name + suffix)
        if old.exists():
            old.rename(target.with_name(f"{target.name}.unreadable-{stamp}{suffix}"))
    os.replace(database, target)
    write_to_disk(target.parent)


def database_path() -> Path:
    return Path(connection.settings_dict["NAME"]).absolute()


@contextmanager
def connected_to(database: Path) -> Iterator[None]:
    """Connect Django to another database file within the context."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(database)
    try:
        yield
    finally:
        # The last connection to close writes the write-ahead log into the file.
        connection.close()
        connection.settings_dict["NAME"] = before


def _open(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path))}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=TIMEOUT_SECONDS)


def _copy(source: Path, target: Path) -> None:
    """Copy a database as of one moment; `target` is replaced completely or not at all."""
    deadline = time.monotonic() + TIMEOUT_SECONDS

    def check_deadline(status: int, _remaining: int, _total: int) -> None:
        # Python itself would try for ever while somebody holds the target.
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise sqlite3.OperationalError("it is locked by somebody else")

    try:
        with closing(_open(source, "rw")) as old, closing(_open(target, "rw")) as new:
            old.backup(new, progress=check_deadline)
    except sqlite3.Error as exc:
        raise BackupError(f"{source} cannot be copied to {target}: {exc}.") from None


def _is_readable(path: Path) -> bool:
    """Whether SQLite can open the file, and so replace its content in one transaction."""
    if not path.is_file() or not path.stat().st_size:
        return False
    try:
        with closing(_open(path, "rw")) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        return False
    return True

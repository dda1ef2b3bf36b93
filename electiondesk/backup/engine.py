"""Interface of a database engine for backups, which SQLite and PostgreSQL implement."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from django.db import connection

from electiondesk.backup.contents import Contents
from electiondesk.backup.errors import BackupError


class Finish(Protocol):
    """Migrates the connected database to this release, under new epochs."""

    def __call__(self, *, has_new_epochs: bool) -> None: ...


#: Replaces the present database by a restored one, whole or not at all.
Replace = Callable[[], None]


class Engine(Protocol):
    """Operations of a database engine that a backup needs.

    `name` is the value in `about.json`, `file_name` the name of the database in a backup.
    """

    name: str
    file_name: str

    def is_there(self) -> bool:
        """Whether there is a database. Connecting to SQLite would create one."""

    def scratch_folder(self) -> Path:
        """Return the folder in which a restore unpacks the database."""

    def dump(self, target: Path) -> Contents | None:
        """Copy the database as of one moment; return the copy's contents, if they can be read."""

    def migrations_in(self, dump: Path) -> set[tuple[str, str]]:
        """Return the migrations of a dump, as (app, name). Raises BackupError if it is no dump."""

    def prepare(self, dump: Path, finish: Finish) -> Replace:
        """Do all that can be done before the present database is replaced; return the rest."""


def engine() -> Engine:
    """Return the engine of the database that Django is configured with."""
    # Imported here, since each of the two imports this module.
    from electiondesk.backup.postgresql import PostgreSQL
    from electiondesk.backup.sqlite import SQLite

    engines: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
    if connection.vendor not in engines:
        raise BackupError(f"Backups of {connection.vendor} are not supported.")
    return engines[connection.vendor]

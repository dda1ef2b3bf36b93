"""What backups need of a database: SQLite and PostgreSQL each do it by their own means."""

from pathlib import Path
from typing import Protocol

from django.db import connection

from electiondesk.backup.contents import Contents
from electiondesk.backup.errors import BackupError


class Finish(Protocol):
    """Makes the connected database one of this release, under new epochs."""

    def __call__(self, *, has_new_epochs: bool) -> None: ...


class Replacement(Protocol):
    """A restored database that waits to take the place of the present one."""

    def commit(self) -> None:
        """Replace the present database, whole or not at all."""


class Engine(Protocol):
    #: In `about.json`, and of the database's file in a backup.
    name: str
    file_name: str

    def is_there(self) -> bool:
        """Whether there is a database at all. Asking SQLite itself would create one."""

    def scratch_folder(self) -> Path:
        """Where a restore unpacks the database."""

    def dump(self, target: Path) -> Contents | None:
        """Copy the database as it is at one moment; what is in the copy, where that can be read."""

    def migrations_in(self, dump: Path) -> set[tuple[str, str]]:
        """Which migrations a copy has had, as (app, name). Raises BackupError for no copy."""

    def prepare(self, dump: Path, finish: Finish) -> Replacement: ...


def engine() -> Engine:
    """That of the database which Django is configured with."""
    # Imported here, since each of the two imports what is above.
    from electiondesk.backup.postgresql import PostgreSQL
    from electiondesk.backup.sqlite import SQLite

    engines: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
    if connection.vendor not in engines:
        raise BackupError(f"Backups of {connection.vendor} are not supported.")
    return engines[connection.vendor]

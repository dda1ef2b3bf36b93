"""Desks on two machines, and the data that tests of backups compare."""

import hashlib
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from tests.acceptance import backup_night
from tests.backing import Postgres
from tests.servers import Server


class Machines:
    """Desks on databases of their own: empty ones, and copies of one with everything on it.

    `file` is a backup of the latter, after which it published one bulletin more. `backed_up` and
    `gone_on` are its states then and afterwards.
    """

    def __init__(self, make_desk: Callable[..., Server]) -> None:
        self._make_desk = make_desk
        self._original = self.empty()
        self._original.seed(backup_night.set_up)
        self._file = self._original.folder / "desk.tar.gz"
        self._original.manage("backup", self._file)
        self.backed_up = self._original.seed(backup_night.state)
        self._original.seed(backup_night.publish_one_more)
        self.gone_on = self._original.seed(backup_night.state)
        # PostgreSQL copies no database that somebody is connected to.
        self._original.close()

    def file_in(self, folder: Path) -> Path:
        """The backup, copied to a folder of the test's own."""
        return Path(shutil.copy(self._file, folder))

    def empty(self) -> Server:
        """A desk that is migrated and holds nothing."""
        return self._make_desk()

    def night(self) -> Server:
        """A desk with every kind of row, changed since its backup (`backup_night`)."""
        desk = self.empty()
        shutil.copy(database(self._original), database(desk))
        self._copy_media(desk)
        return desk

    def _copy_media(self, desk: Server) -> None:
        shutil.copytree(media(self._original), media(desk))


class PostgresMachines(Machines):
    _numbers = count(1)

    def __init__(self, make_desk: Callable[..., Server], cluster: Postgres, migrated: str) -> None:
        self._cluster, self._migrated = cluster, migrated
        super().__init__(make_desk)

    def empty(self) -> Server:
        return self._on_copy_of(self._migrated)

    def night(self) -> Server:
        desk = self._on_copy_of(self._original.environment["DATABASE_URL"].rpartition("/")[2])
        self._copy_media(desk)
        return desk

    def _on_copy_of(self, template: str) -> Server:
        name = f"machine{next(self._numbers)}"
        url = self._cluster.create_database(name, template=template)
        return self._make_desk(database_url=url)


def state(desk: Server) -> dict[str, Any]:
    """Every row that a desk holds by its model, sessions left out, and its epoch beside them."""
    return desk.seed(backup_night.state)


#: Of readers' processes and the worker, every few seconds.
REPORTS = "results_readercount"


def fingerprint(desk: Server) -> str:
    """A hash of the whole database, epochs included: equal only if nothing was changed.

    But for what running processes report of themselves meanwhile.
    """
    if is_on_sqlite(desk):
        with closing(sqlite3.connect(database(desk))) as there:
            rows = (row for row in there.iterdump() if f'INTO "{REPORTS}"' not in row)
            text = "\n".join(rows)
    else:
        url = desk.environment["DATABASE_URL"]
        dump = ["pg_dump", "--no-owner", f"--exclude-table-data={REPORTS}", url]
        text = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
        # A word that psql is to be restricted with, another one each time.
        text = re.sub(r"^\\(un)?restrict .*$", "", text, flags=re.MULTILINE)
    return hashlib.sha256(text.encode()).hexdigest()


def media(desk: Server) -> Path:
    return Path(desk.environment["MEDIA_ROOT"])


def database(desk: Server) -> Path:
    """The file of a desk on SQLite."""
    return desk.folder / "desk.sqlite3"


def is_on_sqlite(desk: Server) -> bool:
    return desk.environment["DATABASE_URL"].startswith("sqlite")

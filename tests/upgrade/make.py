"""Make the databases of the previous release that `tests/acceptance/test_upgrade.py` upgrades.

    apt-get install faketime postgresql
    git worktree add /tmp/previous 866391f
    .venv/bin/python -m tests.upgrade.make /tmp/previous
    git worktree remove /tmp/previous

Writes `sqlite.sql.gz` and `postgresql.sql.gz` beside this file (`zcat` shows them). CI clones
without history, so what the previous release made is kept rather than made again; with the next
release, that one's commit takes the place of 866391f here and in `fill.py`.
"""

import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.backing import Postgres

HERE = Path(__file__).resolve().parent
#: By the clock of the previous release: earlier than that of any machine which runs the tests.
WHEN = "@2025-05-02 03:00:00"
#: As every server of the tests has it: passes and sessions are signed with it.
SECRET_KEY = "the-same-for-every-server-of-a-test-and-of-no-use-elsewhere"


def fill(previous: Path, database_url: str, media: str) -> None:
    """Migrate and fill a database by the code of the previous release."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(previous),
        "DJANGO_SETTINGS_MODULE": "electiondesk.settings",
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": media,
        "HOME": media,
    }
    for command in (["manage.py", "migrate", "--verbosity", "0"], [str(HERE / "fill.py")]):
        run(["faketime", "-f", WHEN, sys.executable, *command], environment, previous)


def run(command: list[str], environment: Mapping[str, str], folder: Path) -> None:
    subprocess.run(command, env=environment, cwd=folder, check=True)


def dump_sqlite(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump()) + "\n"


def dump_postgresql(database_url: str) -> str:
    """As pg_dump has it, without what only its own release of psql knows."""
    command = ["pg_dump", "--no-owner", "--no-privileges", database_url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return re.sub(r"^(\\(un)?restrict |SET transaction_timeout).*\n", "", text, flags=re.MULTILINE)


def write(engine: str, sql: str) -> None:
    # Without the time, so that the same SQL is the same file.
    (HERE / f"{engine}.sql.gz").write_bytes(gzip.compress(sql.encode(), mtime=0))


def main(previous: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "desk.sqlite3"
        fill(previous, f"sqlite:///{file}", folder)
        write("sqlite", dump_sqlite(file))
    with tempfile.TemporaryDirectory() as folder, Postgres() as cluster:
        fill(previous, cluster.url, folder)
        write("postgresql", dump_postgresql(cluster.url))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())

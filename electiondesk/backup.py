"""One file with everything the desk keeps: its database as it was at one moment, and its pictures.

SQLite is copied by its own backup, PostgreSQL by its own tools; either may go on serving meanwhile.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

ABOUT, MEDIA = "about.json", "media"
#: How the database is called in the file, by engine.
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


class CannotKeep(Exception):
    """Why a backup was not made, or not restored, in words."""


def back_up(file: Path) -> int:
    """Write everything to ``file``; its size in bytes. Raises CannotKeep.

    The database first: a picture is stored before anything in the database names it, so every
    picture that the copy names is there when the pictures are read.
    """
    if file.exists():
        raise CannotKeep(f"{file} is there already.")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        name = NAMES[connection.vendor]
        if connection.vendor == "sqlite":
            _copy(str(settings.DATABASES["default"]["NAME"]), str(work / name))
        else:
            _run(["pg_dump", "--format=custom", "--no-owner", "--file", str(work / name)])
        about = {"engine": connection.vendor, "made_at": timezone.now().isoformat()}
        (work / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        unfinished = file.with_name(f"{file.name}.unfinished")
        with tarfile.open(unfinished, "w:gz") as packed:
            packed.add(work / ABOUT, ABOUT)
            packed.add(work / name, name)
            if Path(settings.MEDIA_ROOT).is_dir():
                packed.add(settings.MEDIA_ROOT, MEDIA)
        # Under its name only when it is whole.
        unfinished.rename(file)
    return file.stat().st_size


def restore(file: Path) -> str:
    """Put everything back as it is in ``file``; when that was. Raises CannotKeep.

    What the database held is gone afterwards; pictures are added to those that are there.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        try:
            with tarfile.open(file, "r:gz") as packed:
                packed.extractall(work, filter=_plain)  # noqa: S202 - see _plain
        except (OSError, EOFError, zlib.error, tarfile.TarError) as fault:
            raise CannotKeep(f"{file} cannot be read: {fault}") from None
        about = _about(work)
        name = NAMES[connection.vendor]
        if about.get("engine") != connection.vendor:
            raise CannotKeep(
                f"{file} is of {about.get('engine')}, this desk of {connection.vendor}."
            )
        # Looked at before anything is replaced: SQLite takes a file that is not there for empty.
        if connection.vendor == "sqlite":
            _insist_on_a_desk(work / name)
        elif not (work / name).is_file():
            raise CannotKeep("This file is not a backup of a desk.")
        connection.close()
        if connection.vendor == "sqlite":
            _copy(str(work / name), str(settings.DATABASES["default"]["NAME"]))
        else:
            options = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
            database = str(settings.DATABASES["default"]["NAME"])
            _run(["pg_restore", *options, "--dbname", database, str(work / name)])
        if (work / MEDIA).is_dir():
            shutil.copytree(work / MEDIA, settings.MEDIA_ROOT, dirs_exist_ok=True)
    return str(about["made_at"])


def _about(work: Path) -> dict[str, Any]:
    try:
        about: Any = json.loads((work / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise CannotKeep("This file is not a backup of a desk.") from None
    if not isinstance(about, dict) or not {"engine", "made_at"} <= about.keys():
        raise CannotKeep("This file is not a backup of a desk.")
    return about


def _plain(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Files and folders inside the folder: a backup of ours has no link and no device."""
    if not (member.isfile() or member.isdir()):
        raise tarfile.SpecialFileError(member)
    return tarfile.data_filter(member, folder)


def _insist_on_a_desk(file: Path) -> None:
    """Raises CannotKeep for what is no whole SQLite database of a desk."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as kept:
            (sound,) = kept.execute("PRAGMA quick_check(1)").fetchone()
            kept.execute("SELECT 1 FROM results_election").fetchone()
    except sqlite3.Error as fault:
        raise CannotKeep(f"The database in this file cannot be read: {fault}") from None
    if sound != "ok":
        raise CannotKeep(f"The database in this file is damaged: {sound}")


def _copy(source: str, target: str) -> None:
    """By SQLite's own backup: a copy of one moment, whoever is writing."""
    with sqlite3.connect(source) as taken, sqlite3.connect(target) as given:
        taken.backup(given)
    taken.close()
    given.close()


def _run(command: list[str]) -> None:
    """One of PostgreSQL's tools; who, where and the password go by the environment alone."""
    program = shutil.which(command[0])
    if program is None:
        raise CannotKeep(f"{command[0]} is missing (Debian: apt-get install postgresql-client)")
    given = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {
        **os.environ,
        **{name: str(given[key]) for name, key in names.items() if given.get(key)},
        "PGDATABASE": str(given["NAME"]),
    }
    done = subprocess.run(  # noqa: S603 - nothing of it was typed by anyone
        [program, *command[1:]], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotKeep(f"{command[0]}: {done.stderr.strip()[-500:]}")

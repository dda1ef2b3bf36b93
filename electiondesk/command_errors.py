"""Sentences for what an operator has forgotten, in place of a traceback.

`manage.py` prints them and ends with 1. Whatever is not known here keeps its traceback, and so does
everything with `--traceback`.
"""

import errno
import logging
import os
import select
import sys
from pathlib import Path

SETTINGS_FILE = Path("/etc/election-desk.env")
#: Errors of a disk that takes no more: it is full, somebody's share of it is, or the file is as
#: large as it may be.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_TABLES = (
    "The database does not have the tables of this release: run `manage.py migrate`"
    " (`desk migrate`) first."
)
_SETTINGS = "docs/settings.md lists the settings; a service reads them when it starts"
_INSTALL = (
    ".venv/bin/pip install --requirement requirements.txt --requirement requirements-readers.txt"
)


def discard_unread_output() -> bool:
    """Discard what is still to be printed if nobody reads it any more, as after `| head`.

    Return whether that is so.
    """
    if sys.stdout is None:  # the command was started without one
        return False
    output = sys.stdout.fileno()
    poll = select.poll()
    poll.register(output, 0)
    if not any(events & select.POLLERR for _output, events in poll.poll(0)):
        return False
    _discard_output(output)
    return True


def _discard_output(output: int) -> None:
    """Print nothing more: Python would try again at its end, and report that it could not."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), output)


def sentence_for(exc: Exception) -> str:
    """What is wrong and what to do; "" where the exception is not of a forgotten step."""
    if isinstance(exc, ModuleNotFoundError):
        return _missing_package(exc)
    if isinstance(exc, OSError) and _is_given(exc.filename):
        return f"{exc.filename}: {exc.strerror}."
    if isinstance(exc, OSError) and exc.errno in _FULL:
        if sys.stdout is not None and exc.filename is None:  # it may be the output's disk
            _discard_output(sys.stdout.fileno())
        where = f"{exc.filename}: " if exc.filename else ""
        return f"{where}{exc.strerror}: not everything was written."
    # A package may be missing that these need.
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    if isinstance(exc, ImproperlyConfigured):
        return f"{str(exc).rstrip('.')}. ({_SETTINGS}.)"
    return _database(exc) if isinstance(exc, DatabaseError) else ""


def _is_given(filename: object) -> bool:
    """Whether a file is one of the command's arguments, or below one."""
    given = [argument for argument in sys.argv[2:] if argument]
    return any(Path(argument) in (file := Path(str(filename)), *file.parents) for argument in given)


def _missing_package(exc: ModuleNotFoundError) -> str:
    package = (exc.name or "").partition(".")[0]
    if package in ("", "electiondesk", "results", "tests"):
        return ""
    return f"The package {package} is not installed. In the folder of the program, run: {_INSTALL}"


def _database(exc: Exception) -> str:
    from django.db import connection

    from electiondesk import database_state
    from electiondesk.unavailable import full_disk

    # Its threads go on trying to connect, and would log that after the sentence.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    if problem := database_state.connection_problem():
        return f"{problem} ({_SETTINGS}.)"
    if database_state.has_migrations_to_apply():
        return f"{NO_TABLES} (The database said: {str(exc).splitlines()[0]})"
    if later := database_state.later_release():
        return (
            f"The tables are of a later release ({later}), and this one cannot work with them."
            " Install that release, or restore a backup that this one has made."
        )
    full_disk.note(exc)
    if database_state.is_read_only():
        if connection.vendor == "sqlite":
            return (
                "The SQLite database takes nothing new: its file or its folder cannot be written,"
                " or its disk is full."
                f" (It said: {str(exc).splitlines()[0]})"
            )
        return (
            "PostgreSQL takes nothing new: it is a standby, or its disk is full. DATABASE_URL must"
            f" name the server that writes. (It said: {str(exc).splitlines()[0]})"
        )
    return ""


def warn_without_settings() -> None:
    """Say on standard error that a server's settings are not used, and another database is."""
    if SETTINGS_FILE.exists() and not os.environ.keys() & {"DATABASE_URL", "DEBUG", "DEMO"}:
        print(
            f"This runs without the settings in {SETTINGS_FILE}, and on a database of its own."
            " For the server's, run `desk` in place of `manage.py` (docs/deploy.md).",
            file=sys.stderr,
        )

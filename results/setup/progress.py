"""Progress of a load, visible while the load's own transaction is still open.

On PostgreSQL a second connection stores it in the load's row. On SQLite the load holds the
only lock for writing, so the progress is stored in a file beside the database.
"""

import json
import time
from contextlib import suppress
from pathlib import Path

from django.db import connection

from results.models import Load

#: Least seconds between two reports.
REPORT_SECONDS = 0.5


class Progress:
    """Reports for one load; called with how many are done, and of how many."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._reported_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._reported_at < REPORT_SECONDS:
            return
        self._reported_at = now
        if connection.vendor == "sqlite":
            file = _file(self._load)
            part = file.with_suffix(".part")
            with suppress(OSError):
                part.write_text(json.dumps([done, total]))
                part.replace(file)
            return
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "UPDATE results_load SET done = %s, total = %s WHERE id = %s",
                    [done, total, self._load.pk],
                )
        finally:
            other.close()

    def end(self) -> None:
        with suppress(OSError):
            _file(self._load).unlink(missing_ok=True)


def progress_of(load: Load) -> tuple[int, int]:
    """Return how many are done, and of how many; 0 of 0 before anything is known."""
    if connection.vendor == "sqlite" and load.is_running:
        with suppress(OSError, ValueError):
            done, total = json.loads(_file(load).read_text())
            return int(done), int(total)
    return load.done, load.total


def _file(load: Load) -> Path:
    database = Path(str(connection.settings_dict["NAME"])).absolute()
    return database.with_name(f"{database.name}.load-{load.pk}")

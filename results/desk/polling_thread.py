"""A thread that polls the database, and continues after errors."""

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections, connection

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
#: Pause after an error of the database or another one.
RETRY_SECONDS = 5.0
#: How long a connection to SQLite is kept, since opening one takes several times as long as an idle
#: poll. A restore may put another file in the place of one that cannot be read.
KEEP_SECONDS = 20.0


class PollingConnection:
    """The database connection of a thread that polls, between its polls."""

    def __init__(self) -> None:
        self._close_at: float | None = None

    def release(self, *, failed: bool) -> None:
        """Give it back to PostgreSQL's pool; close SQLite's after a while, or after an error."""
        now = time.monotonic()
        if self._close_at is None:
            self._close_at = now + KEEP_SECONDS
        if connection.vendor == "sqlite" and not failed and now < self._close_at:
            return
        self._close_at = None
        close_old_connections()


class PollingThread(threading.Thread):
    """Thread that polls until `stop`, every second by default. It is a daemon thread."""

    #: The consequence of a database error, for the log.
    does = ""
    #: Seconds from one poll to the next.
    every = POLL_SECONDS

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._stopped = threading.Event()

    def run(self) -> None:
        seconds, kept = 0.0, PollingConnection()
        while not self._stopped.wait(seconds):
            seconds, failed = self.every, True
            try:
                self.poll()
                failed = False
            except DatabaseError as exc:
                logger.warning("%s until the database answers: %s", self.does, exc)
                seconds = RETRY_SECONDS
            except Exception:  # one row that cannot be handled must not end all others
                logger.exception("%s: polling failed", self.name)
                seconds = RETRY_SECONDS
            finally:
                kept.release(failed=failed)
        close_old_connections()

    def stop(self) -> None:
        self._stopped.set()

    def poll(self) -> None:
        """Do the work that is due."""
        raise NotImplementedError

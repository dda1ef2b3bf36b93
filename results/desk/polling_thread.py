"""A thread that polls the database, and continues after errors."""

import logging
import threading

from django.db import DatabaseError, close_old_connections

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
#: Pause after an error of the database or another one.
RETRY_SECONDS = 5.0


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
        seconds = 0.0
        while not self._stopped.wait(seconds):
            seconds = self.every
            try:
                self.poll()
            except DatabaseError as exc:
                logger.warning("%s until the database answers: %s", self.does, exc)
                seconds = RETRY_SECONDS
            except Exception:  # one row that cannot be handled must not end all others
                logger.exception("%s: polling failed", self.name)
                seconds = RETRY_SECONDS
            finally:
                close_old_connections()

    def stop(self) -> None:
        self._stopped.set()

    def poll(self) -> None:
        """Do the work that is due."""
        raise NotImplementedError

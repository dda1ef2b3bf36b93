"""Render the live pages of a process's elections when it starts, before it is ready for readers.

The first rendering reads every contest of an election and renders each of its rows; later ones only
what bulletins change.
"""

import logging
import threading
import time

from django.db import DatabaseError, connections

from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale
from results.models import Election
from results.reader.views import live_context

logger = logging.getLogger(__name__)

#: Seconds after which a process is ready even if not all pages are rendered.
MOST_SECONDS = 60.0


class WarmUp:
    """Renders each page once, in a thread of its own."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._started_at: float | None = None

    def start(self) -> None:
        self._started_at = time.monotonic()
        threading.Thread(target=self._run, name="warm-up", daemon=True).start()

    def is_over(self, wait: float) -> bool:
        """Whether it has ended, or was not started; waits for up to `wait` seconds."""
        if self._started_at is None:
            return True
        left = self._started_at + MOST_SECONDS - time.monotonic()
        return self._over.wait(min(wait, max(left, 0))) or left <= wait

    def _run(self) -> None:
        try:
            for election in Election.public.filter(final=False):
                if time.monotonic() > (self._started_at or 0) + MOST_SECONDS:
                    break
                render_ahead(election)
        except DatabaseError:
            logger.warning("no page was rendered ahead: the database does not answer")
        finally:
            connections.close_all()
            self._over.set()


def render_ahead(election: Election) -> None:
    """Render what the election's live page is made of, and keep it in this process."""
    snapshot = CachedSnapshot.read(election)
    with election_locale(snapshot.election):
        live_context(snapshot)


warm_up = WarmUp()

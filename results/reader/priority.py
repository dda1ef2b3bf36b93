"""Readers' requests give way to those of reporters and editors in the same process.

Python runs one thread at a time: while four pages are rendered, a declaration takes five times as
long. Readers' requests therefore wait while one of a reporter or editor is in progress, for a
bounded time, and pages are rendered one at a time. Every wait ends by itself: nothing here can
deadlock, and a process that is always busy serves readers later, not never.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

#: Longest wait of a request before it starts: about as long as publishing a declaration takes.
START_SECONDS = 0.1
#: Longest wait of a page for requests of reporters and editors, in all, while it is rendered.
RENDER_SECONDS = 1.0
#: Longest wait for the page that is being rendered; beyond it two are rendered at once.
TURN_SECONDS = 5.0


class StaffRequests:
    """The requests of reporters and editors that are in progress in this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    @contextmanager
    def in_progress(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                if not self._count:
                    self._changed.notify_all()

    def any(self) -> bool:
        return self._count > 0

    def wait(self, seconds: float) -> None:
        """Return when none is in progress, after `seconds` at the latest."""
        with self._changed:
            self._changed.wait_for(lambda: not self._count, timeout=seconds)


staff_requests = StaffRequests()


class Renderings:
    """Lets one page at a time be rendered, and that one wait for `requests`."""

    def __init__(
        self,
        requests: StaffRequests,
        *,
        render_seconds: float = RENDER_SECONDS,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        self._requests, self._turn = requests, threading.Lock()
        self._render_seconds, self._turn_seconds = render_seconds, turn_seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn to render a page. Its queries wait, too: a page may take seconds.

        While it waits for its turn it holds no connection to the database.
        """
        has_turn = self._turn.acquire(blocking=False)
        if not has_turn or self._requests.any():
            _release_connection()
            has_turn = has_turn or self._turn.acquire(timeout=self._turn_seconds)
        try:
            wait = _BoundedWait(self._requests, self._render_seconds)
            wait()
            with connection.execute_wrapper(wait.before_query):
                yield
        finally:
            if has_turn:
                self._turn.release()


class _BoundedWait:
    """Waits for requests in progress, for at most `seconds` in all."""

    def __init__(self, requests: StaffRequests, seconds: float) -> None:
        self._requests, self._seconds = requests, seconds

    def __call__(self) -> None:
        if self._seconds > 0 and self._requests.any():
            began = time.monotonic()
            self._requests.wait(self._seconds)
            self._seconds -= time.monotonic() - began

    def before_query(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """An execute wrapper, see https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/"""
        self()
        return execute(sql, params, many, context)


renderings = Renderings(staff_requests)


def _release_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()

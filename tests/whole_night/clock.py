"""The clock that everybody of a night goes by."""

import threading
import time


class Clock:
    """Seconds since the night began, of `length` in all."""

    def __init__(self, length: float) -> None:
        self.length = length
        self._began = time.monotonic()

    def begin(self) -> None:
        self._began = time.monotonic()

    @property
    def now(self) -> float:
        return time.monotonic() - self._began

    def wait_until(self, seconds: float, over: threading.Event) -> None:
        """Return at this moment, or as soon as `over` is set."""
        over.wait(max(seconds - self.now, 0))

"""Count sockets closed because sending failed while the reader was there, and log warnings."""

import logging
import time
from collections import deque

logger = logging.getLogger(__name__)

#: How long the health check reports a failure.
RECENT_SECONDS = 60.0
#: Least time between two warnings: one bulletin may fail for thousands of readers at once.
WARN_SECONDS = 10.0


class SendFailures:
    """Counter of one process's failures to send."""

    def __init__(self) -> None:
        self.total = 0
        self._recent: deque[float] = deque(maxlen=10_000)
        self._warned_at = float("-inf")
        self._since_warning = 0

    def add(self, error: BaseException) -> None:
        now = time.monotonic()
        self.total += 1
        self._recent.append(now)
        self._since_warning += 1
        if now - self._warned_at >= WARN_SECONDS:
            logger.warning(
                "sockets closed because sending failed: %s; their pages poll. The last error:",
                self._since_warning,
                exc_info=error,
            )
            self._warned_at, self._since_warning = now, 0

    @property
    def recent(self) -> int:
        """Number of failures in the last `RECENT_SECONDS`, at most 10,000."""
        while self._recent and time.monotonic() - self._recent[0] > RECENT_SECONDS:
            self._recent.popleft()
        return len(self._recent)

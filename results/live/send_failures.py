"""Count sockets closed because sending failed while the reader was there; warn in the log."""

import logging
import time
from collections import deque

logger = logging.getLogger(__name__)

#: How long a failure is of interest to whoever asks whether this process can serve.
RECENT_SECONDS = 60.0
#: A bulletin may fail for thousands of readers at once: one line in the log for all of them.
WARN_SECONDS = 10.0


class SendFailures:
    """The failures of one process."""

    def __init__(self) -> None:
        self.total = 0
        self._recent: deque[float] = deque(maxlen=10_000)
        self._warned_at = float("-inf")
        self._unsaid = 0

    def add(self, error: BaseException) -> None:
        now = time.monotonic()
        self.total += 1
        self._recent.append(now)
        self._unsaid += 1
        if now - self._warned_at >= WARN_SECONDS:
            logger.warning(
                "sockets closed because sending failed: %s; their pages poll. The last error:",
                self._unsaid,
                exc_info=error,
            )
            self._warned_at, self._unsaid = now, 0

    @property
    def recent(self) -> int:
        """How many there were in the last minute; at most what is remembered."""
        while self._recent and time.monotonic() - self._recent[0] > RECENT_SECONDS:
            self._recent.popleft()
        return len(self._recent)

"""How much is sent to one reader at once: what a live line takes easily and a stuck one hoards.

A server keeps whatever the application sends until the line takes it, and it cannot be asked how
much that is. A phone that sleeps with its socket open would so collect a whole night; it is
noticed by the server's own pings within a minute, and until then this bounds what it costs.
"""

#: Bytes that a reader may be sent in one go: some twenty frames of a busy night.
BURST = 512 * 1024
#: Bytes a second after that: a full frame twice or thrice a second, far above any real night.
RATE = 64 * 1024


class TokenBucket:
    """A bucket of bytes that fills again with time, which is a monotonic clock's, in seconds."""

    __slots__ = ("_at", "_left")

    def __init__(self, now: float) -> None:
        self._left, self._at = float(BURST), now

    def spend(self, size: int, now: float) -> float:
        """Take ``size`` bytes out; the seconds until anything more should be sent."""
        self._left = min(self._left + (now - self._at) * RATE, BURST) - size
        self._at = now
        return max(-self._left / RATE, 0.0)

"""A token bucket that bounds how fast bytes are sent to one reader.

A server buffers what the application sends until the connection takes it, and cannot be asked how
much that is. A phone that sleeps with its socket open would collect a whole night's frames; the
server's pings notice it within a minute, and until then this bounds what it costs.
"""

#: Bytes that may be sent at once: about twenty frames of a busy night.
BURST = 512 * 1024
#: Bytes a second after that: two or three full frames, far more than any real night has.
RATE = 64 * 1024


class TokenBucket:
    """Holds up to `BURST` bytes and refills at `RATE`; `now` is a monotonic clock's seconds."""

    __slots__ = ("_at", "_left")

    def __init__(self, now: float) -> None:
        self._left, self._at = float(BURST), now

    def holds(self, size: int, now: float) -> bool:
        """Whether `size` bytes can be spent without waiting afterwards."""
        return self._left + (now - self._at) * RATE >= size

    def spend(self, size: int, now: float) -> float:
        """Take `size` bytes out; return the seconds to wait before sending anything more."""
        self._left = min(self._left + (now - self._at) * RATE, BURST) - size
        self._at = now
        return max(-self._left / RATE, 0.0)

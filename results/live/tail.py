"""The newest bulletins of an election's log, for pages that are behind.

It uses neither Django nor asyncio. `results.live.log` reads one from the database;
`results.live.stream` holds one in memory for the sockets.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from uuid import UUID

from results.live.frames import Document, Fragments, frame, resync

#: The most bulletins that a page may be behind; reloading is cheaper than catching up on more.
CATCH_UP = 100

#: One bulletin of the log: its sequence and its fragments.
Entry = tuple[int, Fragments]


class Gap(Exception):
    """Raised where a bulletin is missing from the log."""


def rounded_distance(behind: int) -> int:
    """The smallest of 0, 1, 2, 4, 8 … that is not less than `behind`."""
    return 1 << (behind - 1).bit_length() if behind > 0 else 0


class Tail:
    """Consecutive bulletins of one epoch that lead up to `sequence`, the newest.

    It holds none where the epoch is new: an epoch begins at the sequence that the one before it
    reached, and its first bulletin may be hours away.
    """

    __slots__ = ("_entries", "epoch", "sequence")

    def __init__(
        self, epoch: UUID, sequence: int, entries: Sequence[Entry] = (), *, limit: int = CATCH_UP
    ) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self.reset(epoch, sequence, entries)

    @property
    def newest(self) -> Sequence[Entry]:
        """The bulletins in memory, oldest first."""
        return self._entries

    def reset(self, epoch: UUID, sequence: int, entries: Sequence[Entry] = ()) -> None:
        """Replace everything, keeping those of `entries` that lead up to `sequence`."""
        self.epoch, self.sequence = epoch, sequence
        self._entries.clear()
        consecutive: list[Entry] = []
        for entry in reversed(entries):
            if entry[0] == sequence - len(consecutive):
                consecutive.append(entry)
        self._entries.extend(reversed(consecutive))

    def append(self, sequence: int, entries: Iterable[Entry]) -> bool:
        """Add bulletins read when the log was at `sequence`; return whether any is new.

        Bulletins that it has already are ignored, because two reads may overlap. Raises `Gap`,
        without adding any, where one is missing.
        """
        new = [entry for entry in entries if entry[0] > self.sequence]
        if not new and sequence == self.sequence:
            return False
        if not new or any(number != self.sequence + at for at, (number, _) in enumerate(new, 1)):
            raise Gap(f"a bulletin after {self.sequence} is missing")
        self._entries.extend(new)
        self.sequence = new[-1][0]
        return True

    def reaches(self, sequence: int, epoch: UUID | None = None) -> bool:
        """Whether a page at `sequence` of `epoch` (by default this one) can catch up from here."""
        oldest = self.sequence - len(self._entries)
        return epoch in (None, self.epoch) and oldest <= sequence <= self.sequence

    def rounded(self, sequence: int) -> int:
        """Return the position from which a page at `sequence` is updated, if it is in reach.

        Rounding lets few frames serve all pages: sending a fragment twice does no harm.
        """
        distance = rounded_distance(self.sequence - sequence)
        return self.sequence - min(distance, len(self._entries))

    def since(self, sequence: int, epoch: UUID | None = None) -> Document:
        """Return a frame for a page at `sequence` of `epoch`, or a resync if out of reach.

        A frame merges the bulletins: of two fragments with one id the later wins, because each
        states everything its element shows.
        """
        if not self.reaches(sequence, epoch):
            return resync(self.epoch, self.sequence)
        fragments: Fragments = {}
        for number, changed in self._entries:
            if number > sequence:
                fragments |= changed
        return frame(self.epoch, sequence, self.sequence, fragments)

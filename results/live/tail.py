"""The newest bulletins of an election's log: what came after bulletin n.

Without Django or asyncio. `results.live.log` reads one from the database; `results.live.stream`
holds one in memory for the sockets.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from uuid import UUID

from results.live.frames import Document, Fragments, frame, resync

#: Bulletins a page may be behind; loading a page again is cheaper than catching up on more.
CATCH_UP = 100

#: One bulletin of the log: its sequence and its fragments.
Entry = tuple[int, Fragments]


class Gap(Exception):
    """A bulletin is missing from the log."""


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
        """The bulletins that it holds, oldest first."""
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
        """Add what was read when the log was at `sequence`; return whether anything is new.

        Bulletins that are here already are ignored, because two reads may overlap. Raises `Gap`,
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
        """The position that a page at `sequence` is brought up to date from, if it is in reach.

        Few frames serve all pages that way: a fragment that a page has already does no harm.
        """
        distance = rounded_distance(self.sequence - sequence)
        return self.sequence - min(distance, len(self._entries))

    def since(self, sequence: int, epoch: UUID | None = None) -> Document:
        """The document for a page at `sequence` of `epoch`: a frame, or a resync if out of reach.

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

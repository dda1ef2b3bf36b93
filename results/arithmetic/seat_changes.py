"""Compute the change of seats by party in a contest of several seats."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SeatChanges:
    """Seats that each label gained and lost, net, in one contest.

    Both are in order of the number of seats, then of the label.
    """

    gains: Mapping[str, int] = field(default_factory=dict)
    losses: Mapping[str, int] = field(default_factory=dict)

    @property
    def seats(self) -> int:
        """How many seats changed hands: the sum of gains or of losses, whichever is more."""
        return max(sum(self.gains.values()), sum(self.losses.values()))

    @property
    def only_loser(self) -> str:
        """The label that lost every seat that changed hands; empty where several did, or none."""
        return next(iter(self.losses)) if len(self.losses) == 1 else ""

    @property
    def only_gainer(self) -> str:
        """The label that gained every seat that changed hands; empty where several did, or none."""
        return next(iter(self.gains)) if len(self.gains) == 1 else ""


def seat_changes(before: Iterable[str], after: Iterable[str]) -> SeatChanges:
    """Compare the labels of a contest's holders with those elected, as multisets.

    Which seat of a ward went from whom to whom has no meaning: its seats are not told apart.
    """
    held, won = Counter(before), Counter(after)
    return SeatChanges(_ordered(won - held), _ordered(held - won))


def _ordered(seats: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(seats.items(), key=lambda item: (-item[1], item[0])))

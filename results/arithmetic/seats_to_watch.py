"""Find the seats to come that decide whether a party reaches a majority. This is no forecast.

From the seats filled so far, and those to come as they were won last time, it computes how many
a party needs beside its own, or can lose. In the order of the swing that each takes, the seats next
to that number are those to watch.
"""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredSeat:
    """A seat to come: last time's winner, and by label the swing that takes it, of one."""

    key: int
    holder: str
    needed: Mapping[str, Fraction]

    def least(self) -> tuple[Fraction, str] | None:
        """Return the least swing that takes the seat, with its label; None without challengers."""
        return min(((swing, label) for label, swing in self.needed.items()), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatToWatch:
    """A seat, its holder, the challenger, and the swing that gives the challenger the seat."""

    key: int
    holder: str
    challenger: str
    swing: Fraction


class RankedSeats:
    """Every seat of a night by the swing that it takes, sorted once for all its bulletins."""

    def __init__(self, seats: Iterable[UndeclaredSeat]) -> None:
        self._seats = tuple(seats)
        self._held: dict[str, frozenset[int]] = {}
        self._targets: dict[str, Sequence[SeatToWatch]] = {}
        self._defences: dict[str, Sequence[SeatToWatch]] = {}

    def held(self, label: str) -> AbstractSet[int]:
        """Return the keys of the seats that the label won last time."""
        if label not in self._held:
            own = (seat.key for seat in self._seats if seat.holder == label)
            self._held[label] = frozenset(own)
        return self._held[label]

    def targets(self, label: str) -> Sequence[SeatToWatch]:
        """Return the seats that a swing gives to the label, least swing first."""
        if label not in self._targets:
            self._targets[label] = _by_swing(
                (seat, seat.needed[label], label)
                for seat in self._seats
                if label in seat.needed and seat.holder != label
            )
        return self._targets[label]

    def defences(self, label: str) -> Sequence[SeatToWatch]:
        """Return the label's own seats that a swing takes from it, least swing first."""
        if label not in self._defences:
            own = (seat for seat in self._seats if seat.holder == label)
            self._defences[label] = _by_swing(
                (seat, *least) for seat in own if (least := seat.least())
            )
        return self._defences[label]


def _by_swing(
    taken: Iterable[tuple[UndeclaredSeat, Fraction, str]],
) -> Sequence[SeatToWatch]:
    seats = (
        SeatToWatch(key=seat.key, holder=seat.holder, challenger=label, swing=swing)
        for seat, swing, label in taken
    )
    return sorted(seats, key=lambda seat: (seat.swing, seat.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsToWatch:
    """The party nearest to the threshold, the number of seats it needs or can lose, and which.

    `gains`: whether it reaches the threshold with so many; else it falls below it.
    """

    label: str
    number: int
    gains: bool
    seats: tuple[SeatToWatch, ...]


def find_seats_to_watch(
    seats: RankedSeats,
    awaited: AbstractSet[int],
    won: Mapping[str, int],
    labels: Iterable[str],
    threshold: int,
    *,
    rows: int,
) -> SeatsToWatch | None:
    """Return the seats to watch for the one of `labels` that is nearest to the threshold.

    `awaited` is the keys of the seats to come, `won` the seats by label so far. None where the
    threshold is reached, or where none of them can be kept from it or brought to it.
    """
    if any(number >= threshold for number in won.values()):
        return None
    found = (_of(seats, awaited, won.get(label, 0), label, threshold, rows) for label in labels)
    return min(filter(None, found), key=lambda one: one.number, default=None)


def _of(
    seats: RankedSeats,
    awaited: AbstractSet[int],
    won: int,
    label: str,
    threshold: int,
    rows: int,
) -> SeatsToWatch | None:
    spare = won + len(seats.held(label) & awaited) - threshold
    gains = spare < 0
    number = -spare if gains else spare + 1
    every = seats.targets(label) if gains else seats.defences(label)
    ranked = [seat for seat in every if seat.key in awaited]
    if number > len(ranked):
        return None
    start = max(min(number - 1 - rows // 2, len(ranked) - rows), 0)
    chosen = tuple(ranked[start : start + rows])
    return SeatsToWatch(label=label, number=number, gains=gains, seats=chosen)

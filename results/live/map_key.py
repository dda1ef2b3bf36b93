"""What stands beside the map: whose the seats are, and who took them from whom."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from results.live.map_marks import SeatMark
from results.words.party_names import PartyName, PartyNames


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One party and its seats on the map."""

    party_name: PartyName
    seats: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Seats that one party took from another."""

    winner: PartyName
    loser: PartyName
    seats: int


@dataclass(frozen=True, slots=True)
class MapKey:
    """The key of a map of seats of one member each.

    `rows` are those with seats, most first, then by label; `without` held some before and have none
    now. `flows` likewise. The script that keeps an open page counts and sorts in the same way.
    """

    rows: list[KeyRow]
    without: list[PartyName]
    flows: list[Flow]
    to_come: int
    changed: int

    @property
    def most(self) -> int:
        """The largest number of seats that one party took from one other."""
        return max((flow.seats for flow in self.flows), default=1)


def map_key(marks: Iterable[SeatMark], held: Iterable[str], party_names: PartyNames) -> MapKey:
    """The key of these seats; `held` are the labels that held seats before."""
    seats: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for mark in marks:
        seats[mark.label] += 1
        if mark.lost_by:
            pairs[mark.label, mark.lost_by] += 1
    to_come = seats.pop("", 0)
    return MapKey(
        rows=[
            KeyRow(party_names[label], count) for label, count in sorted(seats.items(), key=_most)
        ],
        without=[party_names[label] for label in sorted({*held} - seats.keys())],
        flows=[
            Flow(party_names[winner], party_names[loser], count)
            for (winner, loser), count in sorted(pairs.items(), key=_most)
        ],
        to_come=to_come,
        changed=sum(pairs.values()),
    )


def _most(item: tuple[object, int]) -> tuple[int, object]:
    return -item[1], item[0]

"""Compute the map's key: the seats of each party, and the seats that one took from another."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from results.live.map_marks import SeatParties
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

    `rows` are the parties with seats, most first, then by label; `without` held some before and
    have none now. `flows` are sorted likewise. While nothing is declared, `rows` are the seats that
    each party defends. The script that keeps an open page counts and sorts in the same way.
    """

    rows: list[KeyRow]
    without: list[PartyName]
    flows: list[Flow]
    to_come: int
    changed: int
    declared: int
    #: Whether any holder is known, so that seats to come are in their holders' colours.
    is_tinted: bool

    @property
    def is_defending(self) -> bool:
        """Whether `rows` are the seats that parties defend."""
        return self.declared == 0 and bool(self.rows)

    @property
    def most(self) -> int:
        """The largest number of seats that one party took from one other."""
        return max((flow.seats for flow in self.flows), default=1)


def map_key(some: Iterable[SeatParties], held: Iterable[str], party_names: PartyNames) -> MapKey:
    """Compute the key of these seats; `held` are the labels that held seats before."""
    seats: Counter[str] = Counter()
    defended: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    holders = {*held}
    # Counted first, because thousands of seats have only some dozens of combinations.
    for parties, count in Counter(some).items():
        seats[parties.winner] += count
        holders.add(parties.held_by)
        if parties.defender:
            defended[parties.defender] += count
        if parties.lost_by:
            pairs[parties.winner, parties.lost_by] += count
    holders.discard("")
    to_come, declared = seats.pop("", 0), seats.total()
    seats = seats or defended
    return MapKey(
        rows=[
            KeyRow(party_names[label], count) for label, count in sorted(seats.items(), key=_most)
        ],
        without=[party_names[label] for label in sorted(holders - seats.keys())],
        flows=[
            Flow(party_names[winner], party_names[loser], count)
            for (winner, loser), count in sorted(pairs.items(), key=_most)
        ],
        to_come=to_come,
        changed=sum(pairs.values()),
        declared=declared,
        is_tinted=bool(holders),
    )


def _most(item: tuple[object, int]) -> tuple[int, object]:
    return -item[1], item[0]

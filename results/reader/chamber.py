"""The chamber as a half circle: every seat a dot, the parties in the order of the seats bar."""

from dataclasses import dataclass
from math import cos, pi, sin

from results.live.election_snapshot import ElectionSnapshot

#: The drawing is 2 wide and 1 high, less the aisle's radius; coordinates are whole thousandths.
UNIT = 1000
INNER = 0.4


@dataclass(frozen=True, slots=True)
class Dot:
    """The middle of one seat; y grows downwards, the floor of the chamber is at 1000."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Wedge:
    """The seats of one label of the tally; of none, those still to come."""

    label: str
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class Chamber:
    wedges: list[Wedge]
    radius: int


def chamber_of(snapshot: ElectionSnapshot) -> Chamber:
    """As the seats bar has them: the first party from the left, the others from the right."""
    dots, radius = seats_of(snapshot.seats)
    start, length = snapshot.gap
    wedges = [Wedge("", dots[start : start + length])]
    wedges += [
        Wedge(part.party_name.label, dots[part.start : part.start + part.seats])
        for part in snapshot.bar
    ]
    return Chamber([wedge for wedge in wedges if wedge.dots], radius)


def seats_of(number: int) -> tuple[list[Dot], int]:
    """``number`` dots from the left of the chamber to its right, and their radius.

    Rows share the seats in proportion to their length; seats are then ordered by angle, so that a
    party's stretch of them is a wedge.
    """
    if number < 1:
        return [], 0
    rows = max(1, round((number / 4.5) ** 0.5))
    radii = [INNER + (1 - INNER) * (row + 0.5) / rows for row in range(rows)]
    shares = _shared_out(number, radii)
    placed = []
    for radius, seats in zip(radii, shares, strict=True):
        for seat in range(seats):
            angle = pi * (seat + 0.5) / seats
            placed.append((angle, radius))
    placed.sort(key=lambda one: (one[0], -one[1]))
    gap = min((1 - INNER) / rows, pi * radii[0] / max(shares[0], 1), pi / 4)
    dots = [
        Dot(x=round(UNIT * (1 - radius * cos(angle))), y=round(UNIT * (1 - radius * sin(angle))))
        for angle, radius in placed
    ]
    return dots, round(UNIT * gap * 0.42)


def _shared_out(number: int, radii: list[float]) -> list[int]:
    """Whole seats by row in proportion to its radius, the largest remainders first."""
    exact = [number * radius / sum(radii) for radius in radii]
    shares = [int(one) for one in exact]
    by_remainder = sorted(range(len(radii)), key=lambda row: exact[row] - shares[row], reverse=True)
    for row in by_remainder[: number - sum(shares)]:
        shares[row] += 1
    return shares

"""The chamber as a half circle of dots, one for each seat, in the party order of the seats bar."""

from dataclasses import dataclass
from math import cos, pi, sin

from results.live.election_snapshot import ElectionSnapshot

#: Coordinates per unit of length. The drawing is 2 units wide and 1 high.
UNIT = 1000
#: The radius of the empty floor in the middle.
INNER = 0.4


@dataclass(frozen=True, slots=True)
class Dot:
    """The middle of one seat; y grows downwards, the floor of the chamber is at 1000."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Wedge:
    """The seats of one label; the empty label has those not declared yet."""

    label: str
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class Chamber:
    wedges: list[Wedge]
    radius: int


def chamber_of(snapshot: ElectionSnapshot) -> Chamber:
    """Chamber with the first party from the left and the others from the right, as in the bar."""
    dots, radius = seats_of(snapshot.seats)
    start, length = snapshot.gap
    wedges = [Wedge("", dots[start : start + length])]
    wedges += [
        Wedge(part.party_name.label, dots[part.start : part.start + part.seats])
        for part in snapshot.bar
    ]
    return Chamber([wedge for wedge in wedges if wedge.dots], radius)


def seats_of(number: int) -> tuple[list[Dot], int]:
    """Place `number` dots from the left of the chamber to its right; return them and their radius.

    Rows share the seats in proportion to their length; the seats are then ordered by angle, so
    that consecutive ones make a wedge.
    """
    if number < 1:
        return [], 0
    rows = max(1, round((number / 4.5) ** 0.5))
    radii = [INNER + (1 - INNER) * (row + 0.5) / rows for row in range(rows)]
    seats_by_row = _apportion(number, radii)
    polar = [
        (pi * (seat + 0.5) / seats, radius)
        for radius, seats in zip(radii, seats_by_row, strict=True)
        for seat in range(seats)
    ]
    polar.sort(key=lambda point: (point[0], -point[1]))
    spacing = min((1 - INNER) / rows, pi * radii[0] / max(seats_by_row[0], 1), pi / 4)
    dots = [
        Dot(x=round(UNIT * (1 - radius * cos(angle))), y=round(UNIT * (1 - radius * sin(angle))))
        for angle, radius in polar
    ]
    return dots, round(UNIT * spacing * 0.42)


def _apportion(number: int, radii: list[float]) -> list[int]:
    """Divide the seats among the rows in proportion to their radius (largest remainder method)."""
    quotas = [number * radius / sum(radii) for radius in radii]
    seats = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(radii)), key=lambda row: quotas[row] - seats[row], reverse=True)
    for row in by_remainder[: number - sum(seats)]:
        seats[row] += 1
    return seats

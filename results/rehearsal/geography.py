"""Generate the hex map of a rehearsal: each region grows around a centre of its own.

Pure: the same regions and numbers give the same map on any machine.
"""

from collections.abc import Mapping
from itertools import product

#: Centre of each region in a country of 650 seats, as (column, row), rows from the south.
CENTRES = {
    "Scotland": (-5, 19),
    "Northern Ireland": (-14, 8),
    "North East": (2, 10),
    "North West": (-5, 7),
    "Yorkshire and The Humber": (4, 6),
    "Wales": (-10, -3),
    "West Midlands": (-4, -2),
    "East Midlands": (3, -1),
    "East": (9, -5),
    "London": (5, -10),
    "South East": (1, -13),
    "South West": (-9, -11),
}
SEATS = 650
ROW_DISTANCE = 0.866  # in units of the distance between columns

Cell = tuple[int, int]


def country(seats: Mapping[str, int]) -> dict[str, list[Cell]]:
    """Return `{region: [(q, r), …]}` in an odd-r layout, a cell for each of its seats."""
    size = sum(seats.values())
    scale = (size / SEATS) ** 0.5
    reach = round(34 * scale) + 3
    nearest = {region: _by_distance(_scaled(region, scale), reach) for region in seats}
    taken: set[Cell] = set()
    cells: dict[str, list[Cell]] = {region: [] for region in seats}
    for _seat in range(size):
        # The region with the largest share still missing takes its nearest free cell.
        region = max(
            seats,
            key=lambda name: (1 - len(cells[name]) / seats[name] if seats[name] else -1, name),
        )
        cell = next(cell for cell in nearest[region] if cell not in taken)
        nearest[region] = nearest[region][nearest[region].index(cell) + 1 :]
        taken.add(cell)
        cells[region].append(cell)
    # In reading order, from the north-west to the south-east.
    return {region: sorted(own, key=lambda c: (-c[1], c[0])) for region, own in cells.items()}


def _by_distance(at: tuple[float, float], reach: int) -> list[Cell]:
    cells = product(range(-reach, reach + 1), range(-reach, reach + 1))
    return sorted(cells, key=lambda cell: (_distance(cell, at), cell))


def _scaled(region: str, scale: float) -> tuple[float, float]:
    q, r = CENTRES[region]
    return q * scale, r * scale


def _distance(cell: Cell, at: tuple[float, float]) -> float:
    q, r = cell
    return float((q + (r % 2) / 2 - at[0]) ** 2 + ((r - at[1]) * ROW_DISTANCE) ** 2)

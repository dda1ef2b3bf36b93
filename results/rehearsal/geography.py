"""The map of a rehearsal: an invented country, each region grown around a place of its own.

Pure: the same regions and numbers are the same country on any machine.
"""

from collections.abc import Mapping
from itertools import product

#: Where each region lies, in columns and rows (counted from the south) of a country of 650 seats.
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
WHOLE = 650
ROW = 0.866  # rows lie closer than columns

Cell = tuple[int, int]


def country(seats: Mapping[str, int]) -> dict[str, list[Cell]]:
    """``{region: [(q, r), …]}`` with as many places as it has seats, in an odd-r layout."""
    size = sum(seats.values())
    scale = (size / WHOLE) ** 0.5
    reach = round(34 * scale) + 3
    near = {region: _by_distance(_scaled(region, scale), reach) for region in seats}
    taken: set[Cell] = set()
    places: dict[str, list[Cell]] = {region: [] for region in seats}
    for _seat in range(size):
        # The region that lacks most takes the nearest place that is free.
        region = max(
            seats, key=lambda one: (1 - len(places[one]) / seats[one] if seats[one] else -1, one)
        )
        cell = next(cell for cell in near[region] if cell not in taken)
        near[region] = near[region][near[region].index(cell) + 1 :]
        taken.add(cell)
        places[region].append(cell)
    # From the north-west to the south-east, as one reads.
    return {region: sorted(cells, key=lambda c: (-c[1], c[0])) for region, cells in places.items()}


def _by_distance(at: tuple[float, float], reach: int) -> list[Cell]:
    cells = product(range(-reach, reach + 1), range(-reach, reach + 1))
    return sorted(cells, key=lambda cell: (_distance(cell, at), cell))


def _scaled(region: str, scale: float) -> tuple[float, float]:
    q, r = CENTRES[region]
    return q * scale, r * scale


def _distance(cell: Cell, at: tuple[float, float]) -> float:
    q, r = cell
    return float((q + (r % 2) / 2 - at[0]) ** 2 + ((r - at[1]) * ROW) ** 2)

"""Where a seat lies on a hex cartogram: HexJSON's columns and rows as points of a drawing.

https://open-innovations.org/projects/hexmaps/hexjson
"""

from dataclasses import dataclass

#: From the middle of a hexagon to the next in its row, and to the next row's: 2 : √3.
WIDTH, STEP = 20, 17


@dataclass(frozen=True, slots=True)
class HexPosition:
    """The middle of a hexagon; y grows downwards."""

    x: int
    y: int


def hex_position_of(q: int | None, r: int | None, layout: str) -> HexPosition | None:
    """None for a seat that is on no map. ``r`` grows northwards, as HexJSON has it.

    Layouts in rows have their corners upwards, those in columns to the sides.
    """
    if q is None or r is None:
        return None
    shoved, by_row = layout.split("-")
    along, across = (q, r) if by_row == "r" else (r, q)
    half = WIDTH // 2 if (across % 2 == 1) == (shoved == "odd") else 0
    if by_row == "r":
        return HexPosition(x=along * WIDTH + half, y=-across * STEP)
    return HexPosition(x=across * STEP, y=-(along * WIDTH + half))


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of the plane that a map needs, half a hexagon around it included."""

    left: int
    top: int
    width: int
    height: int

    @property
    def view_box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.height}"


def extent_of(places: list[HexPosition]) -> Extent:
    """``places`` may not be empty."""
    left, right = min(one.x for one in places), max(one.x for one in places)
    top, bottom = min(one.y for one in places), max(one.y for one in places)
    return Extent(left - WIDTH, top - WIDTH, right - left + 2 * WIDTH, bottom - top + 2 * WIDTH)

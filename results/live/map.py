"""Positions of seats on a hexagonal cartogram, from HexJSON's columns and rows.

https://open-innovations.org/projects/hexmaps/hexjson
"""

from dataclasses import dataclass

#: Distance of hexagons' centres in a row, and of two rows: about 2 : √3.
WIDTH, STEP = 20, 17
#: Distance from a hexagon's centre to its corners, as templates draw it.
CORNER = 10.8


@dataclass(frozen=True, slots=True)
class HexPosition:
    """The centre of a hexagon; y grows downwards."""

    x: int
    y: int


def hex_position_of(q: int | None, r: int | None, layout: str) -> HexPosition | None:
    """The position of column `q` and row `r`; None for a seat that is not on the map.

    `layout` is HexJSON's: "odd-r", "even-r", "odd-q" or "even-q". Hexagons in rows ("r") point up,
    those in columns ("q") point sideways. `r` grows northwards.
    """
    if q is None or r is None:
        return None
    offset, direction = layout.split("-")
    by_row = direction == "r"
    along, across = (q, r) if by_row else (r, q)
    shift = WIDTH // 2 if (across % 2 == 1) == (offset == "odd") else 0
    if by_row:
        return HexPosition(x=along * WIDTH + shift, y=-across * STEP)
    return HexPosition(x=across * STEP, y=-(along * WIDTH + shift))


def stripes_of(parts: int) -> list[tuple[str, str]]:
    """Return `(left, width)` of `parts` vertical stripes of a hexagon, which clips them."""
    width = 2 * CORNER / max(parts, 1)
    return [(f"{part * width - CORNER:.2f}", f"{width:.2f}") for part in range(parts)]


@dataclass(frozen=True, slots=True)
class Extent:
    """The rectangle that a map needs, a margin of one hexagon included."""

    left: int
    top: int
    width: int
    height: int

    @property
    def view_box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.height}"


def extent_of(positions: list[HexPosition]) -> Extent:
    """The extent of `positions`, which may not be empty."""
    xs, ys = [position.x for position in positions], [position.y for position in positions]
    return Extent(
        left=min(xs) - WIDTH,
        top=min(ys) - WIDTH,
        width=max(xs) - min(xs) + 2 * WIDTH,
        height=max(ys) - min(ys) + 2 * WIDTH,
    )

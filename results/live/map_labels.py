"""Place names of regions on a map of hexagons, beside their region, without overlaps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from results.live.map import CORNER, STEP, Extent, HexPosition

#: The size of letters on phones, in the map's width: 12 pixels or more where it is 352 pixels wide.
LETTERS = 0.0355
#: The sizes on a phone of 320 pixels, on other phones and on wide screens, in that size: 12 pixels
#: or more on each. `map.css` has them for the same widths.
SIZES = (1.22, 1, 0.7)
#: The width and height of the buttons at the top right on each, in the map's width.
BUTTONS = ((0.16, 0.46), (0.13, 0.38), (0.09, 0.26))
#: The most characters of a name in one line.
LONGEST = 9
#: Width of a letter of the system's bold fonts on each, in letter sizes: where the map is as wide
#: as the screen, with the spacing that readers may set (WCAG 2.2, 1.4.12).
WIDE = (0.72, 0.68, 0.56)
#: Height of a line, in letter sizes.
HIGH = 1.05
#: Gap between a name and the hexagons next to it, in units of the map.
_GAP = 5
#: Most that a name may extend above or below the first extent, in letter sizes on phones.
_BEYOND = 1.5


@dataclass(frozen=True, slots=True)
class RegionLabel:
    """A name's lines, centred vertically on `y`. `anchor` is SVG's `text-anchor`.

    `size` is the largest letter size that fits, and `rank` its position in `SIZES`: on screens
    narrower than that size is for, the name is hidden.
    """

    lines: tuple[str, ...]
    x: int
    y: int
    anchor: str
    rank: int
    size: float

    @property
    def tspans(self) -> list[tuple[str, str]]:
        """Each line with its distance below the one before, in letter sizes."""
        first = HIGH * (1 - len(self.lines)) / 2
        return [(line, f"{HIGH if at else first:.3f}") for at, line in enumerate(self.lines)]

    @property
    def box(self) -> "Box":
        """The rectangle of the name in its largest letters."""
        width = (max(map(len, self.lines)) * WIDE[self.rank] + 0.3) * self.size
        left = self.x - {"end": width, "middle": width / 2, "start": 0}[self.anchor]
        half = len(self.lines) * HIGH * self.size / 2
        return Box(left, left + width, self.y - half, self.y + half)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the units of the map; y grows downwards."""

    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_near(self, extent: Extent) -> bool:
        """Whether the box is within the extent's width, and at most a little above or below it."""
        beyond = _BEYOND * letter_size(extent)
        return (
            self.left >= extent.left
            and self.right <= extent.left + extent.width
            and self.top >= extent.top - beyond
            and self.bottom <= extent.top + extent.height + beyond
        )


def region_labels(
    regions: Mapping[str, Sequence[HexPosition]], extent: Extent
) -> list[RegionLabel]:
    """Place each region's name where it covers no hexagon, button or other name.

    Names that fit in the largest letters come first. A region without room has no name on the map,
    only in the list of seats.
    """
    blocked = [hexagon_box(each) for positions in regions.values() for each in positions]
    labels: dict[str, RegionLabel] = {}
    for rank, size in enumerate(SIZES):
        for name, positions in regions.items():
            if name in labels or not positions:
                continue
            at_first = RegionLabel(_lines(name), 0, 0, "middle", rank, size * letter_size(extent))
            for label in _places(at_first, positions):
                box, buttons = label.box, _buttons(extent, rank)
                if box.is_near(extent) and not any(map(box.overlaps, [buttons, *blocked])):
                    labels[name] = label
                    blocked.append(box)
                    break
    return list(labels.values())


def letter_size(extent: Extent) -> float:
    """The size of letters on phones, in the units of the map."""
    return LETTERS * extent.width


def extent_with(labels: Sequence[RegionLabel], extent: Extent) -> Extent:
    """Return the extent, made higher for the names above and below the map."""
    top = min([extent.top, *(int(label.box.top) - 1 for label in labels)])
    foot = max(
        [extent.top + extent.height, *(int(label.box.bottom) + 1 for label in labels)],
    )
    return replace(extent, top=top, height=foot - top)


def _buttons(extent: Extent, rank: int) -> Box:
    """Return the buttons' box on the narrowest screen of a size, also if the extent grows."""
    wide, high = (part * extent.width for part in BUTTONS[rank])
    right, beyond = extent.left + extent.width, _BEYOND * letter_size(extent)
    return Box(right - wide, right, extent.top - beyond, extent.top + high)


def hexagon_box(position: HexPosition) -> Box:
    x, y = position.x, position.y
    return Box(x - CORNER, x + CORNER, y - CORNER, y + CORNER)


def _lines(name: str) -> tuple[str, ...]:
    """Split a long name into two lines of about the same length."""
    words = name.split()
    if len(name) <= LONGEST or len(words) < 2:
        return (name,)
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return min(splits, key=lambda both: max(map(len, both)))


def _places(label: RegionLabel, positions: Sequence[HexPosition]) -> Iterator[RegionLabel]:
    """Yield places at the region's edge, nearest its middle first: beside it, then below, above."""
    yield from _beside(label, positions)
    yield from _below_and_above(label, positions)


def _beside(label: RegionLabel, positions: Sequence[HexPosition]) -> Iterator[RegionLabel]:
    middle = sum(position.y for position in positions) / len(positions)
    reach = label.box.bottom + STEP / 2
    for y in _from_the_middle((position.y for position in positions), middle):
        near = [position.x for position in positions if abs(position.y - y) <= reach]
        yield replace(label, x=round(min(near) - CORNER - _GAP), y=y, anchor="end")
        yield replace(label, x=round(max(near) + CORNER + _GAP), y=y, anchor="start")


def _below_and_above(label: RegionLabel, positions: Sequence[HexPosition]) -> Iterator[RegionLabel]:
    middle = sum(position.x for position in positions) / len(positions)
    reach, half = label.box.right, label.box.bottom
    for x in _from_the_middle((position.x for position in positions), middle):
        near = [position.y for position in positions if abs(position.x - x) <= reach]
        yield replace(label, x=x, y=round(max(near) + CORNER + _GAP + half))
        yield replace(label, x=x, y=round(min(near) - CORNER - _GAP - half))


def _from_the_middle(values: Iterable[int], middle: float) -> list[int]:
    """Return each value once, those nearest the middle first."""
    return sorted({*values}, key=lambda value: (abs(value - middle), value))

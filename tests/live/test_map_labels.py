"""Names of regions stand beside them on the map, and never on a hexagon or on each other."""

from itertools import combinations

import pytest

from results.live.map import HexPosition, extent_of, hex_position_of
from results.live.map_labels import (
    BUTTONS,
    SIZES,
    RegionLabel,
    extent_with,
    hexagon_box,
    region_labels,
)
from tests.needs import ROOT


def block(left: int, bottom: int, columns: int, rows: int) -> list[HexPosition]:
    cells = [(q, r) for q in range(left, left + columns) for r in range(bottom, bottom + rows)]
    positions = (hex_position_of(q, r, "odd-r") for q, r in cells)
    return [position for position in positions if position]


REGIONS = {
    "West": block(0, 0, 5, 8),
    "Middle": block(5, 2, 12, 6),
    "South of the country": block(5, 0, 12, 2),
    "Inner": block(9, 4, 2, 2),
    "East": block(17, 0, 5, 8),
    "Island": block(-6, 11, 2, 2),
    "Shore": block(29, 9, 1, 1),
    "Peak": block(5, 34, 1, 1),
}
REGIONS["Middle"] = [one for one in REGIONS["Middle"] if one not in REGIONS["Inner"]]
HEXAGONS = [one for positions in REGIONS.values() for one in positions]


def labels() -> dict[str, RegionLabel]:
    found = region_labels(REGIONS, extent_of(HEXAGONS))
    return {" ".join(label.lines): label for label in found}


def test_name_stands_beside_its_region_or_above_or_below_it() -> None:
    placed = labels()
    assert placed["West"].anchor == "end"
    assert placed["West"].x < min(one.x for one in REGIONS["West"])
    assert placed["East"].anchor == "start"
    assert placed["East"].x > max(one.x for one in REGIONS["East"])
    assert placed["Middle"].y < min(one.y for one in REGIONS["Middle"])
    assert placed["South of the country"].y > max(one.y for one in HEXAGONS)


def test_region_without_an_edge_has_no_name() -> None:
    assert labels().keys() == REGIONS.keys() - {"Inner"}


def test_no_name_is_on_a_hexagon_or_on_another_or_cut() -> None:
    placed = [*labels().values()]
    extent = extent_with(placed, extent_of(HEXAGONS))
    for label in placed:
        box = label.box
        assert not any(box.overlaps(hexagon_box(one)) for one in HEXAGONS), label
        assert extent.left <= box.left
        assert box.right <= extent.left + extent.width
        assert extent.top <= box.top
        assert box.bottom <= extent.top + extent.height
    assert not any(one.box.overlaps(other.box) for one, other in combinations(placed, 2))


def test_no_name_is_under_the_buttons() -> None:
    extent = extent_of(HEXAGONS)
    corner = {"Corner": block(27, 24, 2, 2), **REGIONS}
    for label in region_labels(corner, extent):
        wide, high = (part * extent.width for part in BUTTONS[label.rank])
        box = label.box
        assert box.right <= extent.left + extent.width - wide or box.top >= extent.top + high, label


def test_name_without_room_for_large_letters_has_small_ones() -> None:
    ranks = {name: label.rank for name, label in labels().items()}
    assert ranks["West"] == 0
    assert ranks["South of the country"] > 0


def test_long_name_has_two_lines() -> None:
    label = labels()["South of the country"]
    assert label.lines == ("South of", "the country")
    assert [float(dy) for _line, dy in label.tspans] == [-0.525, 1.05]


@pytest.mark.parametrize("size", SIZES)
def test_stylesheet_has_the_sizes_that_names_are_placed_for(size: int) -> None:
    css = (ROOT / "static" / "reader" / "map.css").read_text(encoding="utf-8")
    assert f"{size}em" in css

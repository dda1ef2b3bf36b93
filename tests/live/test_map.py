"""Positions on the map in HexJSON's four layouts."""

import pytest

from results.live.map import STEP, WIDTH, HexPosition, extent_of, hex_position_of, stripes_of

HALF = WIDTH // 2


@pytest.mark.parametrize(
    ("q", "r", "layout", "position"),
    [
        (0, 0, "odd-r", HexPosition(0, 0)),
        (1, 0, "odd-r", HexPosition(WIDTH, 0)),
        (0, 1, "odd-r", HexPosition(HALF, -STEP)),
        (0, -1, "odd-r", HexPosition(HALF, STEP)),
        (0, 0, "even-r", HexPosition(HALF, 0)),
        (0, 1, "even-r", HexPosition(0, -STEP)),
        (1, 0, "odd-q", HexPosition(STEP, -HALF)),
        (0, 1, "odd-q", HexPosition(0, -WIDTH)),
        (0, 0, "even-q", HexPosition(0, -HALF)),
    ],
)
def test_north_is_up_and_every_second_row_or_column_is_shifted(
    q: int | None, r: int | None, layout: str, position: HexPosition
) -> None:
    assert hex_position_of(q, r, layout) == position


@pytest.mark.parametrize(("q", "r"), [(None, None), (1, None), (None, 1)])
def test_seat_without_coordinates_has_no_position(q: int | None, r: int | None) -> None:
    assert hex_position_of(q, r, "odd-r") is None


def test_extent_has_a_margin_around_every_hexagon() -> None:
    extent = extent_of([HexPosition(0, 0), HexPosition(40, -17)])
    assert extent.view_box == "-20 -37 80 57"


def test_stripes_of_a_ward_cover_its_hexagon() -> None:
    assert stripes_of(1) == [("-10.80", "21.60")]
    assert stripes_of(3) == [("-10.80", "7.20"), ("-3.60", "7.20"), ("3.60", "7.20")]

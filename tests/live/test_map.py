"""Where hexagons lie: HexJSON's four layouts."""

import pytest

from results.live.map import STEP, WIDTH, Place, extent_of, place_of

HALF = WIDTH // 2


@pytest.mark.parametrize(
    ("q", "r", "layout", "place"),
    [
        (0, 0, "odd-r", Place(0, 0)),
        (1, 0, "odd-r", Place(WIDTH, 0)),
        (0, 1, "odd-r", Place(HALF, -STEP)),
        (0, -1, "odd-r", Place(HALF, STEP)),
        (0, 0, "even-r", Place(HALF, 0)),
        (0, 1, "even-r", Place(0, -STEP)),
        (1, 0, "odd-q", Place(STEP, -HALF)),
        (0, 1, "odd-q", Place(0, -WIDTH)),
        (0, 0, "even-q", Place(0, -HALF)),
    ],
)
def test_north_is_up_and_every_second_row_or_column_is_shoved(q, r, layout, place):
    assert place_of(q, r, layout) == place


@pytest.mark.parametrize(("q", "r"), [(None, None), (1, None), (None, 1)])
def test_a_seat_without_a_place_is_on_no_map(q, r):
    assert place_of(q, r, "odd-r") is None


def test_the_drawing_holds_every_hexagon_whole():
    extent = extent_of([Place(0, 0), Place(40, -17)])
    assert extent.view_box == "-20 -37 80 57"

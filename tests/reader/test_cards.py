"""Share cards: what their words say, and where their lines end."""

import re

import pytest
from PIL import ImageFont

from results.live.cached_snapshot import CachedSnapshot
from results.reader.card import _FONTS, _wrap
from results.reader.card_contents import night_card
from tests import councils, nights


@pytest.mark.parametrize(
    "title",
    [
        "Arsenal: Greens 2, Labour 1, majority 25",
        "Luton: Labour 2, majority 210",
        "Conservatives up 26 seats, Labour down 33",
    ],
)
@pytest.mark.parametrize("width", [700, 840, 980])
def test_no_line_of_a_title_parts_a_number_from_what_it_counts(title: str, width: int) -> None:
    font = ImageFont.truetype(str(_FONTS / "DeskSerif-Bold.ttf"), 82)
    lines = _wrap(title, font, width)
    assert " ".join(lines) == title
    assert not any(re.search(r"^[\d,]+(,|$)", line) for line in lines), lines
    assert not any(re.search(r"\d$", line) for line in lines[:-1]), lines
    assert all(font.getlength(line) <= width for line in lines)


@pytest.mark.django_db
def test_line_of_a_council_is_for_control_and_nothing_is_counted_before_the_first() -> None:
    night = councils.council_night()
    councils.council(night, councils.HARROWMERE)
    bar = night_card(CachedSnapshot.read(night)).bar
    assert bar is not None
    assert bar.line_words == "26 for control"
    assert (bar.left, bar.right) == (None, None)
    councils.declare(night.contests.get(slug="castle"))
    bar = night_card(CachedSnapshot.read(night)).bar
    assert bar is not None
    assert bar.left is not None


@pytest.mark.django_db
def test_line_of_a_house_is_to_win() -> None:
    night = nights.election(house_seats=3)
    for name in ("Vale", "Dale", "Hale"):
        nights.contest(night, name, [("Ann Hall", "con"), ("Bob Rice", "lab")])
    bar = night_card(CachedSnapshot.read(night)).bar
    assert bar is not None
    assert bar.line_words == "2 to win"

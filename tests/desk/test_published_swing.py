"""The swing among the details that are published with a result, in words."""

import pytest

from results.live.fragments import election_locale
from results.live.published_details import changed_details
from results.live.seat import read_seats
from results.models import Contest, Declaration
from tests import nights


@pytest.fixture
def seat(db: None) -> Contest:
    contest = nights.contest(nights.election(), "Quiet", [("Ann", "lab"), ("Bob", "con")])
    nights.add_last_time(contest, {"lab": 6000, "con": 4000})
    return contest


def swing_of(contest: Contest) -> str:
    declaration = Declaration.objects.get(contest=contest)
    assert declaration.details is not None
    swing: str = declaration.details["swing"]
    return swing


@pytest.mark.parametrize(
    ("labour", "tory", "words"),
    [
        (6000, 4000, "none between Labour and Conservative"),
        (5999, 4000, "less than 0.1 points from Labour to Conservative"),
        (5000, 4000, "4.4 points from Labour to Conservative"),
    ],
)
def test_small_swing_is_none_or_less_than_a_tenth(
    seat: Contest, labour: int, tory: int, words: str
) -> None:
    nights.declare(seat, labour, tory)
    assert swing_of(seat) == words


def test_earlier_wording_of_no_swing_is_no_difference(seat: Contest) -> None:
    """Releases before 1.0 stored “0.0 points from …” with their results."""
    nights.declare(seat, 6000, 4000)
    (read,) = read_seats([seat])
    assert read.declaration is not None
    assert read.declaration.details is not None
    with election_locale(seat.election):
        read.declaration.details["swing"] = "0.0 points from Conservative to Labour"
        assert changed_details(read, None) == []
        read.declaration.details["swing"] = "0.1 points from Conservative to Labour"
        assert [name for name, _was, _is in changed_details(read, None)] == ["swing"]

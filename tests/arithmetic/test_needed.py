"""The swing needed for a seat to change hands, and last time's majority."""

from dataclasses import replace
from fractions import Fraction

import pytest

from results.arithmetic import Swing
from results.arithmetic.inputs import Holder, LastTime, LastVote
from results.arithmetic.needed import majority_last_time, swing_got, swing_to_equal


def last(*votes: tuple[str, int], seats: int | None = None) -> LastTime:
    rows = tuple(LastVote(label=label, votes=number) for label, number in votes)
    return LastTime(votes=rows, valid=sum(number for _label, number in votes), seats=seats)


def test_half_the_margin_makes_the_first_two_equal() -> None:
    needed = swing_to_equal(last(("lab", 600), ("con", 300), ("ld", 100)))
    assert needed == Swing(from_label="lab", to_label="con", points=Fraction(15, 100))


@pytest.mark.parametrize(
    "before",
    [
        None,
        last(("lab", 600)),
        last(("lab", 600), ("con", 200), ("ld", 200)),
        last(("speaker", 600), ("con", 200)),
        last(("independent", 600), ("con", 200)),
        last(("lab", 600), ("con", 200), seats=3),
    ],
)
def test_no_swing_is_needed_where_it_means_nothing(before: LastTime | None) -> None:
    assert swing_to_equal(before) is None


def test_got_is_negative_where_it_went_the_other_way() -> None:
    needed = Swing(from_label="lab", to_label="con", points=Fraction(1, 10))
    there = Swing(from_label="lab", to_label="con", points=Fraction(1, 20))
    back = Swing(from_label="con", to_label="lab", points=Fraction(1, 20))
    others = Swing(from_label="lab", to_label="ld", points=Fraction(1, 20))
    assert [swing_got(needed, each) for each in (there, back, others, None)] == [
        Fraction(1, 20),
        Fraction(-1, 20),
        None,
        None,
    ]


def test_majority_last_time_is_of_the_first_two_by_votes() -> None:
    assert majority_last_time(last(("con", 300), ("lab", 600), ("ld", 100))) == 300
    assert majority_last_time(last(("con", 300))) is None
    assert majority_last_time(LastTime(votes=(LastVote(label="a"), LastVote(label="b")))) is None


def test_second_preferences_leave_no_majority_and_no_swing_needed() -> None:
    votes = last(("con", 940), ("lab", 760), ("ld", 620))
    second = replace(votes, holders=(Holder(label="lab"),))
    assert (majority_last_time(second), swing_to_equal(second)) == (None, None)
    first = replace(votes, holders=(Holder(label="con"),))
    assert majority_last_time(first) == 940 - 760
    assert swing_to_equal(first) is not None

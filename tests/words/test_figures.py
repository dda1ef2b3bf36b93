"""Numbers as a page prints them."""

from fractions import Fraction

import pytest

from results.words import figures


@pytest.mark.parametrize(
    ("number", "grouped", "signed"),
    [
        (0, "0", "0"),
        (331, "331", "+331"),
        (-5483, "−5,483", "−5,483"),
        (34603, "34,603", "+34,603"),
    ],
)
def test_counts(number, grouped, signed):
    assert figures.grouped(number) == grouped
    assert figures.signed(number) == signed


@pytest.mark.parametrize(
    ("fraction", "percent", "signed"),
    [
        (Fraction(53805, 75162), "71.6", "+71.6"),
        (Fraction(54032, 75162), "71.9", "+71.9"),
        (Fraction(1, 2000), "0.1", "+0.1"),
        (Fraction(1, 2001), "0.0", "0.0"),
        (Fraction(-1, 3000), "0.0", "0.0"),
    ],
)
def test_shares_round_half_up_and_only_when_printed(fraction, percent, signed):
    assert figures.percent(fraction).lstrip("-") == percent
    assert figures.signed_points(fraction) == signed


@pytest.mark.parametrize(
    ("number", "ordinal"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th")]
    + [(13, "13th"), (21, "21st"), (22, "22nd"), (101, "101st"), (111, "111th")],
)
def test_ordinals(number, ordinal):
    assert figures.ordinal(number) == ordinal

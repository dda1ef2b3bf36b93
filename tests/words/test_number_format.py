"""Formatting of numbers for pages."""

from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation

from results.words import number_format


@pytest.mark.parametrize(
    ("number", "grouped", "signed"),
    [
        (0, "0", "0"),
        (331, "331", "+331"),
        (-5483, "−5,483", "−5,483"),
        (34603, "34,603", "+34,603"),
    ],
)
def test_counts_are_grouped(number: int, grouped: str, signed: str) -> None:
    assert number_format.grouped(number) == grouped
    assert number_format.signed(number) == signed


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
def test_shares_are_rounded_half_up(fraction: Fraction, percent: str, signed: str) -> None:
    assert number_format.percent(fraction).lstrip("-") == percent
    assert number_format.signed_points(fraction) == signed


def test_unknown_number_is_left_out_of_a_page() -> None:
    """Also by the ordinal, which Django’s filter would print as “None”."""
    for name in ("grouped", "signed", "percent", "signed_points", "ordinal"):
        page = Template(f"{{% load formats %}}[{{{{ number|{name} }}}}]")
        assert page.render(Context({"number": None})) == "[]", name


@pytest.mark.parametrize(("number", "ordinal"), [(1, "1st"), (2, "2nd"), (11, "11th")])
def test_ordinals(number: int, ordinal: str) -> None:
    assert number_format.ordinal(number) == ordinal


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((1, "1af"), (2, "2il"), (3, "3ydd"), (4, "4ydd"), (5, "5ed"), (6, "6ed"), (7, "7fed")),
        *((10, "10fed"), (11, "11eg"), (12, "12fed"), (15, "15fed"), (19, "19eg"), (20, "20fed")),
        *((21, "21ain"), (39, "39ain"), (40, "40fed"), (41, "41ain"), (100, "100fed")),
        *((101, "101af"), (112, "112fed"), (200, "200fed")),
    ],
)
def test_ordinals_have_their_own_endings_in_welsh(number: int, text: str) -> None:
    with translation.override("cy"):
        assert number_format.ordinal(number) == text


@pytest.mark.parametrize(
    ("headline", "kept"),
    [
        ("Conservatives up 30 seats, Labour down 37", "Conservatives up 30~seats, Labour down~37"),
        ("Labour 12, Liberal Democrats 1", "Labour~12, Liberal Democrats~1"),
        ("Labour up 12 seats after 140", "Labour up 12~seats after~140"),
        ("Little change after 140 of 650 seats", "Little change after 140~of 650~seats"),
        ("They defend 317 seats (+44) and more.", "They defend 317~seats~(+44) and more."),
        ("First results expected about 23:00.", "First results expected about~23:00."),
        ("No party can win a majority", "No party can win a majority"),
        ("<b>Con</b>\n  majority 1,204\n", "<b>Con</b>\n  majority~1,204\n"),
        ("<p>was 1,204.</p>", "<p>was~1,204.</p>"),
    ],
)
def test_no_number_of_a_headline_stands_alone(headline: str, kept: str) -> None:
    assert number_format.keep_together(headline).replace("\N{NO-BREAK SPACE}", "~") == kept

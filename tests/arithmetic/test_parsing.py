"""Parsing numbers as people type them."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from results.arithmetic import InvalidNumber, read_count, read_percentage
from tests.typed_counts import TYPED_COUNTS, TYPED_PERCENTAGES


@pytest.mark.parametrize(("text", "read"), TYPED_COUNTS.items())
def test_reads_a_count_or_says_what_is_wrong(text: str, read: int | str) -> None:
    assert _read(read_count, text) == read


@pytest.mark.parametrize(("text", "read"), TYPED_PERCENTAGES.items())
def test_reads_a_percentage_or_says_what_is_wrong(text: str, read: float | str) -> None:
    assert _read(read_percentage, text) == read


def _read(parse: Callable[[str], int | Decimal], text: str) -> float | str:
    """The number, or the code of what is wrong."""
    try:
        return float(parse(text))
    except InvalidNumber as exc:
        return exc.code


@given(st.integers(0, 999_999_999), st.sampled_from([",", " ", "\u00a0", "\u202f", ""]))
def test_reads_back_every_spelling_of_a_count(number: int, separator: str) -> None:
    assert read_count(f"{number:,}".replace(",", separator)) == number


@given(st.text(max_size=12))
def test_reads_a_count_or_raises_invalid_number(text: str) -> None:
    with suppress(InvalidNumber):
        assert read_count(text) >= 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("71.8", "71.8"),
        ("71.8%", "71.8"),
        ("71·8 %", "71.8"),
        ("72", "72"),
        ("100", "100"),
        ("71,8", "71.8"),
        ("71,83%", "71.83"),
    ],
)
def test_reads_percentages(text: str, value: str) -> None:
    assert read_percentage(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "101", "-1", "7 1", "71.888", "71,888", "7,1,8", "x"])
def test_refuses_what_is_not_a_percentage(text: str) -> None:
    with pytest.raises(InvalidNumber):
        read_percentage(text)

"""Parsing numbers as people type them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from results.arithmetic import InvalidNumber, read_count, read_percentage
from tests.typed_counts import TYPED_COUNTS, TYPED_PERCENTAGES


@pytest.mark.parametrize(("text", "count"), TYPED_COUNTS.items())
def test_reads_a_count_or_refuses_it(text: str, count: int | None) -> None:
    if count is not None:
        assert read_count(text) == count
        return
    with pytest.raises(InvalidNumber):
        read_count(text)


@pytest.mark.parametrize(("text", "percentage"), TYPED_PERCENTAGES.items())
def test_reads_a_percentage_or_refuses_it(text: str, percentage: float | None) -> None:
    if percentage is not None:
        assert float(read_percentage(text)) == percentage
        return
    with pytest.raises(InvalidNumber):
        read_percentage(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("34,60", "grouping"),
        ("3,4603", "grouping"),
        ("34.603", "decimal"),
        ("3.5", "decimal"),
        ("-4", "negative"),
        ("−4", "negative"),
        ("12%", "percent"),
        ("1e3", "not_a_number"),
        ("٣", "not_a_number"),
        ("about 40", "not_a_number"),
        ("1234567890", "too_long"),
    ],
)
def test_refuses_what_is_not_a_count(text: str, code: str) -> None:
    with pytest.raises(InvalidNumber) as error:
        read_count(text)
    assert error.value.code == code


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

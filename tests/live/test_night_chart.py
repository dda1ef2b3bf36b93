"""The chart of seats through the night: what is written in it stands on no line."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from results.live.night_line import NightChart
from results.words.party_names import PartyNames

CLOSE = datetime(2019, 12, 12, 22, tzinfo=UTC)


def chart_of(*, reached: int, now: int) -> NightChart:
    """The chart of ten hours, with the hour of a majority and that of the newest result."""
    line: Any = SimpleNamespace(
        end=CLOSE + timedelta(hours=now),
        reached=lambda _label, _seats: CLOSE + timedelta(hours=reached),
    )
    span: Any = SimpleNamespace(minutes=600, minute=lambda at: (at - CLOSE).seconds // 60)
    names: PartyNames = SimpleNamespace()  # type: ignore[assignment]
    return NightChart(
        line=line, span=span, labels=("con",), party_names=names, threshold=326, seats=650
    )


@pytest.mark.parametrize(("reached", "now", "is_left"), [(7, 9, False), (7, 8, True), (7, 7, True)])
def test_time_of_a_majority_is_right_of_the_rising_line_once_there_is_room(
    reached: int, now: int, is_left: bool
) -> None:
    """Until then the names at the ends of the lines are there."""
    assert chart_of(reached=reached, now=now).reached_is_left == is_left


@pytest.mark.parametrize(
    ("now", "turned", "where_wide"), [(5, False, False), (7, True, False), (8, True, True)]
)
def test_names_are_beside_the_lines_for_longer_where_there_is_more_room(
    now: int, turned: bool, where_wide: bool
) -> None:
    chart = chart_of(reached=9, now=now)
    assert (chart.is_turned, chart.is_turned_wide) == (turned, where_wide)

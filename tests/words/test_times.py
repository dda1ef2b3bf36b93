"""Times of day include the day outside the election's night."""

from datetime import UTC, datetime

import pytest

from results.models import Election
from results.words.times import time_of

NIGHT = Election(date=datetime(2024, 7, 4, tzinfo=UTC).date(), timezone="Europe/London")
NIGHT.polls_close = datetime(2024, 7, 4, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2024, 7, 5, 2, 18, tzinfo=UTC), "03:18"),
        (datetime(2024, 7, 4, 11, 0, tzinfo=UTC), "12:00"),
        (datetime(2024, 7, 5, 17, 40, tzinfo=UTC), "18:40"),
        (datetime(2024, 7, 6, 9, 0, tzinfo=UTC), "6 Jul 2024, 10:00"),
        (datetime(2024, 7, 3, 9, 0, tzinfo=UTC), "3 Jul 2024, 10:00"),
        (datetime(2026, 11, 26, 14, 5, tzinfo=UTC), "26 Nov 2026, 14:05"),
    ],
)
def test_includes_the_day_outside_the_night(moment: datetime, words: str) -> None:
    assert time_of(moment, NIGHT) == words

"""Times as editors paste them, read as moments of the election's night."""

from datetime import UTC, date, datetime

import pytest

from results.models import Election
from results.words.typed_times import UnreadableTime, read_night_time

#: Polls close at 22:00 in London, an hour ahead of UTC.
ELECTION = Election(
    slug="ge",
    name="General election",
    date=date(2024, 7, 4),
    polls_close=datetime(2024, 7, 4, 21, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("22:00", "04 22:00"),
        ("23:45", "04 23:45"),
        ("00:00", "05 00:00"),
        ("24:00", "05 00:00"),
        ("midnight", "05 00:00"),
        ("01:30", "05 01:30"),
        ("1.30", "05 01:30"),
        ("1:30am", "05 01:30"),
        ("1.30 a.m.", "05 01:30"),
        ("0130", "05 01:30"),
        ("2am", "05 02:00"),
        ("11pm", "04 23:00"),
        ("12.15am", "05 00:15"),
        ("about 02:15", "05 02:15"),
        ("noon", "05 12:00"),
        ("14:00", "05 14:00"),
        ("21:59", "05 21:59"),
        ("01:30:00", "05 01:30"),
        ("Friday 3pm", "05 15:00"),
        ("Sat 11:00", "06 11:00"),
        ("5 July 02:00", "05 02:00"),
        ("5th July 2024, 02:00", "05 02:00"),
        ("02:00 5 July", "05 02:00"),
        ("05/07/2024 02:00", "05 02:00"),
        ("5/7 02:00", "05 02:00"),
        ("2024-07-05 01:30:00", "05 01:30"),
        ("2024-07-05T00:30Z", "05 01:30"),
    ],
)
def test_reads_time_of_the_night(text: str, moment: str) -> None:
    local = read_night_time(text, ELECTION).astimezone(ELECTION.zone)
    assert local.strftime("%d %H:%M") == moment


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("late", "“late” is not a time: write it as 01:30, or with its day as 5 July 14:00."),
        ("25:00", "is not a time"),
        ("13pm", "is not a time"),
        ("2", "is not a time"),
        ("01:30-02:00", "is not a time"),
        ("2024-07-05", "is not a time"),
        ("4 July 21:30", "is before the close of poll (22:00): check the day."),
        ("5 August 02:00", "more than two weeks after the poll"),
    ],
)
def test_says_what_would_be_a_time(text: str, reason: str) -> None:
    with pytest.raises(UnreadableTime) as raised:
        read_night_time(text, ELECTION)
    assert reason in raised.value.args[0]


def test_uses_the_day_of_another_column() -> None:
    local = read_night_time("23:00", ELECTION, date(2024, 7, 5)).astimezone(ELECTION.zone)
    assert local.strftime("%d %H:%M") == "05 23:00"


def test_refuses_an_hour_that_the_clocks_skip() -> None:
    election = Election(date=date(2024, 3, 30), polls_close=datetime(2024, 3, 30, 22, tzinfo=UTC))
    with pytest.raises(UnreadableTime, match="the clocks go forward"):
        read_night_time("01:30", election)

"""What a local time means on the nights on which the clocks go back and forward."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from results.editor.fields import MomentField
from results.forms import TimeOfNightField
from results.models import Election
from results.words.local_times import nearest_reading
from results.words.typed_times import read_night_time

#: Polls close at 22:00 in London; at 02:00 summer time, 01:00 UTC, the clocks go back to 01:00.
AUTUMN = Election(
    slug="autumn", date=date(2026, 10, 24), polls_close=datetime(2026, 10, 24, 21, tzinfo=UTC)
)
#: At 01:00 the clocks go forward to 02:00.
SPRING = Election(
    slug="spring", date=date(2026, 3, 28), polls_close=datetime(2026, 3, 28, 22, tzinfo=UTC)
)
FIRST, SECOND = "00:30", "01:30"


def at(clock: str) -> datetime:
    """A time of that night in UTC."""
    return datetime.fromisoformat(f"2026-10-25T{clock}Z")


def in_utc(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(UTC):%H:%M}"


@pytest.mark.parametrize(
    ("now", "expected", "means"),
    [
        ("00:10", True, FIRST),
        ("00:40", True, SECOND),
        ("01:10", True, SECOND),
        ("00:40", False, FIRST),
        ("01:20", False, FIRST),
        ("01:40", False, SECOND),
        ("05:00", False, SECOND),
        ("00:40", None, FIRST),
        ("01:40", None, SECOND),
    ],
)
def test_of_two_readings_the_nearest_possible(now: str, expected: bool | None, means: str) -> None:
    local = datetime(2026, 10, 25, 1, 30, tzinfo=AUTUMN.zone)
    assert in_utc(nearest_reading(local, at(now), expected=expected)) == means


@pytest.mark.parametrize(("now", "means"), [("00:10", FIRST), ("00:40", SECOND)])
def test_expected_time_of_the_hour_that_comes_again_is_not_past(now: str, means: str) -> None:
    with time_machine.travel(at(now), tick=False):
        assert in_utc(TimeOfNightField(AUTUMN, in_future=True).clean("01:30")) == means
        assert in_utc(read_night_time("01:30", AUTUMN)) == means


@pytest.mark.parametrize(
    ("now", "typed", "means"),
    [
        ("2026-10-26T10:00Z", "14:00", "2026-10-26 14:00"),
        ("2026-10-26T21:00Z", "01:30", "2026-10-27 01:30"),
        ("2026-10-26T23:00Z", "01:30", "2026-10-27 01:30"),
        ("2026-10-25T03:00Z", "22:30", None),
        ("2026-12-24T10:00Z", "14:00", None),
    ],
)
def test_expected_time_of_a_later_day_is_the_next_there_is(
    now: str, typed: str, means: str | None
) -> None:
    """Some counts begin on the Monday after a poll on Saturday."""
    with time_machine.travel(now, tick=False):
        field = TimeOfNightField(AUTUMN, in_future=True)
        if means is None:
            with pytest.raises(ValidationError, match="That time has passed"):
                field.clean(typed)
        else:
            assert f"{field.clean(typed):%Y-%m-%d %H:%M}" == means


@pytest.mark.parametrize(("now", "means"), [("01:20", FIRST), ("01:40", SECOND)])
def test_declared_time_is_the_last_that_has_been(now: str, means: str) -> None:
    with time_machine.travel(at(now), tick=False):
        assert in_utc(TimeOfNightField(AUTUMN).clean("01:30")) == means


def field(**attributes: Any) -> MomentField:
    made = MomentField()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("text", ["25/10/2026 01:30", "2026-10-25 01:30", "01:30"])
def test_editor_may_type_a_time_of_the_repeated_hour(text: str) -> None:
    with time_machine.travel(at("00:40"), tick=False), timezone.override(AUTUMN.zone):
        assert in_utc(field(election=AUTUMN, expected=True).clean(text)) == SECOND
        assert in_utc(field(election=AUTUMN, expected=False).clean(text)) == FIRST


@pytest.mark.parametrize("stored", [FIRST, SECOND])
def test_time_that_is_not_changed_stays_the_one_that_is_stored(stored: str) -> None:
    """Another one is read as if nothing were stored."""
    with time_machine.travel(at("05:00"), tick=False), timezone.override(AUTUMN.zone):
        unchanged = field(election=AUTUMN, stored=at(stored))
        assert in_utc(unchanged.clean("25/10/2026 01:30")) == stored
        assert not unchanged.has_changed(at(stored), "25/10/2026 01:30")
        assert in_utc(unchanged.clean("25/10/2026 01:29")) == "01:29"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (TimeOfNightField(SPRING), "01:30"),
        (field(election=SPRING), "01:30"),
        (field(), "29/03/2026 01:30"),
    ],
)
def test_time_that_the_clocks_skip_is_refused(typed: forms.Field, text: str) -> None:
    refused = f"“{text}” does not exist: the clocks go forward then."
    with timezone.override(SPRING.zone), pytest.raises(ValidationError, match=refused):
        typed.clean(text)


@pytest.mark.parametrize(
    ("now", "text", "is_refused"),
    [
        ("2026-10-25T23:40Z", "03:10", False),  # the next night is not at 03:10 yet
        ("2026-10-25T23:40Z", "23:30", True),
        ("2026-10-26T03:05Z", "03:10", False),
        ("2026-10-26T03:20Z", "03:10", True),
        ("2026-10-26T10:00Z", "14:00", False),
        ("2026-10-26T15:00Z", "14:00", True),
        # The count is over: it is of the night.
        ("2026-12-01T10:00Z", "03:10", False),
    ],
)
def test_refuses_a_time_that_has_been_on_several_days(
    now: str, text: str, is_refused: bool
) -> None:
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        for made in (TimeOfNightField(AUTUMN), field(election=AUTUMN, expected=False)):
            with timezone.override(AUTUMN.zone):
                if not is_refused:
                    assert made.clean(text) is not None
                    continue
                with pytest.raises(ValidationError, match=f"It was “{text}” on several days"):
                    made.clean(text)


def test_takes_such_a_time_with_its_day() -> None:
    with time_machine.travel(datetime(2026, 10, 26, 10, tzinfo=UTC), tick=False):
        made = field(election=AUTUMN, expected=False)
        with timezone.override(AUTUMN.zone):
            assert in_utc(made.clean("26/10/2026 03:10")) == "03:10"
            assert in_utc(made.clean("Monday 03:10")) == "03:10"

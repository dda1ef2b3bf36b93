"""Dates and times in the cells of a file."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from results.exchange.dates import DateColumn
from results.exchange.errors import FileErrors
from results.exchange.table import Row

TIMES = DateColumn("declaration_time", "dmy", ZoneInfo("Europe/London"))


def row(text: str) -> Row:
    return Row(Path("x.csv"), 2, {"declaration_time": text})


def test_time_with_an_offset_is_londons() -> None:
    moment = TIMES.read(row("2024-07-05T00:10:00Z"))
    assert moment is not None
    assert moment.isoformat() == "2024-07-05T01:10:00+01:00"


def test_time_beyond_the_calendar_is_an_error_of_its_line() -> None:
    """In London it is in the year 10000, which Python's calendar does not have."""
    with pytest.raises(FileErrors) as raised:
        TIMES.read(row("9999-12-31T23:59:59-12:00"))
    (error,) = raised.value.errors
    assert error.line == 2
    assert "is not a time we know how to read" in str(error)

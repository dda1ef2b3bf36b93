"""A result is declared after the close of poll, and not in the future."""

from datetime import UTC, datetime, timedelta

import pytest

from results.arithmetic.declaration_times import check_declared_at

CLOSE = datetime(2024, 7, 4, 21, tzinfo=UTC)
NOW = CLOSE + timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("declared_at", "code"),
    [
        (None, None),
        (CLOSE - timedelta(seconds=1), "declared_early"),
        (CLOSE - timedelta(days=365), "declared_early"),
        (CLOSE, None),
        (NOW, None),
        (NOW + 5 * MINUTE, None),  # a phone's clock may be ahead
        (NOW + 6 * MINUTE, "declared_later"),
    ],
)
def test_time_of_declaration(declared_at: datetime | None, code: str | None) -> None:
    messages = check_declared_at(declared_at, polls_close=CLOSE, now=NOW)
    assert [message.code for message in messages] == ([code] if code else [])

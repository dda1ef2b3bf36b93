"""Words that are withdrawn for good in SQLite's write-ahead log; PostgreSQL recycles its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from results import desk
from results.models import Contest
from tests import nights
from tests.desk.test_erasures import WORDS, erase, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def north() -> Contest:
    return nights.islington_north(nights.election())


def test_a_reader_that_keeps_the_write_ahead_log_is_warned_of(
    north: Contest, caplog: pytest.LogCaptureFixture
) -> None:
    """The words are then in the log's file until the next time that it is emptied."""
    headline = publish(north.election, desk.HeadlineContent(text=WORDS))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM results_bulletin").fetchone()
        erase(headline)
    assert "write-ahead log" in caplog.text
    caplog.clear()
    after = publish(north.election, desk.HeadlineContent(text="Stands"))
    by, key = nights.user("chief"), "erase another"
    desk.withdraw_for_good(after, by=by, reason="By order of a court.", idempotency_key=key)
    assert "write-ahead log" not in caplog.text
    assert WORDS.encode() not in Path(f"{name}-wal").read_bytes()

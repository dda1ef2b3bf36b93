"""Connections that wait for a lock which a test holds, on PostgreSQL."""

import time

from django.db import connection

from tests.processes import START_SECONDS


def until_waiting(number: int) -> None:
    """Return once so many connections of this database wait for a lock."""
    deadline = time.monotonic() + START_SECONDS
    waiting = 0
    while waiting < number:
        assert time.monotonic() < deadline, f"{waiting} of {number} wait for the lock"
        with connection.cursor() as cursor:
            # Within a transaction the view would stay as it was first read.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            (waiting,) = cursor.fetchone()

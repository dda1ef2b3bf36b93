"""The connection of a thread that polls: opened once for many polls of SQLite."""

from collections.abc import Callable

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from results.desk import polling_thread
from results.desk.polling_thread import PollingThread
from results.models import Election

# PostgreSQL has a pool.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
POLLS = 4


class Polling(PollingThread):
    """Polls a few times, and collects its connections."""

    does = "nothing is counted"
    every = 0.0

    def __init__(self, after: Callable[[int], None] = lambda polls: None) -> None:
        super().__init__("polling")
        self.connections: list[object] = []
        self._after = after

    def poll(self) -> None:
        Election.objects.exists()
        self.connections.append(connection.connection)
        if len(self.connections) == POLLS:
            self.last = connections[DEFAULT_DB_ALIAS]
            self.stop()
        self._after(len(self.connections))


def connections_of(thread: Polling) -> int:
    """The number of connections that the thread opened."""
    thread.start()
    thread.join()
    assert len(thread.connections) == POLLS
    return len(set(map(id, thread.connections)))


def test_keeps_its_connection_from_poll_to_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling_thread, "KEEP_SECONDS", float("inf"))
    assert connections_of(Polling()) == 1


def test_opens_another_once_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file may be another one: a restore puts it in place of one that cannot be read."""
    monkeypatch.setattr(polling_thread, "KEEP_SECONDS", 0.0)
    assert connections_of(Polling()) == POLLS


def test_opens_another_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling_thread, "RETRY_SECONDS", 0.0)

    def fail(polls: int) -> None:
        raise DatabaseError

    assert connections_of(Polling(fail)) == POLLS


def test_closes_it_when_it_ends() -> None:
    thread = Polling()
    connections_of(thread)
    assert thread.last.connection is None

"""While the database does not answer, whoever asks is told so, and when to ask again."""

import errno
import os
import sqlite3

import pytest
from django.db import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    transaction,
)
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from electiondesk.unavailable import is_unavailable, server_error
from results import desk
from results.models import Contest, Election
from tests.api.conftest import Sender, token

SHUT_DOWN = OperationalError("terminating connection due to administrator command")
CLOSED = InterfaceError("the connection is closed")
NOT_MIGRATED = OperationalError("no such table: results_night")
NOT_MIGRATED.__cause__ = sqlite3.OperationalError("no such table: results_night")
NOT_MIGRATED.__cause__.sqlite_errorcode = sqlite3.SQLITE_ERROR


class Said(Exception):
    """What psycopg raises, with PostgreSQL's code of the error."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def internal_error(sqlstate: str) -> InternalError:
    """What Django raises for an error of psycopg."""
    failure = InternalError("of a transaction")
    failure.__cause__ = Said(sqlstate)
    return failure


READ_ONLY = internal_error("25006")
IDLE_FOR_TOO_LONG = internal_error("25P03")
TOO_LONG = internal_error("25P04")
ABORTED = internal_error("25P02")


def fail_with(monkeypatch: pytest.MonkeyPatch, of: object, name: str, failure: Exception) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise failure

    monkeypatch.setattr(of, name, fail)


@pytest.mark.parametrize(
    "failure", [SHUT_DOWN, CLOSED, READ_ONLY, IDLE_FOR_TOO_LONG, TOO_LONG], ids=str
)
def test_a_newsroom_is_asked_for_the_same_again(
    night: Election, seat: Contest, monkeypatch: pytest.MonkeyPatch, failure: DatabaseError
) -> None:
    sender = Sender(token())
    fail_with(monkeypatch, desk, "publish", failure)
    answer = sender.send("elections/ge/headline", {"text": "Polls close"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"


@pytest.mark.parametrize("failure", [NOT_MIGRATED, ABORTED])
def test_what_no_waiting_mends_is_a_failure(
    night: Election, seat: Contest, monkeypatch: pytest.MonkeyPatch, failure: DatabaseError
) -> None:
    sender = Sender(token())
    sender.client.raise_request_exception = False
    fail_with(monkeypatch, desk, "publish", failure)
    answer = sender.send("elections/ge/headline", {"text": "Polls close"})
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(
    ("failure", "status"), [(SHUT_DOWN, 503), (READ_ONLY, 503), (NOT_MIGRATED, 500), (ABORTED, 500)]
)
def test_a_page_says_whether_to_wait(
    db: None, monkeypatch: pytest.MonkeyPatch, failure: DatabaseError, status: int
) -> None:
    fail_with(monkeypatch, Election.public, "filter", failure)
    answer = Client(raise_request_exception=False).get("/robots.txt")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Load the page again in a minute" in answer.content.decode()


@pytest.mark.parametrize(("failure", "shown"), [(SHUT_DOWN, False), (NOT_MIGRATED, True)])
def test_the_page_of_debug_asks_a_stopped_database_nothing(
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    failure: DatabaseError,
    shown: bool,
) -> None:
    """Each variable that is a queryset would wait for it once more."""
    settings.DEBUG = True
    asked = []

    class Query:
        def __repr__(self) -> str:
            asked.append(self)
            return "a query"

    def fail(**_options: object) -> None:
        query = Query()
        assert query
        raise failure

    monkeypatch.setattr(Election.public, "filter", fail)
    answer = Client(raise_request_exception=False).get("/robots.txt")
    assert answer.status_code == 500
    assert str(failure) in answer.content.decode()
    assert bool(asked) == shown


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("navigate", "Stay on this page, load it again in a minute"),
        ("cors", "Send it again in a minute: nothing is published twice."),
    ],
)
def test_what_was_sent_is_not_to_be_lost_on_the_way_back(
    db: None, monkeypatch: pytest.MonkeyPatch, mode: str, said: str
) -> None:
    fail_with(monkeypatch, Election.public, "filter", SHUT_DOWN)
    browser = Client(raise_request_exception=False, headers={"Sec-Fetch-Mode": mode})
    answer = browser.post("/ge/find/postcode/", {"q": "N1"})
    assert answer.status_code == 503
    page = answer.content.decode()
    assert said in page
    assert "Load the page again in a minute" not in page
    assert page.count("What you sent may not have arrived.") == 1
    assert page.count("Efallai na chyrhaeddodd yr hyn a anfonoch.") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO results_nowhere (name) VALUES ('')",
        "INSERT INTO results_party (nothing) VALUES ('')",
        "SELECT nothing FROM results_party",
    ],
)
def test_what_a_migration_is_missing_for_is_a_failure(db: None, statement: str) -> None:
    """SQLite has one type of error for this and for a file that is locked."""
    with (
        pytest.raises(DatabaseError) as raised,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert not is_unavailable(raised.value)


@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 503), (errno.EDQUOT, 503), (errno.EACCES, 500)]
)
def test_form_for_which_a_disk_has_no_room_is_sent_again(
    rf: RequestFactory, number: int, status: int
) -> None:
    """The parts of a form with a picture are written to files while it is read."""
    try:
        raise OSError(number, os.strerror(number))
    except OSError:
        page = server_error(rf.post("/count/ge/vale/"))
    assert page.status_code == status
    assert ("Retry-After" in page.headers) is (status == 503)

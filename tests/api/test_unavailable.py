"""While the database does not answer, whoever asks is told so, and when to ask again."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client

from results import desk
from results.models import Contest, Election
from tests.api.conftest import Sender, token

SHUT_DOWN = OperationalError("terminating connection due to administrator command")
CLOSED = InterfaceError("the connection is closed")
NOT_MIGRATED = OperationalError("no such table: results_night")


def fail_with(monkeypatch: pytest.MonkeyPatch, of: object, name: str, failure: Exception) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise failure

    monkeypatch.setattr(of, name, fail)


@pytest.mark.parametrize("failure", [SHUT_DOWN, CLOSED])
def test_a_newsroom_is_asked_for_the_same_again(
    night: Election, seat: Contest, monkeypatch: pytest.MonkeyPatch, failure: DatabaseError
) -> None:
    sender = Sender(token())
    fail_with(monkeypatch, desk, "publish", failure)
    answer = sender.send("elections/ge/headline", {"text": "Polls close"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"


def test_what_no_waiting_mends_is_a_failure(
    night: Election, seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender(token())
    sender.client.raise_request_exception = False
    fail_with(monkeypatch, desk, "publish", NOT_MIGRATED)
    answer = sender.send("elections/ge/headline", {"text": "Polls close"})
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(("failure", "status"), [(SHUT_DOWN, 503), (NOT_MIGRATED, 500)])
def test_a_page_says_whether_to_wait(
    db: None, monkeypatch: pytest.MonkeyPatch, failure: DatabaseError, status: int
) -> None:
    fail_with(monkeypatch, Election.public, "filter", failure)
    answer = Client(raise_request_exception=False).get("/robots.txt")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Load the page again in a minute" in answer.content.decode()

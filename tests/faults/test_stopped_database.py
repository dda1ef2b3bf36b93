"""What those who ask are told while PostgreSQL is stopped, or takes nothing new."""

from collections.abc import Callable

import pytest
import requests

from tests.backing import Postgres
from tests.seeds import api, front
from tests.servers import Server

#: As it faces the public, behind a proxy that ends TLS.
PUBLIC = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
    "SECOND_FACTOR": "0",
}
TIMEOUT_SECONDS = 60.0


@pytest.fixture
def asked(make_desk: Callable[..., Server], postgres_url: str) -> Server:
    desk = make_desk(database_url=postgres_url, environment=PUBLIC)
    desk.seed(front.night, "ge")
    desk.start()
    return desk


def test_asks_for_the_same_again_until_it_answers(asked: Server, postgres: Postgres) -> None:
    headline = asked.url("/api/v1/desk/elections/ge/headline")
    headers = {"Authorization": f"Bearer {asked.seed(api.issue_token)}", "Idempotency-Key": "one"}
    headers["X-Forwarded-Proto"] = "https"
    with requests.Session() as newsroom:
        newsroom.headers.update(headers)
        postgres.stop()
        try:
            refused = newsroom.post(headline, json={"text": "Polls close"}, timeout=TIMEOUT_SECONDS)
            page = newsroom.get(asked.url("/sitemap.xml"), timeout=TIMEOUT_SECONDS)
        finally:
            postgres.start()
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert refused.json()["code"] == "unavailable"
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        answer = newsroom.post(headline, json={"text": "Polls close"}, timeout=TIMEOUT_SECONDS)
        assert answer.json()["state"] == "published"


def test_asks_for_the_same_again_until_it_takes_something_new(
    asked: Server, postgres: Postgres, postgres_url: str
) -> None:
    headline = asked.url("/api/v1/desk/elections/ge/headline")
    headers = {"Authorization": f"Bearer {asked.seed(api.issue_token)}", "Idempotency-Key": "one"}
    headers["X-Forwarded-Proto"] = "https"
    with requests.Session() as newsroom:
        newsroom.headers.update(headers)
        postgres.set_read_only(postgres_url, on=True)
        try:
            refused = newsroom.post(headline, json={"text": "Polls close"}, timeout=TIMEOUT_SECONDS)
            page = newsroom.get(asked.url("/sitemap.xml"), timeout=TIMEOUT_SECONDS)
        finally:
            postgres.set_read_only(postgres_url, on=False)
        assert (refused.status_code, refused.headers.get("Retry-After")) == (503, "5")
        assert refused.json()["code"] == "unavailable"
        assert page.status_code == 200
        answer = newsroom.post(headline, json={"text": "Polls close"}, timeout=TIMEOUT_SECONDS)
        assert answer.json()["state"] == "published"

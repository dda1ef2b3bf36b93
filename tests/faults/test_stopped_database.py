"""What those who ask are told while PostgreSQL is stopped, or takes nothing new."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.backing import Postgres
from tests.seeds import api, front, nginx as seeds
from tests.servers import Server
from tests.services.nginx_desks import ENVIRONMENT, after_its_time, start_nginx

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


def test_nginx_goes_on_with_its_last_copies(
    make_desk: Callable[..., Server], static_root: Path, postgres: Postgres, postgres_url: str
) -> None:
    environment = {"DEBUG": "0", "STATIC_ROOT": str(static_root), **ENVIRONMENT}
    desk = make_desk(database_url=postgres_url, environment=environment)
    desk.seed(seeds.islington_north)
    desk.start()
    with start_nginx([desk.port] * 4) as nginx:
        page = nginx.site.get("/ge/").text
        assert "Islington North" in page
        postgres.stop()
        try:
            copy = after_its_time(nginx, "/ge/")
            assert (copy.status, copy.headers["X-Cache"], copy.text) == (200, "STALE", page)
            assert nginx.site.get("/ge/feed/").status == 503
            assert nginx.site.get("/readyz").status == 503
        finally:
            postgres.start()
        assert nginx.site.get("/ge/feed/").status == 200
        assert nginx.site.get("/ge/").headers["X-Cache"] != "STALE"

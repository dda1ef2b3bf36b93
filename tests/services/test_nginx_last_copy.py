"""While the desk cannot make a page: nginx serves the last copy, or says so."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests import needs
from tests.nginx import Nginx
from tests.services.nginx_desks import after_its_time, start_nginx

pytestmark = pytest.mark.services

REFUSAL = b"the desk's own words"


class Handler(BaseHTTPRequestHandler):
    """Serves pages that may be served longer, until the database does not answer it."""

    has_database = True
    cache_control = "public, s-maxage=1, stale-if-error=600"

    def do_GET(self) -> None:
        if Handler.has_database:
            self.send_response(200)
            self.send_header("Cache-Control", Handler.cache_control)
            body = b"a page"
        else:
            self.send_response(503)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Retry-After", "5")
            body = REFUSAL
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def nginx(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nginx]:
    monkeypatch.setattr(Handler, "has_database", True)
    monkeypatch.setattr(Handler, "cache_control", Handler.cache_control)
    with HTTPServer(("127.0.0.1", 0), Handler) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        with start_nginx([desk.server_port] * 4) as server:
            yield server
        desk.shutdown()


@pytest.mark.parametrize("path", ["/", "/ge/", "/cy/ge/feed/?only=quotes", "/ge/results.json"])
def test_last_copy_is_served_while_the_database_does_not_answer(nginx: Nginx, path: str) -> None:
    assert nginx.site.get(path).text == "a page"
    Handler.has_database = False
    answer = after_its_time(nginx, path)
    assert (answer.status, answer.headers["X-Cache"]) == (200, "STALE")
    assert answer.text == "a page"


def test_withdrawn_words_are_served_no_longer_than_allowed(nginx: Nginx) -> None:
    Handler.cache_control = "public, s-maxage=1"
    assert nginx.site.get("/ge/").status == 200
    Handler.has_database = False
    answer = after_its_time(nginx, "/ge/")
    assert answer.status == 503


def test_what_is_logged_of_a_copy_is_documented(nginx: Nginx) -> None:
    Handler.cache_control += ", stale-while-revalidate=10"
    assert nginx.site.get("/ge/").status == 200
    Handler.has_database = False
    assert after_its_time(nginx, "/ge/").status == 200
    line = "connect() to unix:/last-copy-only failed"
    nginx.wait_until(lambda: line in (nginx.folder / "error.log").read_text())
    assert line in (needs.ROOT / "docs" / "deploy.md").read_text()


def test_without_a_copy_readers_are_told(nginx: Nginx) -> None:
    Handler.has_database = False
    answer = nginx.site.get("/ge/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "This page cannot be shown now" in answer.text
    assert '<div lang="cy">' in answer.text


def test_page_is_made_again_once_the_database_answers(nginx: Nginx) -> None:
    assert nginx.site.get("/ge/").status == 200
    Handler.has_database = False
    assert after_its_time(nginx, "/ge/").headers["X-Cache"] == "STALE"
    Handler.has_database = True
    assert nginx.site.get("/ge/").headers["X-Cache"] == "EXPIRED"


@pytest.mark.parametrize(
    "path",
    ["/readyz", "/healthz", "/api/v1/elections", "/count/", "/count/ge/vale/", "/admin/", "/push/"],
)
def test_what_programs_and_people_who_are_signed_in_are_told_stays(nginx: Nginx, path: str) -> None:
    Handler.has_database = False
    answer = nginx.site.get(path)
    assert (answer.status, answer.body) == (503, REFUSAL)
    assert answer.headers["Retry-After"] == "5"

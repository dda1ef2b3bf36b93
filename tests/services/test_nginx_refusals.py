"""What nginx refuses by itself, and that nobody's requests end the service for others."""

import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.nginx import NAME, Nginx
from tests.services.nginx_desks import start_nginx
from tests.tls import Response

pytestmark = pytest.mark.services

#: More than the failures for which nginx leaves a process alone, if it does.
MANY = 8


class OddHandler(BaseHTTPRequestHandler):
    """Answers /odd/ with a header that no buffer of nginx holds, and everything else well."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        if "/odd/" in self.path:
            self.send_header("X-Long", "x" * 60_000)
        self.end_headers()
        self.wfile.write(b"good")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def odd_nginx() -> Iterator[Nginx]:
    with ThreadingHTTPServer(("127.0.0.1", 0), OddHandler) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        with start_nginx([desk.server_port] * 4) as server:
            yield server
        desk.shutdown()


@pytest.mark.parametrize("folder", ["/", "/count/", "/admin/", "/api/v1/desk/", "/live/"])
def test_answers_that_nginx_cannot_take_end_nothing_for_others(
    odd_nginx: Nginx, folder: str
) -> None:
    """It counts each as a failure of the process: four in five seconds ended a role for all."""
    odd = {odd_nginx.site.get(f"{folder}odd/?{number}").status for number in range(MANY)}
    assert odd == {502}
    assert [odd_nginx.site.get(f"{folder}{each}/").text for each in range(4)] == ["good"] * 4


@pytest.mark.parametrize(
    "path",
    [
        "/" + "a" * 3_990 + "/",
        "/ge/find/?q=" + "a" * 3_980,
        # What asks to be signed in has the address in its own, each byte of this as three.
        "/admin/?" + "%26" * 1_300,
        "/count/?" + "=" * 3_980,
    ],
)
def test_longest_addresses_are_answered(standing_nginx: Nginx, path: str) -> None:
    assert standing_nginx.site.get(path).status in {200, 302, 404}


@pytest.mark.parametrize("length", [4_001, 6_000, 9_000])
@pytest.mark.parametrize("folder", ["/", "/ge/find/?q=", "/admin/?", "/count/?", "/live/"])
def test_longer_addresses_are_refused_with_a_page(
    standing_nginx: Nginx, folder: str, length: int
) -> None:
    answer = standing_nginx.site.get(folder.ljust(length, "a"))
    assert answer.status == 414
    assert_page(answer, "This address is too long")


def test_large_bodies_are_refused_with_a_page(standing_nginx: Nginx) -> None:
    answer = standing_nginx.site.request("POST", "/ge/", body=b"x" * 100_000)
    assert answer.status == 413
    assert_page(answer, "This is too large")


def test_readers_who_ask_for_alerts_keep_nobody_from_signing_in(standing_nginx: Nginx) -> None:
    """Readers and reporters on one mobile network have one address."""
    answers = exhaust(standing_nginx, "/push/")
    (refused,) = (answer for answer in answers if answer.status == 429)
    assert refused.headers["Retry-After"] == "30"
    assert_page(refused, "Please wait a minute")
    statuses = {standing_nginx.site.request("POST", "/count/sign-in/", body=b"").status}
    assert statuses == {403}  # without a token of a form


def exhaust(nginx: Nginx, path: str) -> list[Response]:
    """Post until one answer is 429; return the answers, that one last."""
    refused = threading.Event()
    answers: list[Response] = []

    def post(_number: int) -> None:
        if not refused.is_set():
            answer = nginx.site.request("POST", path, body=b"")
            if answer.status != 429 or not refused.is_set():
                answers.append(answer)
            if answer.status == 429:
                refused.set()

    with ThreadPoolExecutor(16) as readers:
        list(readers.map(post, range(3000)))
    last = next(answer for answer in answers if answer.status == 429)
    return [*(answer for answer in answers if answer.status != 429), last]


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1", f"{NAME}@other.example"])
def test_serves_nothing_under_another_name(standing_nginx: Nginx, host: str) -> None:
    """The TLS handshake named the site, and the request another host."""
    answer = standing_nginx.site.get("/", Host=host)
    assert (answer.status, answer.headers["Server"]) == (421, "nginx")
    assert "Welcome" not in answer.text


def test_request_without_a_host_is_told_no_version(standing_nginx: Nginx) -> None:
    connection = standing_nginx.site.connection()
    connection.putrequest("GET", "/", skip_host=True)
    connection.endheaders()
    answer: http.client.HTTPResponse = connection.getresponse()
    assert (answer.status, answer.headers["Server"]) == (400, "nginx")
    connection.close()


def assert_page(answer: Response, title: str) -> None:
    """It is one of the site's pages, in both languages, and no cache keeps it."""
    assert f"<h1>{title}</h1>" in answer.text
    assert '<div lang="cy">' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"

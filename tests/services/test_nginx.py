"""The shipped nginx files, run by Debian's nginx in front of four processes of the desk."""

import json
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.nginx import NAME, Nginx
from tests.phone import Phone
from tests.ports import free_port
from tests.processes import START_SECONDS
from tests.seeds import counts, nginx as seeds
from tests.servers import Server
from tests.services.nginx_desks import ENVIRONMENT, MakeDesk, start_nginx

pytestmark = pytest.mark.services


ROLES = ("readers", "readers", "writers", "writers")


@pytest.fixture(scope="module")
def four_desks(make_desk: MakeDesk) -> list[Server]:
    """Two processes for readers and two for writers."""
    environment = {**ENVIRONMENT, "SECOND_FACTOR": "0"}
    first = make_desk(options=("--role", ROLES[0]), environment=environment)
    url = f"sqlite:///{first.folder / 'desk.sqlite3'}"
    others = [
        make_desk(options=("--role", role), environment=environment, database_url=url)
        for role in ROLES[1:]
    ]
    first.seed(seeds.islington_north)
    for desk in (first, *others):
        desk.start()
    return [first, *others]


@pytest.fixture
def desks(four_desks: list[Server]) -> list[Server]:
    """The four processes, of which a test may kill any: the next one starts them again."""
    for desk in four_desks:
        if desk not in Server.running:
            desk.start()
    return four_desks


@pytest.fixture
def nginx(desks: list[Server]) -> Iterator[Nginx]:
    with start_nginx([desk.port for desk in desks]) as server:
        yield server


def test_files_are_valid_and_without_warnings(standing_nginx: Nginx) -> None:
    completed = subprocess.run(
        [*standing_nginx.command(), "-t"], capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr
    assert "[warn]" not in completed.stderr


def test_redirects_http_to_https_under_the_sites_own_name(standing_nginx: Nginx) -> None:
    answer = standing_nginx.site.get_insecurely("/ge/feed/?only=gains")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/ge/feed/?only=gains"


def test_serves_acme_challenges_over_plain_http(standing_nginx: Nginx) -> None:
    proof = standing_nginx.folder / "html" / ".well-known" / "acme-challenge"
    proof.mkdir(parents=True)
    (proof / "token").write_text("proof")
    assert standing_nginx.site.get_insecurely("/.well-known/acme-challenge/token").text == "proof"


def test_pages_are_cached_and_bulletins_pushed(nginx: Nginx, desks: list[Server]) -> None:
    assert nginx.site.get("/ge/").headers["X-Cache"] == "MISS"
    nginx.wait_until(lambda: nginx.site.get("/ge/").headers["X-Cache"] == "HIT")
    now = json.loads(nginx.site.get("/ge/now/").text)
    address = f"/live/ge/?epoch={now['epoch']}&since={now['sequence']}"
    with nginx.site.open_socket(address) as reader:
        desks[0].seed(counts.headline, "Through the proxy")
        while True:
            frame = json.loads(reader.recv(timeout=START_SECONDS))
            if frame.get("sequence") == now["sequence"] + 1:
                break
    assert "Through the proxy" in frame["fragments"]["headline"]


def test_passes_sockets_of_people_who_are_signed_in_on_to_the_writers(
    nginx: Nginx, desks: list[Server]
) -> None:
    desks[0].seed(seeds.reporter)
    phone = Phone(nginx.site, opener=nginx.site.opener)
    phone.sign_in("reporter", counts.PASSWORD)
    cookies = "; ".join(f"{each.name}={each.value}" for each in phone.cookies)
    with nginx.site.open_socket("/count/socket/", cookies=cookies) as socket:
        assert json.loads(socket.recv(timeout=START_SECONDS)) == {"changed": ["any"]}


def test_passes_the_socket_of_the_night_on_to_the_writers(
    nginx: Nginx, desks: list[Server]
) -> None:
    path = f"/admin/night/{desks[0].seed(seeds.editor)}/socket/"
    editor = Phone(nginx.site, opener=nginx.site.opener)
    editor.get("/admin/login/")
    editor.post("/admin/login/", {"username": "editor", "password": counts.PASSWORD})
    cookies = "; ".join(f"{each.name}={each.value}" for each in editor.cookies)
    with nginx.site.open_socket(path, cookies=cookies) as socket:
        assert json.loads(socket.recv(timeout=START_SECONDS)) == {"changed": ["any"]}


def test_pages_are_served_while_one_readers_process_is_down(
    nginx: Nginx, desks: list[Server]
) -> None:
    desks[1].kill()
    for number in range(6):
        assert nginx.site.get(f"/ge/feed/?before={number + 100}").status == 200


def test_sockets_are_open_to_all_at_once_to_a_process_that_is_back(
    desks: list[Server], nginx: Nginx
) -> None:
    """As in a deploy: one process is back, and the other stops. A socket of a reader may stay open
    for hours, and until it ends nginx knows of no success of a process that it counted as failed.
    """
    path = "/live/ge/?since=0"
    with ExitStack() as sockets:
        desks[0].kill()
        for _socket in range(3):
            sockets.enter_context(nginx.site.open_socket(path)).recv(timeout=START_SECONDS)
        desks[0].start()
        desks[1].kill()
        for _socket in range(3):
            sockets.enter_context(nginx.site.open_socket(path)).recv(timeout=START_SECONDS)


def test_forms_are_answered_while_one_writers_process_is_down(
    nginx: Nginx, desks: list[Server]
) -> None:
    """A POST that was never sent may go to the other process; one that was sent may not."""
    desks[3].kill()
    phone = Phone(nginx.site, opener=nginx.site.opener)
    phone.get("/count/sign-in/")
    for number in range(6):
        wrong = {"username": f"nobody-{number}", "password": "wrong"}
        assert phone.post("/count/sign-in/", wrong).status == 200


def test_serves_the_last_page_while_the_desk_is_down(nginx: Nginx, desks: list[Server]) -> None:
    assert nginx.site.get("/ge/").status == 200
    for desk in desks:
        desk.kill()
    answer = nginx.site.get("/ge/")
    assert (answer.status, "General election" in answer.text) == (200, True)
    assert answer.headers["X-Cache"] in ("HIT", "STALE", "UPDATING")


def test_headers_about_the_client_come_from_nginx_only(
    standing_nginx: Nginx, standing_desk: Server
) -> None:
    phone = Phone(standing_nginx.site, opener=standing_nginx.site.opener)
    phone.get("/count/sign-in/")
    phone.opener.addheaders += [
        ("X-Forwarded-For", "198.51.100.9"),
        ("Forwarded", "for=198.51.100.9"),
    ]
    phone.post("/count/sign-in/", {"username": "ann", "password": "wrong"})
    networks = standing_desk.seed(seeds.networks)
    assert "127.0.0.1" in networks
    assert "198.51.100.9" not in networks


def test_metrics_are_not_public(standing_nginx: Nginx) -> None:
    assert standing_nginx.site.get("/metrics").status == 404


@pytest.mark.parametrize("path", ["/count/sign-in/", "/count/sign-in/token/", "/admin/login/"])
def test_guesses_are_limited_and_pages_are_not(standing_nginx: Nginx, path: str) -> None:
    refused = threading.Event()

    def guess(_number: int) -> int | None:
        """Guess until somebody is refused: a slow desk takes hardly more than the limit allows."""
        if refused.is_set():
            return None
        status = standing_nginx.site.request("POST", path, body=b"").status
        if status == 429:
            refused.set()
        return status

    with ThreadPoolExecutor(16) as guessers:
        statuses = set(guessers.map(guess, range(3000)))
    assert 429 in statuses
    assert statuses <= {403, 429, None}  # without a token of a form
    assert standing_nginx.site.get("/count/sign-in/").status == 200
    assert standing_nginx.site.get("/ge/").status == 200


def test_sign_in_tokens_are_not_logged(nginx: Nginx, desks: list[Server]) -> None:
    for desk in desks[2:]:
        desk.kill()
    link = "/count/sign-in/a-secret-token"
    for path in (f"{link}/", link):
        nginx.site.get(path, Referer=nginx.site.url(f"{link}/"))
        nginx.site.get_insecurely(path)
    assert nginx.site.get("/ge/").status == 200
    nginx.stop(signal.SIGQUIT)  # its log is written after the answer, and whole once it has ended
    logs = "".join(log.read_text() for log in nginx.folder.glob("*.log"))
    assert "/count/sign-in/[token]/" in logs
    assert "GET /ge/" in logs
    assert "a-secret-token" not in logs


def test_large_bodies_are_for_forms_only(standing_nginx: Nginx) -> None:
    body = b"x" * 100_000
    assert standing_nginx.site.request("POST", "/ge/", body=body).status == 413
    assert standing_nginx.site.request("POST", "/count/sign-in/", body=body).status == 413
    assert (
        standing_nginx.site.request("POST", "/count/ge/islington-north/", body=body).status != 413
    )


def test_static_files_are_cached_by_name(static_root: Path) -> None:
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    with start_nginx([1, 2, 3, 4], static_root) as nginx:
        hashed = nginx.site.get(f"/static/{names['reader/live.js']}", Accept_Encoding="gzip, br")
        plain = nginx.site.get("/static/reader/live.js")
    assert hashed.status == plain.status == 200
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == "public, max-age=300"
    assert hashed.headers["Content-Encoding"] == "gzip"
    assert hashed.headers["Vary"] == "Accept-Encoding"
    assert hashed.headers["Content-Type"] == "application/javascript"
    # Modules of a sandboxed frame, whose origin is "null", are fetched with CORS.
    assert hashed.headers["Access-Control-Allow-Origin"] == "*"


def test_what_phones_are_sent_is_compressed(nginx: Nginx) -> None:
    """Browsers name brotli too, which the cached pages of readers have."""
    answer = nginx.site.get("/count/sign-in/", Accept_Encoding="gzip, deflate, br")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")


class CountingHandler(BaseHTTPRequestHandler):
    """Serves a page that is fresh for one second and contains the number of requests."""

    asked = 0
    cache_control = "public, s-maxage=1"

    def do_GET(self) -> None:
        CountingHandler.asked += 1
        body = str(CountingHandler.asked).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", self.cache_control)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


def test_does_not_serve_a_stale_page_while_a_newer_one_is_fetched() -> None:
    """Except for as long as the desk allows: a rarely requested page would be minutes old."""
    with HTTPServer(("127.0.0.1", 0), CountingHandler) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        with start_nginx([desk.server_port] * 4) as nginx:
            first = int(nginx.site.get("/").text)
            answer = nginx.site.get("/")
            while answer.headers["X-Cache"] == "HIT":
                answer = nginx.site.get("/")
            assert (answer.headers["X-Cache"], answer.text) == ("EXPIRED", str(first + 1))
        desk.shutdown()


class StaleHandler(CountingHandler):
    """Serves a page that may be served for two seconds longer while the desk is down."""

    cache_control = "public, s-maxage=1, stale-if-error=2"


@pytest.mark.parametrize(
    ("handler", "answers"),
    [(CountingHandler, {"HIT"}), (StaleHandler, {"HIT", "STALE"})],
    ids=["not", "for two seconds"],
)
def test_serves_the_last_page_only_as_long_as_the_desk_allows(
    handler: type[CountingHandler], answers: set[str]
) -> None:
    """Withdrawn words stay in a cache for no longer than docs/withdrawing.md says."""
    with HTTPServer(("127.0.0.1", 0), handler) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        with start_nginx([desk.server_port] * 4) as nginx:
            assert nginx.site.get("/").status == 200
            desk.shutdown()
            desk.server_close()
            seen, deadline = set(), time.monotonic() + START_SECONDS
            while (answer := nginx.site.get("/")).status == 200 and time.monotonic() < deadline:
                seen.add(answer.headers["X-Cache"])
            assert answer.status == 502
            assert seen <= answers


def test_tells_readers_when_the_desk_is_down() -> None:
    with start_nginx([free_port() for _process in range(4)]) as nginx:
        for path in ("/", "/count/", "/live/ge/"):
            answer = nginx.site.get(path)
            assert answer.status == 502
            assert answer.headers["Cache-Control"] == "no-store"
            assert "This page cannot be shown now" in answer.text
            assert '<div lang="cy">' in answer.text


class LongStaleHandler(CountingHandler):
    """Serves a page that may be served for minutes longer while the desk is down."""

    cache_control = "public, s-maxage=1, stale-if-error=600"


def test_serves_a_stale_page_while_the_desk_is_down() -> None:
    with HTTPServer(("127.0.0.1", 0), LongStaleHandler) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        with start_nginx([desk.server_port] * 4) as nginx:
            assert nginx.site.get("/").status == 200
            desk.shutdown()
            desk.server_close()
            while (answer := nginx.site.get("/")).headers["X-Cache"] == "HIT":
                pass
            assert (answer.status, answer.headers["X-Cache"]) == (200, "STALE")


def kept_longer(value: str) -> str:
    return value.replace("max-age=10,", "max-age=600,")


class RelayHandler(BaseHTTPRequestHandler):
    """Relays requests to a desk whose responses a cache may keep for ten minutes, not ten seconds.

    A slow test would see them expire.
    """

    desk: Server
    answers: list[tuple[str, Message]]

    def do_GET(self) -> None:
        request = urllib.request.Request(self.desk.url(self.path), headers=dict(self.headers))
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            body = answer.read()
        self.answers.append((self.path, answer.headers))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, kept_longer(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


def test_polling_crowd_is_one_request_to_the_desk(desks: list[Server]) -> None:
    for text in ("One", "Two"):
        desks[0].seed(counts.headline, text)
    browsers = ["gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8", "br"]
    answers: list[tuple[str, Message]] = []
    relay = type("Relay", (RelayHandler,), {"desk": desks[0], "answers": answers})
    with HTTPServer(("127.0.0.1", 0), relay) as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        with start_nginx([desk.server_port] * 4) as nginx:
            now = json.loads(nginx.site.get("/ge/now/").text)
            span = f"/ge/updates/{now['epoch']}/0-{now['sequence']}/"
            seen = [nginx.site.get(span, Accept_Encoding=each).headers for each in browsers * 3]
            desk.shutdown()
            desk.server_close()
            assert nginx.site.get(span, Accept_Encoding="br").status == 200
    assert [headers["X-Cache"] for headers in seen] == ["MISS", *["HIT"] * 8]
    assert {headers["Content-Encoding"] for headers in seen} == {"br"}
    (answer,) = (headers for path, headers in answers if path == span)
    assert "max-age=10," in answer["Cache-Control"]
    assert {headers["Cache-Control"] for headers in seen} == {kept_longer(answer["Cache-Control"])}


# --- Cache keys ----------------------------------------------------------------------------------

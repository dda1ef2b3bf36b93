"""Request bodies that are large, endless or slow, on the shipped desk."""

import contextlib
import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from electiondesk.body_limits import Incoming
from tests.acceptance import pictures, processes
from tests.acceptance.curl import Curl, Response, parts, token_of
from tests.processes import START_SECONDS
from tests.seeds import one_seat
from tests.seeds.one_seat import PASSWORD
from tests.servers import Server

pytestmark = pytest.mark.services

HUGE = 300 * processes.MEGABYTE
#: What the server process may grow by, whatever is sent to it: some pages that it renders.
ROOM = 30 * processes.MEGABYTE
COUNT = "/count/ge/islington-north/"
#: Addresses of every app, and of none.
PATHS = ["/", "/ge/", "/ge/now/", "/count/sign-in/", COUNT, "/admin/login/", "/healthz", "/nowhere"]
TYPES = [
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
]


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(make_desk: Callable[..., Server], request: pytest.FixtureRequest) -> Iterator[Server]:
    desk = make_desk(program=request.param)
    desk.seed(one_seat.night)
    with desk:
        desk.get("/ge/")  # so that what is loaded at the first request counts for none of them
        yield desk


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sparse file of 300 MB."""
    file = tmp_path_factory.mktemp("bodies") / "huge"
    with file.open("wb") as sparse:
        sparse.truncate(HUGE)
    return file


@pytest.fixture
def anonymous(server: Server, tmp_path: Path) -> Curl:
    return Curl(server, tmp_path)


@pytest.fixture(scope="module")
def reporter(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Curl:
    curl = Curl(server, tmp_path_factory.mktemp("reporter"))
    curl.sign_in("trusted", PASSWORD)
    return curl


def send(curl: Curl, path: str, file: Path, *options: str) -> Response:
    """POST a file as it is, chunked unless `options` begin with its length."""
    post = ["--request", "POST", "--upload-file", "-"]
    return curl(path, *post, *options, body=file)


def with_length(file: Path) -> list[str]:
    length = f"Content-Length: {file.stat().st_size}"
    return ["--header", length, "--header", "Transfer-Encoding:"]


def grown(server: Server, action: Callable[[], None]) -> int:
    """Return how many bytes the server process grew by at most during `action`."""
    assert server.process is not None
    processes.forget_peak(server.process.pid)
    before = processes.resident(server.process.pid)
    action()
    return processes.peak(server.process.pid) - before


def assert_refused(answer: Response, *statuses: int) -> None:
    """Assert a refusal with a message, and a closed connection: the rest is not awaited."""
    assert answer.status in statuses, answer
    assert len(answer.text) > 20, answer
    assert "connection: close" in answer.head.lower()


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "chunked"])
def test_refuses_large_bodies_without_sign_in_at_every_address(
    server: Server, anonymous: Curl, huge: Path, kind: str, chunked: bool
) -> None:
    options = ["--header", f"Content-Type: {kind}"]
    options += [] if chunked else with_length(huge)

    def action() -> None:
        for path in PATHS:
            for expect in ("Expect:", "Expect: 100-continue"):
                answer = send(anonymous, path, huge, *options, "--header", expect)
                assert_refused(answer, 413, 401)

    assert grown(server, action) < ROOM
    assert server.get("/healthz")


def test_invented_session_cookie_allows_nothing(
    server: Server, anonymous: Curl, huge: Path
) -> None:
    file = huge.with_name("photo")
    with file.open("wb") as sparse:
        sparse.truncate(10 * processes.MEGABYTE)
    forged = ("--header", "Cookie: sessionid=abcdefghijklmnopqrstuvwxyz012345")
    kind = ("--header", "Content-Type: multipart/form-data; boundary=x")

    def action() -> None:
        for path in ("/count/", COUNT, "/admin/results/photo/"):
            assert_refused(send(anonymous, path, file, *with_length(file), *forged, *kind), 401)

    assert grown(server, action) < ROOM


def test_signed_out_phone_gets_401(server: Server, anonymous: Curl) -> None:
    """Not 413, after which it would not send its photo again once it is signed in."""
    file = anonymous.folder / "picture"
    file.write_bytes(pictures.jpeg(100, 100) + b"x" * 500_000)
    script = ("--header", "Accept: application/json")
    answer = anonymous(COUNT, *script, *parts({"step": "photo", "key": "k"}, picture=file))
    assert answer.status == 401
    assert json.loads(answer.text)["state"] == "signed-out"


def test_limits_bodies_of_signed_in_users(server: Server, reporter: Curl, huge: Path) -> None:
    def action() -> None:
        for path in PATHS:
            for kind in TYPES:
                options = [*with_length(huge), "--header", f"Content-Type: {kind}"]
                assert_refused(send(reporter, path, huge, *options), 413)
        # A form without a file is small, whoever sends it.
        form = huge.with_name("form")
        form.write_bytes(b"a=b&" * 500_000)
        for kind in TYPES[1:2]:
            options = [*with_length(form), "--header", f"Content-Type: {kind}"]
            assert_refused(send(reporter, COUNT, form, *options), 413)

    assert grown(server, action) < ROOM


def test_script_gets_json_refusals(server: Server, reporter: Curl, huge: Path) -> None:
    script = ("--header", "Accept: application/json", "--header", f"Content-Type: {TYPES[2]}")
    answer = send(reporter, COUNT, huge, *with_length(huge), *script)
    assert_refused(answer, 413)
    data = json.loads(answer.text)
    assert data["state"] == "refused"
    assert "20 MB" in data["words"]


def test_refusal_of_an_editors_file_speaks_of_no_picture() -> None:
    head = (b"content-type", b"multipart/form-data"), (b"content-length", b"100000000")
    told = {path: Incoming("POST", path, head).too_large().body for path in (COUNT, "/admin/")}
    assert b"a picture may have at most 20 MB" in told[COUNT]
    assert told["/admin/"] == b"This is too large: at most 20 MB may be sent here.\n"


def test_accepts_a_photo_of_19_mb(server: Server, reporter: Curl) -> None:
    file = reporter.folder / "photo"
    file.write_bytes(pictures.jpeg(600, 400) + b"\0" * 19 * processes.MEGABYTE)
    fields = {"step": "photo", "key": uuid.uuid4().hex, "caption": "A", "alt": "B", "credit": "C"}
    fields["csrfmiddlewaretoken"] = token_of(reporter(COUNT))
    answer = reporter(COUNT, "--header", "Accept: application/json", *parts(fields, picture=file))
    assert answer.status == 200, answer
    assert json.loads(answer.text)["state"] == "published"


def test_carries_form_fields_through_sign_in(server: Server, anonymous: Curl) -> None:
    """The longest quote that is allowed, in characters of four bytes, without a session."""
    words = "\N{GRINNING FACE}" * 2000
    fields = {"csrfmiddlewaretoken": token_of(anonymous("/count/sign-in/")), "words": words}
    form = anonymous.folder / "form"
    form.write_text(words)
    answer = anonymous(
        COUNT,
        "--data-urlencode", f"csrfmiddlewaretoken={fields['csrfmiddlewaretoken']}",
        "--data-urlencode", f"words@{form}",
    )  # fmt: skip
    assert answer.status == 401
    assert words in answer.text


# --- Slow ones --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hasty(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A desk that gives requests two seconds to arrive, in place of the minutes it ships with."""
    limits = {"REQUEST_HEAD_SECONDS": "2", "REQUEST_BODY_SECONDS": "2"}
    with make_desk(environment=limits) as desk:
        yield desk


SLOW = {
    "nothing at all": b"",
    "half a line": b"GET /heal",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "half a body": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nabc",
    "half a chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\na",
    "one request, and half of another": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /",
}


@pytest.mark.parametrize("start", SLOW.values(), ids=SLOW)
def test_closes_connections_that_send_a_byte_at_a_time(hasty: Server, start: bytes) -> None:
    """A timeout for silence alone would start again with each byte."""
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=START_SECONDS) as slow:
        slow.sendall(start)
        slow.settimeout(0.3)
        ended, deadline = False, time.monotonic() + START_SECONDS
        while not ended and time.monotonic() < deadline:
            try:
                ended = not slow.recv(65536)
            except TimeoutError:
                with contextlib.suppress(OSError):  # it has just been closed: the next read says so
                    slow.sendall(b"x")
            except OSError:
                ended = True
        assert ended

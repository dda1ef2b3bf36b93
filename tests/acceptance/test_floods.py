"""Clients that send much, read nothing or guess passwords, on the shipped desk."""

import contextlib
import re
import select
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance import processes
from tests.acceptance.curl import Curl, token_of
from tests.processes import START_SECONDS
from tests.seeds import one_seat
from tests.seeds.one_seat import PASSWORD
from tests.servers import Server
from tests.sqlite_lock import locked_database

pytestmark = pytest.mark.services

#: What the server process may grow by, whoever reads nothing of what they asked for.
ROOM = 40 * processes.MEGABYTE
COUNT = "/count/ge/islington-north/"
#: More than a process works on at once, of people who are signed in or not together (20); each
#: costs a third of a second of CPU.
GUESSES = 40
ANONYMOUS_AT_ONCE = 4


@pytest.fixture(scope="module")
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    desk = make_desk()
    desk.seed(one_seat.large_night)
    with desk:
        desk.get("/ge/results.json")
        yield desk


@pytest.fixture
def anonymous(server: Server, tmp_path: Path) -> Curl:
    return Curl(server, tmp_path)


def connect(port: int, *, buffer: int | None = None, source: str = "127.0.0.1") -> socket.socket:
    """Connect, with `buffer` as the size of the kernel's receive buffer."""
    client = socket.socket()
    if buffer is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.bind((source, 0))
    client.settimeout(START_SECONDS)
    client.connect(("127.0.0.1", port))
    return client


def get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def whole(connection: socket.socket) -> bytes:
    """Read until the other side closes."""
    received = b""
    while piece := connection.recv(2**16):
        received += piece
    return received


def has_answer(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def requests_in_progress(server: Server) -> float:
    """How many requests the process works on, that for this number included."""
    match = re.search(r"^desk_requests_in_progress (\S+)$", server.get("/metrics"), re.MULTILINE)
    assert match is not None
    return float(match[1])


def test_answers_reporters_while_others_guess_passwords(
    server: Server, anonymous: Curl, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reporter = Curl(server, tmp_path_factory.mktemp("reporter"))
    reporter.sign_in("trusted", PASSWORD)
    token = token_of(anonymous("/count/sign-in/"))
    cookie = re.findall(r"csrftoken\s+(\S+)", (anonymous.folder / "cookies").read_text())[0]
    with contextlib.ExitStack() as stack:
        guesses = []
        # Each guess is counted in the database before it is checked: until the lock is released
        # they stay in progress, however slow this test is.
        lock = stack.enter_context(contextlib.ExitStack())
        lock.enter_context(locked_database(server))
        for number in range(GUESSES):
            fields = {"csrfmiddlewaretoken": token, "username": f"x{number}", "password": "y"}
            form = urllib.parse.urlencode(fields).encode()
            head = get(
                "/count/sign-in/",
                f"Cookie: csrftoken={cookie}",
                f"Content-Length: {len(form)}",
                "Content-Type: application/x-www-form-urlencoded",
            ).replace(b"GET", b"POST", 1)
            client = stack.enter_context(connect(server.port))
            client.sendall(head + form)
            guesses.append(client)
        server.wait_until(lambda: requests_in_progress(server) > ANONYMOUS_AT_ONCE)
        page = reporter(COUNT)
        answered = sum(map(has_answer, guesses))
        assert page.status == 200
        assert answered < len(guesses) / 2
        lock.close()
        for client in guesses:  # and each of them in the end
            assert client.recv(12).startswith(b"HTTP/1.1 ")


def test_answers_pipelined_requests_as_fast_as_they_are_read(server: Server) -> None:
    """Fifteen hundred requests in one write, each for 600 kB, of which nothing is read at first."""
    assert server.process is not None
    pid = server.process.pid
    processes.forget_peak(pid)
    before = processes.resident(pid)
    with connect(server.port, buffer=4096) as greedy:
        greedy.sendall(get("/ge/results.json") * 1500)
        for _time in range(100):
            assert server.get("/healthz")
        assert processes.peak(pid) - before < ROOM
        # None is lost: a client that reads on gets them one after the other.
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < 3:
            received += greedy.recv(2**16)


def test_clients_that_read_nothing_cost_little_memory(server: Server) -> None:
    """The response is held in memory once for all of them."""
    assert server.process is not None
    pid = server.process.pid
    path = "/ge/results.json"
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(connect(server.port, buffer=4096)) for _one in range(300)]
        processes.forget_peak(pid)
        before = processes.resident(pid)
        for client in readers:
            client.sendall(get(path))
        for client in readers:
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        assert processes.peak(pid) - before < 300 * 128 * 1024 + ROOM
        # A client that reads on gets everything.
        rest = readers[0]
        rest.sendall(get("/healthz", "Connection: close"))
        assert b"ok\n" in whole(rest)


@pytest.fixture(scope="module")
def narrow(make_desk: Callable[..., Server]) -> Iterator[Server]:
    """A desk that accepts twenty connections from one address, and trusts no proxy.

    It bears silence for longer than a test waits.
    """
    limits = {
        "SOCKETS_PER_ADDRESS": "20",
        "TRUSTED_PROXIES": "none",
        "REQUEST_HEAD_SECONDS": "600",
    }
    with make_desk(environment=limits) as desk:
        yield desk


def test_limits_connections_of_an_address(narrow: Server) -> None:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(narrow.port)) for _one in range(20)]
        for client in held:
            client.sendall(get("/healthz"))
            assert client.recv(15) == b"HTTP/1.1 200 OK"
        with connect(narrow.port) as more:
            assert more.recv(1) == b""
        # Another address may connect, and this one again when some have left.
        with connect(narrow.port, source="127.0.0.2") as other:
            other.sendall(get("/healthz", "Connection: close"))
            assert b"ok\n" in whole(other)
        held.pop().close()
        while True:
            with connect(narrow.port) as again, contextlib.suppress(ConnectionError):
                again.sendall(get("/healthz", "Connection: close"))
                if b"ok\n" in whole(again):
                    break


HEADS = {
    "cookies": get("/ge/", "Cookie: " + "; ".join(f"c{number}=x" for number in range(1500))),
    "an endless cookie": get("/ge/", f"Cookie: sessionid={'x' * 15_000}"),
    "many headers": get("/ge/", *[f"X-{number}: x" for number in range(450)]),
    "codings": get("/ge/", "Accept-Encoding: " + ",".join(["gzip;q=0.1"] * 1400)),
    "entity tags": get("/ge/", "If-None-Match: " + ",".join(['"x"'] * 3500)),
    "parameters": get("/ge/?" + "&".join(f"a{number}=b" for number in range(999))),
    "more parameters": get("/ge/?" + "&".join(f"a{number}=b" for number in range(2000))),
    "a long question": get("/ge/find/?q=" + "a+" * 7_000),
    "seats": get("/ge/feed/?seats=" + "a," * 7_000),
    "a long path": get("/ge/" + "a" * 15_000 + "/"),
    "a deep path": get("/ge" + "/a" * 7_000),
    "a long number": get("/ge/bulletins/" + "9" * 15_000 + "/"),
    "proxies": get("/ge/", "X-Forwarded-For: " + ",".join(["127.0.0.1"] * 1400)),
    "a name": get("/ge/", "X-Host: x").replace(b"localhost", b"a" * 15_000),
    "a head that is too long": get("/ge/", f"X-A: {'a' * 20_000}"),
    "too many headers": get("/ge/", *[f"X-{number}: x" for number in range(600)]),
    "a line without end": b"GET /" + b"a" * 40_000,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_answers_or_refuses_a_large_head(server: Server, head: bytes) -> None:
    assert server.process is not None
    pid = server.process.pid
    processes.forget_peak(pid)
    before = processes.resident(pid)
    for _time in range(5):
        with connect(server.port) as client:
            client.sendall(head.replace(b"Host:", b"Connection: close\r\nHost:", 1))
            with contextlib.suppress(ConnectionResetError):
                answer = whole(client)
                assert answer == b"" or 200 <= int(answer[9:12]) < 500, answer[:200]
    assert processes.peak(pid) - before < ROOM
    assert server.get("/healthz")

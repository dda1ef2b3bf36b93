"""Requests to addresses that somebody entered: bounded, and never to our own networks."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from results.webhooks import sending
from results.webhooks.sending import SendingFailed, post, target_of
from tests.webhooks.receiver import Receiver

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name resolve to these addresses; returns the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_args: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::1"),
        *("64:ff9b:1::7f00:1", "::7f00:1", "::ffff:0:7f00:1", "fec0::1", "4000::1"),
    ],
)
def test_refuses_private_addresses(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    # One that is public does not make up for it.
    resolve_to(monkeypatch, "93.184.215.14", address)
    with pytest.raises(SendingFailed) as refused:
        target_of("https://hook.example/x")
    assert refused.value.for_good
    assert "WEBHOOK_NETWORKS" in str(refused.value)


def test_refuses_what_is_no_address_of_a_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.215.14")
    assert target_of("https://hook.example/x?y=1").path == "/x?y=1"
    for url in (
        *("http://hook.example/x", "ftp://hook.example/", "https://", "hook.example"),
        *("https://ann:secret@hook.example/", "https://hook.example:99999/", "file:///etc/passwd"),
    ):
        with pytest.raises(SendingFailed):
            target_of(url)


def test_connects_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """A name that resolves to another address a moment later changes nothing."""
    asked = resolve_to(monkeypatch, "127.0.0.1")
    url = f"http://hook.example:{receiver.port}/x?y=1"
    assert post(url, b"{}", {}) == 200
    ((path, headers, body),) = receiver.received
    assert (path, headers["host"], body) == ("/x?y=1", f"hook.example:{receiver.port}", b"{}")
    assert asked == ["hook.example", "127.0.0.1"]  # then by number


def test_sends_to_addresses_with_letters_beyond_ascii(receiver: Receiver) -> None:
    assert post(f"http://127.0.0.1:{receiver.port}/caffè?für=é", b"{}", {}) == 200
    ((path, _headers, _body),) = receiver.received
    assert path == "/caff%C3%A8?f%C3%BCr=%C3%A9"


@pytest.mark.parametrize("status", [302, 307, 404, 410, 500])
def test_only_a_success_is_one_and_redirects_are_not_followed(
    receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status]
    with pytest.raises(SendingFailed, match=str(status)) as failed:
        post(receiver.url, b"{}", {})
    assert failed.value.for_good == (status == 410)
    assert len(receiver.received) == 1


def test_gives_up_an_answer_that_takes_too_long(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 20)
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.2)
    receiver.hang = threading.Event()
    began = time.monotonic()
    with pytest.raises(SendingFailed, match="did not answer: it took too long"):
        post(receiver.url, b"{}", {})
    assert time.monotonic() - began < 15
    receiver.hang.set()


def test_asks_nothing_where_connecting_took_the_whole_time(receiver: Receiver) -> None:
    """Or an answer that begins afterwards could go on for ever."""
    connection = sending._Connection(target_of(receiver.url))
    connection.cut()
    with pytest.raises(TimeoutError):
        connection.request("POST", "/")
    connection.close()
    assert receiver.received == []


@pytest.mark.parametrize("line", [b"HTTP/1.1 2\x000 OK\x9b\r\n\r\n", b"\x00\r\n"])
def test_quotes_no_control_characters_of_an_answer(settings: Any, line: bytes) -> None:
    """PostgreSQL stores no NUL: what was sent beside it would be sent again."""
    settings.WEBHOOK_NETWORKS = LOOPBACK
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_answer, args=(server, line))
        answering.start()
        with pytest.raises(SendingFailed, match=r"did not answer: .") as failed:
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        answering.join()
    assert str(failed.value).isprintable()


def _answer(server: socket.socket, line: bytes) -> None:
    connection, _client = server.accept()
    with connection:
        connection.recv(10_000)
        connection.sendall(line)


def test_says_that_nobody_listens(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(SendingFailed, match="refused"):
            post(f"http://127.0.0.1:{closed.getsockname()[1]}/", b"{}", {})


class TestDeadNameServer:
    """A name server that does not answer, as a dead one behind a firewall."""

    @pytest.fixture
    def answers(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
        """Set once the name server answers again; nobody waits for it longer than a moment."""
        answers = threading.Event()

        def getaddrinfo(*_args: Any, **_more: Any) -> list[Any]:
            answers.wait()
            raise OSError("no answer")

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.01)
        yield answers
        answers.set()

    def test_does_not_hold_up_who_sends(self, answers: threading.Event) -> None:
        with pytest.raises(SendingFailed) as failed:
            target_of("https://hook.example/x")
        assert str(failed.value) == "No name server said in time where hook.example is."
        assert not failed.value.for_good
        assert not answers.is_set()

    def test_holds_a_bounded_number_of_threads(
        self, answers: threading.Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending, "_look_ups", threading.BoundedSemaphore(2))
        for _attempt in range(5):
            with pytest.raises(SendingFailed):
                target_of("https://hook.example/x")
        held = [each for each in threading.enumerate() if each.name == "look-up"]
        assert 1 <= len(held) <= 3  # that of another test may be ending


def test_look_up_without_a_thread_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may refuse another thread; look-ups after it have to be possible."""

    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(sending, "_look_ups", threading.BoundedSemaphore(1))
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(SendingFailed) as failed:
        target_of("https://hook.example/x")
    assert not failed.value.for_good
    assert sending._look_ups.acquire(blocking=False)

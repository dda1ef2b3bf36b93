"""Graceful shutdown: requests in progress are finished, and readers told to reconnect."""

import asyncio
import json
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.phone import Phone, Response
from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server
from tests.sqlite_lock import locked_database

READERS = 50
LONG_TIMEOUTS = {"DJANGO_SETTINGS_MODULE": "tests.services.long_timeouts_settings"}


@pytest.fixture(params=["daphne", "uvicorn"])
def desk(make_desk: Callable[..., Server], request: pytest.FixtureRequest) -> Server:
    desk = make_desk(program=request.param, environment=LONG_TIMEOUTS)
    desk.seed(counts.seat_with_reporter)
    desk.start()
    return desk


def send_sigterm(desk: Server) -> None:
    assert desk.process is not None
    desk.process.send_signal(signal.SIGTERM)


def is_draining(desk: Server) -> bool:
    try:
        urllib.request.urlopen(desk.url("/readyz"), timeout=START_SECONDS).close()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code == 503 and bool(json.loads(answer.read()).get("leaving"))
    return False


def test_finishes_requests_in_progress(desk: Server) -> None:
    phone, answers = Phone(desk), []
    phone.sign_in("reporter", counts.PASSWORD)
    phone.get("/count/ge/islington-north/")

    def send() -> None:
        sent = {"step": "status", "status": "recount", "key": "one"}
        # As a phone's outbox, without a redirect: that would be a request after the last one.
        answers.append(phone.send("/count/ge/islington-north/", sent))

    with locked_database(desk):
        sending = threading.Thread(target=send)
        sending.start()
        assert desk.process is not None
        desk.wait_until(lambda: "desk_requests_in_progress 2.0" in desk.get("/metrics"))
        send_sigterm(desk)
        desk.wait_until(lambda: is_draining(desk))
    sending.join()
    assert desk.process.wait(timeout=START_SECONDS) in (0, -signal.SIGTERM)
    answer: Response = answers[0]
    assert answer.status == 200
    assert desk.seed(counts.sequence) == 1


async def reader_of(desk: Server) -> ClientConnection:
    address = desk.socket_url("/live/ge/?since=0")
    socket = await connect(
        address, open_timeout=START_SECONDS, origin=Origin(desk.origin), ping_interval=None
    )
    await socket.recv()
    return socket


async def last_messages(socket: ClientConnection) -> tuple[list[dict[str, Any]], int | None]:
    """Return the messages until the socket closes, and its close code."""
    messages = []
    try:
        while True:
            messages.append(json.loads(await socket.recv()))
    except ConnectionClosed:
        return messages, socket.close_code


def test_tells_every_reader_to_reconnect(desk: Server) -> None:
    async def night() -> None:
        crowd = await asyncio.gather(*(reader_of(desk) for _reader in range(READERS)))
        send_sigterm(desk)
        for messages, code in await asyncio.gather(*(last_messages(socket) for socket in crowd)):
            assert messages[-1] == {"bye": {"in": [0, 20]}}
            assert code == 4012

    asyncio.run(night())
    assert desk.process is not None
    desk.process.wait(timeout=START_SECONDS)
    assert "Traceback" not in desk.output()


def test_second_sigterm_ends_at_once(desk: Server) -> None:
    assert desk.process is not None
    with locked_database(desk):
        phone = Phone(desk)
        phone.get("/count/sign-in/")
        sent = {"username": "reporter", "password": counts.PASSWORD}

        def send() -> None:
            try:
                phone.post("/count/sign-in/", sent)
            except OSError:
                return

        sending = threading.Thread(target=send)
        sending.start()
        desk.wait_until(lambda: "desk_requests_in_progress 2.0" in desk.get("/metrics"))
        send_sigterm(desk)
        desk.wait_until(lambda: is_draining(desk))
        send_sigterm(desk)
    sending.join()
    desk.process.wait(timeout=START_SECONDS)

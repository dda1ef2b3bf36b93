"""Processes for readers and for writers: each serves its own addresses."""

import asyncio
import json
import urllib.error
from collections.abc import Callable

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from tests.phone import Phone
from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server


def status(server: Server, path: str) -> int:
    try:
        server.get(path)
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code
    return 200


@pytest.fixture
def apart(make_desk: Callable[..., Server]) -> dict[str, Server]:
    """Two processes on one database and no channel layer between them."""
    writers = make_desk(environment={"ROLE": "writers"})
    url = f"sqlite:///{writers.folder / 'desk.sqlite3'}"
    readers = make_desk(environment={"ROLE": "readers"}, database_url=url)
    writers.seed(counts.seat_with_reporter)
    for server in (writers, readers):
        server.start()
    return {"readers": readers, "writers": writers}


def test_each_role_serves_only_its_own_addresses(apart: dict[str, Server]) -> None:
    readers, writers = apart["readers"], apart["writers"]
    for path in ("/count/sign-in/", "/admin/login/"):
        assert (status(readers, path), status(writers, path)) == (404, 200), path
    for path in ("/ge/", "/api/v1/elections/ge"):
        assert status(readers, path) == 200, path
    # 401: only a process for writers asks for the token.
    path = "/api/v1/desk/answers/a-key"
    assert (status(readers, path), status(writers, path)) == (404, 401)
    for server in (readers, writers):
        server.wait_until_ready()

    phone = Phone(writers)
    phone.sign_in("reporter", counts.PASSWORD)
    cookies = {"Cookie": "; ".join(f"{each.name}={each.value}" for each in phone.cookies)}

    async def knock(server: Server, path: str) -> int:
        with pytest.raises(InvalidStatus) as refused:
            await connect(
                server.socket_url(path),
                open_timeout=START_SECONDS,
                origin=Origin(server.origin),
                additional_headers=cookies,
            )
        return refused.value.response.status_code

    assert asyncio.run(knock(writers, "/live/ge/?since=0")) == 403
    assert asyncio.run(knock(readers, "/count/socket/")) == 403


def test_readers_process_shows_what_the_writers_process_publishes(apart: dict[str, Server]) -> None:
    readers, writers = apart["readers"], apart["writers"]

    async def night() -> None:
        socket = await connect(
            readers.socket_url("/live/ge/?since=0"),
            open_timeout=START_SECONDS,
            origin=Origin(readers.origin),
        )
        await socket.recv()
        phone = Phone(writers)
        await asyncio.to_thread(phone.sign_in, "reporter", counts.PASSWORD)
        sent = {"step": "status", "status": "recount", "key": "one"}
        await asyncio.to_thread(phone.get, "/count/ge/islington-north/")
        answer = await asyncio.to_thread(phone.post, "/count/ge/islington-north/", sent)
        assert answer.status == 200
        async with asyncio.timeout(START_SECONDS):
            while json.loads(await socket.recv())["sequence"] < 1:
                pass

    asyncio.run(night())


def test_unknown_role_is_an_error_at_start(make_desk: Callable[..., Server]) -> None:
    completed = make_desk(environment={"ROLE": "reader"}).manage("check", check=False)
    assert completed.returncode
    assert "ROLE must be all, readers or writers" in completed.stderr

"""Several processes on one PostgreSQL and one Redis serve the readers of all of them."""

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis.asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.backing import Postgres, Redis
from tests.phone import Phone, Response
from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server

pytestmark = pytest.mark.services


#: Votes of each seat's candidates. The same at two seats would be kept for a second person.
VOTES = {"first": [20_000, 15_000], "second": [21_400, 15_700], "third": [19_300, 14_200]}


@dataclass
class Desk:
    """Two servers, a phone signed in at each, and the candidates' ids of each seat."""

    servers: list[Server]
    phones: list[Phone]
    seats: dict[str, list[int]]

    async def declare(self, seat: str, *, at: int) -> Response:
        votes = dict(zip(self.seats[seat], VOTES[seat], strict=True))
        return await asyncio.to_thread(
            self.phones[at].declare,
            f"/count/ge/{seat}/",
            votes,
            warning_reason="As read out.",
        )


@pytest.fixture
def desk(
    make_desk: Callable[..., Server], postgres_url: str, redis_server: Redis
) -> Iterator[Desk]:
    servers = [make_desk(database_url=postgres_url, redis_url=redis_server.url) for _ in range(2)]
    seats = servers[0].seed(counts.three_seats_with_reporter)
    phones = []
    for server in servers:
        server.start()
        phone = Phone(server)
        phone.sign_in("reporter", counts.PASSWORD)
        phones.append(phone)
    yield Desk(servers, phones, seats)
    for server in servers:
        server.stop()


async def reader_of(server: Server) -> ClientConnection:
    """Open a socket at position 0 and receive the first frame."""
    address = server.socket_url("/live/ge/?since=0")
    socket = await connect(address, open_timeout=START_SECONDS, origin=Origin(server.origin))
    await socket.recv()
    return socket


async def news(socket: ClientConnection, sequence: int) -> dict[str, Any]:
    """Receive until the frame that brings the reader to `sequence`, skipping heartbeats."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["sequence"] >= sequence:
                return frame


async def readers_see(desk: Desk, readers: list[ClientConnection], seat: str, at: int) -> None:
    """Declare `seat` at one server; assert that all readers get the same bulletin."""
    answer = await desk.declare(seat, at=at)
    assert answer.status == 200, answer.text
    assert "/published/" in answer.path
    sequence = int(answer.path.rstrip("/").rpartition("/")[2])
    frames = [await news(reader, sequence) for reader in readers]
    assert [frame["sequence"] for frame in frames] == [sequence] * len(readers)
    assert seat.title() in str(frames[0]["fragments"])
    assert frames[0]["fragments"] == frames[1]["fragments"]


def test_readers_of_each_process_see_declarations_of_both(desk: Desk) -> None:
    async def night() -> None:
        readers = [await reader_of(server) for server in desk.servers]
        await readers_see(desk, readers, "first", at=0)
        await readers_see(desk, readers, "second", at=1)

    asyncio.run(night())


def test_notifications_go_through_redis(desk: Desk, redis_server: Redis) -> None:
    """One for readers' pages, and one for those of reporters and editors."""
    awaited = {"tick", "desk.changes"}

    async def night() -> None:
        async with redis.asyncio.from_url(redis_server.url) as client, client.pubsub() as ear:
            await ear.psubscribe("*")
            assert (await desk.declare("first", at=0)).status == 200
            async for message in ear.listen():
                heard = str(message["data"])
                awaited.difference_update({kind for kind in awaited if kind in heard})
                if not awaited:
                    return

    asyncio.run(asyncio.wait_for(night(), START_SECONDS))
    assert awaited == set()


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "frozen"])
def test_declarations_reach_all_readers_without_redis(
    desk: Desk, redis_server: Redis, fault: signal.Signals
) -> None:
    async def night() -> None:
        readers = [await reader_of(server) for server in desk.servers]
        redis_server.send(fault)
        await readers_see(desk, readers, "first", at=0)
        redis_server.stop(signal.SIGKILL)
        redis_server.start()
        await readers_see(desk, readers, "second", at=1)

    asyncio.run(night())


def test_dropped_connections_lose_no_declaration(desk: Desk, postgres: Postgres) -> None:
    async def night() -> None:
        readers = [await reader_of(server) for server in desk.servers]
        await readers_see(desk, readers, "first", at=0)
        postgres.drop_connections()
        await readers_see(desk, readers, "second", at=1)
        await readers_see(desk, readers, "third", at=0)

    asyncio.run(night())

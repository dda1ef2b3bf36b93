"""SocketLimits: an address may open a limited number of sockets, the machine itself any."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from electiondesk.proxies import PASSED_ON, Application
from electiondesk.socket_limits import SocketCounter, SocketLimits, counted_as


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class LimitedSockets:
    """The application behind its limits, and sockets that stay open until they are let go."""

    def __init__(self, clock: Clock) -> None:
        self.application: Application = SocketLimits(self.serve, clock=clock)
        self.leave = asyncio.Event()

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await self.leave.wait()

    async def open(self, host: str, *, passed_on: bool = True) -> tuple[str, "asyncio.Task[None]"]:
        sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        scope = {"type": "websocket", "client": [host, 1], PASSED_ON: passed_on}
        task = asyncio.ensure_future(self.application(scope, receive, sent.put))
        return (await sent.get())["type"].removeprefix("websocket."), task


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    settings.SOCKETS_PER_ADDRESS = 3
    settings.SOCKET_OPENS_PER_SECOND = 100


def test_refuses_sockets_beyond_the_limit_until_one_closes() -> None:
    async def run() -> None:
        sockets = LimitedSockets(Clock())
        opened = [await sockets.open("203.0.113.5") for _number in range(4)]
        assert [answer for answer, _task in opened] == ["accept"] * 3 + ["close"]
        assert (await sockets.open("203.0.113.6"))[0] == "accept"
        opened[0][1].cancel()
        await asyncio.wait([opened[0][1]])
        assert (await sockets.open("203.0.113.5"))[0] == "accept"
        assert (await sockets.open("203.0.113.5"))[0] == "close"
        sockets.leave.set()

    asyncio.run(run())


def test_loopback_is_counted_only_behind_a_proxy() -> None:
    async def run() -> None:
        sockets = LimitedSockets(Clock())
        answers = [(await sockets.open("127.0.0.1", passed_on=False))[0] for _number in range(10)]
        assert answers == ["accept"] * 10
        answers = [(await sockets.open("127.0.0.1"))[0] for _number in range(4)]
        assert answers == ["accept"] * 3 + ["close"]
        sockets.leave.set()

    asyncio.run(run())


def test_limits_openings_by_a_token_bucket() -> None:
    clock = Clock()
    limits = SocketCounter(1000, 10, clock)
    assert [limits.admit("hall") for _number in range(21)] == [True] * 20 + [False]
    clock.now += 0.5
    assert [limits.admit("hall") for _number in range(6)] == [True] * 5 + [False]
    assert limits.admit("office")


def test_forgets_idle_addresses() -> None:
    clock = Clock()
    limits = SocketCounter(1000, 10, clock)
    limits.admit("stays")
    limits.admit("goes")
    limits.release("goes")
    clock.now += 60
    limits.admit("comes")
    assert set(limits.addresses) == {"stays", "comes"}


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (["203.0.113.5", 1], "203.0.113.5"),
        (["2001:db8:1:2::9", 1], "2001:db8:1:2::/64"),
        (["2001:db8:1:2:ffff::1", 1], "2001:db8:1:2::/64"),
        (None, "unknown"),
    ],
)
def test_ipv6_addresses_are_counted_by_their_64_network(client: Any, name: str) -> None:
    assert counted_as({"client": client}) == name

"""The reader's socket of a process that is full, stops, or cannot send."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from pytest_django.fixtures import Settings

from results.live import hub as hub_module, log
from results.live.frames import Message
from results.live.hub import Hub
from results.live.send_failures import SendFailures
from results.live.socket import reader_socket
from results.models import Contest
from tests.live.publishing import headline
from tests.live.readers import frame, reader

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.db,
    pytest.mark.live,
    pytest.mark.usefixtures("hub"),
]


async def test_reader_beyond_capacity_is_caught_up_and_told_to_poll(
    seat: Contest, hub: Hub, settings: Settings
) -> None:
    settings.READERS_PER_PROCESS = 1
    await headline(seat, "One")
    async with reader("?since=0") as first:
        await frame(first)
        async with reader("?since=0") as second:
            soonest, latest = (await frame(second))["poll"]["return"]
            assert 60 <= soonest < latest
            assert "One" in (await frame(second))["fragments"]["headline"]
            assert (await second.receive_output())["code"] == 4013
        assert (hub.readers, hub.turned_away) == (1, 1)
        await headline(seat, "Two")
        assert "Two" in (await frame(first))["fragments"]["headline"]
    async with reader("?since=2") as third:
        assert (await frame(third))["sequence"] == 2


async def test_refused_reader_is_not_counted(seat: Contest, hub: Hub) -> None:
    for query, slug in [("?since=x", "ge"), ("", "nowhere")]:
        async with reader(query, slug) as socket:
            assert not socket.accepted
    assert hub.readers == 0


async def test_draining_tells_readers_when_to_reconnect(seat: Contest, hub: Hub) -> None:
    async with reader("?since=0") as socket:
        await frame(socket)
        await hub.drain()
        assert (await frame(socket))["fragments"] == {}
        assert (await frame(socket))["bye"] == {"in": [0, 20]}
        assert (await socket.receive_output())["code"] == 4012
    async with reader("?since=0") as late:
        assert hub.readers == 0  # the process does not wait for readers who come meanwhile
        await frame(late)
        assert (await frame(late))["bye"] == {"in": [0, 20]}


async def test_crowd_that_comes_at_once_reads_the_log_once(
    seat: Contest, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever positions they claim, and whatever elections they ask for."""
    await headline(seat, "One")
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 60.0)  # so that only readers cause reads
    readings: list[object] = []

    def count_calls_of(name: str) -> None:
        read = getattr(log, name)

        def counted(*args: object) -> object:
            readings.append(args)
            return read(*args)

        monkeypatch.setattr(log, name, counted)

    count_calls_of("read_tail")
    count_calls_of("read_updates")
    async with AsyncExitStack() as stack:
        for since in (0, 1):
            crowd = [reader(f"?since={since}") for _reader in range(20)]
            await asyncio.gather(*(stack.enter_async_context(socket) for socket in crowd))
        assert len(readings) == 1
        liars = [reader("?since=99999999") for _reader in range(20)]
        await asyncio.gather(*(stack.enter_async_context(socket) for socket in liars))
        assert len(readings) < 10
        readings.clear()
        lost = [reader("", "nowhere") for _reader in range(20)]
        await asyncio.gather(*(stack.enter_async_context(socket) for socket in lost))
        assert len(readings) < 5


@pytest.mark.parametrize(
    ("messages", "code"),
    [(["a few bytes"] * 61, 4008), (["x" * 33], 4009), ([b"\0" * 33], 4009)],
)
async def test_closes_on_messages_too_many_or_too_large(
    seat: Contest, hub: Hub, messages: list[str | bytes], code: int
) -> None:
    async with reader("?since=0") as socket:
        await frame(socket)
        for message in messages:
            if isinstance(message, str):
                await socket.send_to(text_data=message)
            else:
                await socket.send_to(bytes_data=message)
        assert (await socket.receive_output())["code"] == code
    assert hub.readers == 0


class BrokenConnection:
    """The server's side of a socket over which nothing can be sent."""

    def __init__(self, *, reader_left: bool) -> None:
        self.reader_left = reader_left
        self.sent: list[Message] = []
        self._tried = asyncio.Event()
        self._connected = False

    async def receive(self) -> Message:
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        await self._tried.wait()
        if not self.reader_left:
            await asyncio.Event().wait()
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if message["type"] == "websocket.send":
            self._tried.set()
            raise RuntimeError("the connection is broken")


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("reader_left", [True, False])
async def test_failed_send_counts_only_while_the_reader_is_there(
    seat: Contest, hub: Hub, monkeypatch: pytest.MonkeyPatch, *, reader_left: bool, full: bool
) -> None:
    if not reader_left:
        monkeypatch.setattr("results.live.socket.DISCONNECT_SECONDS", 0.01)
    monkeypatch.setattr(Hub, "is_full", full)
    connection = BrokenConnection(reader_left=reader_left)
    scope = {"query_string": b"since=0", "url_route": {"kwargs": {"slug": "ge"}}}
    async with asyncio.timeout(60):
        await reader_socket(scope, connection.receive, connection.send)
    assert hub.send_failures.total == hub.send_failures.recent == (0 if reader_left else 1)
    assert hub.readers == hub.streams["ge"].readers == 0
    closes = [
        message["code"] for message in connection.sent if message["type"] == "websocket.close"
    ]
    assert closes == ([] if reader_left else [4011])


async def test_failed_sends_are_recent_for_a_minute_and_logged_once_in_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [1000.0]
    monkeypatch.setattr("results.live.send_failures.time.monotonic", lambda: now[0])
    failures = SendFailures()
    for _reader in range(50):
        failures.add(RuntimeError("too large"))
    assert (failures.total, failures.recent, len(caplog.records)) == (50, 50, 1)
    now[0] += 11
    failures.add(RuntimeError("too large"))
    assert "sending failed: 50" in caplog.records[-1].getMessage()
    now[0] += 50
    assert (failures.total, failures.recent) == (51, 1)

"""The reader's socket, through the whole application: catch-up, push, resync, refusal."""

import asyncio
import json
import re
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections
from pytest_django.fixtures import Settings

from results import desk
from results.live import hub as hub_module, log
from results.live.feed_list import is_entry
from results.live.frames import Message
from results.live.hub import Hub, get_hub
from results.live.send_failures import SendFailures
from results.live.socket import reader_socket
from results.models import Contest, Night
from tests import nights
from tests.inflater import Inflater
from tests.live.readers import frame, reader

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.db,
    pytest.mark.live,
]


@pytest_asyncio.fixture(autouse=True)
async def hub() -> AsyncIterator[Hub]:
    """The hub of this test's event loop; closed, so that its thread closes its connection."""
    yield get_hub()
    await get_hub().close()


@sync_to_async
def publish(function: Callable[..., object], *args: object) -> None:
    try:
        function(*args, by=nights.user(), idempotency_key=nights.key())
    finally:
        connections.close_all()


async def declare(seat: Contest) -> None:
    def declare_islington(**who: Any) -> None:
        nights.declare_counts(seat, nights.islington_ballot_counts(seat), **who)

    await publish(declare_islington)


async def headline(seat: Contest, text: str) -> None:
    await publish(desk.publish, seat.election, desk.HeadlineContent(text=text))


async def test_first_frame_tells_where_the_night_is(seat: Contest) -> None:
    await headline(seat, "One")
    async with reader("?since=1") as socket:
        received = await frame(socket)
        assert (received["since"], received["sequence"], received["fragments"]) == (1, 1, {})


async def test_reader_behind_catches_up_in_one_frame(seat: Contest) -> None:
    for text in ("One", "Two", "Three"):
        await headline(seat, text)
    async with reader("?since=1") as socket:
        received = await frame(socket)
        assert (received["since"], received["sequence"]) == (1, 3)
        assert "Three" in received["fragments"]["headline"]


async def test_pushes_a_declaration(seat: Contest) -> None:
    async with reader("?since=0") as socket, reader("?since=0") as other:
        await frame(socket)
        await frame(other)
        await declare(seat)
        for connection in (socket, other):
            received = await frame(connection)
            assert received["sequence"] == 1
            assert "26,188" in received["fragments"]["seat-islington-north"]


async def test_reader_who_connects_while_bulletins_are_published_misses_none(
    seat: Contest,
) -> None:
    """No frame begins after the one before it ended, whatever the timing."""

    async def follow() -> bool:
        async with reader("?since=0") as socket:
            at, since = 0, list[bool]()
            while at < 6:
                received = await frame(socket)
                since.append(received["since"] <= at)
                at = received["sequence"]
            return all(since)

    followers = [asyncio.create_task(follow()) for _ in range(4)]
    for number in range(6):
        await headline(seat, f"Headline {number}")
    assert all(await asyncio.gather(*followers))


async def test_page_is_sent_its_topics_deflated(seat: Contest) -> None:
    async with (
        reader("?since=0&topics=front&coding=deflate") as front,
        reader("?since=0&topics=seat:islington-north") as page,
        reader("?since=0&topics=seat:elsewhere&coding=deflate") as elsewhere,
    ):
        for socket in (front, page, elsewhere):
            assert (await frame(socket))["fragments"] == {}
        await declare(seat)
        binary = await front.receive_from()
        assert isinstance(binary, bytes)
        inflated = json.loads(zlib.decompress(binary))
        assert {"headline", "feed", "result-islington-north"} <= inflated["fragments"].keys()
        assert "seat-islington-north" not in inflated["fragments"]
        received = await frame(page)
        assert received["fragments"].keys() == {"seat-islington-north"}
        received = await frame(elsewhere)
        assert (received["sequence"], received["fragments"]) == (1, {})


async def test_frame_has_the_one_before_as_its_dictionary(seat: Contest, hub: Hub) -> None:
    """Heartbeats and other pages' bulletins come in between; who was sent another frame is not."""
    inflater = Inflater()
    async with reader("?since=0&topics=front&coding=deflate-previous") as socket:
        await frame(socket)
        await headline(seat, "One, and the same words again")
        first = await socket.receive_from()
        assert (first[0], inflater.read(first)["sequence"]) == (0, 1)
        await hub._poll(hub.streams["ge"], heartbeat=True)
        assert (await frame(socket))["fragments"] == {}
        await headline(seat, "Two, and the same words again")
        second = await socket.receive_from()
        assert (second[0], inflater.read(second)["sequence"]) == (1, 2)
        assert len(second) < len(first) / 2
        other = Inflater()
        async with reader("?since=1&topics=front&coding=deflate-previous") as late:
            caught_up = await late.receive_from()
            assert (caught_up[0], other.read(caught_up)["sequence"]) == (0, 2)
            await declare(seat)
            for follower, own in ((socket, inflater), (late, other)):
                message = await follower.receive_from()
                assert "26,188" in own.read(message)["fragments"]["result-islington-north"]
        await headline(seat, "Four, and the same words again")
        fourth = await socket.receive_from()
        assert (fourth[0], inflater.read(fourth)["sequence"]) == (1, 4)


async def test_reader_without_topics_is_sent_the_composed_feed(seat: Contest, hub: Hub) -> None:
    await headline(seat, "One")
    async with reader("?since=0") as socket:
        assert "One</h3>" in (await frame(socket))["fragments"]["feed"]
        hub.streams["ge"].entries.clear()  # as in a process that started after the first bulletin
        await headline(seat, "Two")
        fragments = (await frame(socket))["fragments"]
        assert re.findall(r"<h3>(.*)</h3>", fragments["feed"]) == ["Two", "One"]
        assert not any(map(is_entry, fragments))


async def test_page_of_another_epoch_resyncs(seat: Contest) -> None:
    async with reader("?since=0&epoch=11111111-1111-1111-1111-111111111111") as socket:
        assert (await frame(socket))["resync"]
        assert (await socket.receive_output())["code"] == 4012


async def test_new_epoch_reaches_open_pages(seat: Contest) -> None:
    night = await Night.objects.aget()
    async with reader(f"?since=0&epoch={night.epoch}") as socket:
        await frame(socket)
        await sync_to_async(desk.start_new_epoch)(seat.election)
        assert (await frame(socket))["resync"]


async def test_page_of_an_epoch_newer_than_this_process_knows_is_up_to_date(
    seat: Contest, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has rendered it; this one has not polled since."""
    async with reader("?since=0") as socket:
        await frame(socket)
        monkeypatch.setattr(hub_module, "POLL_SECONDS", 60.0)
        monkeypatch.setattr("results.desk.counts.notify", lambda *_args: None)
        await sync_to_async(desk.start_new_epoch)(seat.election)
        night = await Night.objects.aget()
        async with reader(f"?since=0&epoch={night.epoch}") as other:
            received = await frame(other)
            assert (received["epoch"], received["since"]) == (str(night.epoch), 0)


async def test_page_newer_than_this_process_knows_is_not_resynced(seat: Contest, hub: Hub) -> None:
    async with reader("?since=0") as socket:
        await frame(socket)
        stream = hub.streams["ge"]
        await headline(seat, "One")
        await frame(socket)
        stream.tail.reset(stream.tail.epoch, 0)
        async with reader("?since=1") as other:
            assert (await frame(other))["sequence"] == 1


@pytest.mark.parametrize(
    ("query", "slug", "code"),
    [
        ("?since=-1", "ge", 4400),
        ("?since=x", "ge", 4400),
        ("?since=9999999999", "ge", 4400),
        ("?since=0&epoch=rubbish", "ge", 4400),
        ("?since=0&topics=rubbish", "ge", 4400),
        ("?since=0&coding=br", "ge", 4400),
        ("", "nowhere", 4404),
    ],
)
async def test_refuses_what_it_cannot_serve(
    seat: Contest, query: str, slug: str, code: int
) -> None:
    async with reader(query, slug) as socket:
        assert (socket.accepted, socket.code) == (False, code)


async def test_position_in_the_future_resyncs(seat: Contest) -> None:
    async with reader("?since=50") as socket:
        assert (await frame(socket))["resync"]


@pytest.mark.parametrize("origin", [b"https://elsewhere.example", None])
async def test_refuses_pages_of_other_sites(seat: Contest, origin: bytes | None) -> None:
    headers = [(b"host", b"localhost"), *([(b"origin", origin)] if origin else [])]
    async with reader("?since=0", headers=headers) as socket:
        assert not socket.accepted


async def test_reader_who_leaves_is_no_longer_counted(seat: Contest, hub: Hub) -> None:
    async with reader("?since=0") as socket:
        await frame(socket)
        assert hub.streams["ge"].readers == 1
        await socket.send_to("a message that is too long")
    assert hub.streams["ge"].readers == 0


async def test_heartbeat_is_an_empty_frame(seat: Contest, hub: Hub) -> None:
    async with reader("?since=0") as socket:
        await frame(socket)
        await hub._poll(hub.streams["ge"], heartbeat=True)
        assert (await frame(socket))["fragments"] == {}


async def test_readers_stay_connected_while_the_database_is_away(
    seat: Contest, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader("?since=0") as socket:
        await frame(socket)

        def away(*_args: object) -> None:
            raise OSError("the database is away")

        with monkeypatch.context() as patched:
            patched.setattr(log, "read_updates", away)
            await hub._poll(hub.streams["ge"], heartbeat=True)
        await headline(seat, "Back")
        assert "Back" in (await frame(socket))["fragments"]["headline"]


# --- A full process, and one that stops -----------------------------------------------------------


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

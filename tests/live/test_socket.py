"""The reader's socket, through the whole application: catch-up, push, resync, refusal."""

import asyncio
import json
import uuid
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections

from electiondesk.asgi import application
from results import desk
from results.live import hub as hub_module
from results.live.hub import Hub, Stream, get_hub
from results.live.send_failures import SendFailures
from results.live.socket import _Sender, reader_socket
from results.models import Night
from tests import nights

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.db,
    pytest.mark.live,
]
ORIGIN = [(b"origin", b"http://localhost"), (b"host", b"localhost")]


@pytest.fixture
def seat():
    return nights.islington_north(nights.election())


@pytest_asyncio.fixture(autouse=True)
async def hub():
    """This test's hub: its loop is a new one. Closed, so that its thread lets the database go."""
    yield get_hub()
    await get_hub().close()


@asynccontextmanager
async def reader(query="", slug="ge", headers=ORIGIN):
    socket = WebsocketCommunicator(application, f"/live/{slug}/{query}", headers=headers)
    socket.accepted, socket.code = await socket.connect()
    try:
        yield socket
    finally:
        await socket.disconnect()


async def frame(socket):
    return json.loads(await socket.receive_from(timeout=10))


@sync_to_async
def publish(act, *args, **more):
    try:
        return act(*args, by=nights.user(), idempotency_key=nights.key(), **more)
    finally:
        connections.close_all()


def declare(seat):
    def act(**more):
        return desk.declare(seat, nights.islington_ballot_counts(seat), **more)

    return publish(act)


def headline(seat, text):
    return publish(desk.publish, seat.election, desk.HeadlineContent(text=text))


async def test_a_reader_hears_at_once_where_the_night_is(seat):
    await headline(seat, "One")
    async with reader("?since=1") as socket:
        heard = await frame(socket)
        assert (heard["since"], heard["sequence"], heard["fragments"]) == (1, 1, {})


async def test_a_reader_who_is_behind_catches_up_in_one_frame(seat):
    for text in ("One", "Two", "Three"):
        await headline(seat, text)
    async with reader("?since=1") as socket:
        heard = await frame(socket)
        assert (heard["since"], heard["sequence"]) == (1, 3)
        assert "Three" in heard["fragments"]["headline"]


async def test_a_declaration_is_pushed(seat):
    async with reader("?since=0") as socket, reader("?since=0") as other:
        await frame(socket)
        await frame(other)
        await declare(seat)
        for each in (socket, other):
            heard = await frame(each)
            assert heard["sequence"] == 1
            assert "26,188" in heard["fragments"]["seat-islington-north"]


async def test_what_is_published_in_between_is_never_missed(seat):
    """A reader connects while the night goes on: positions are dense whatever the timing."""

    async def follow():
        async with reader("?since=0") as socket:
            at, since = 0, []
            while at < 6:
                heard = await frame(socket)
                since.append(heard["since"] == at)
                at = heard["sequence"]
            return all(since)

    followers = [asyncio.create_task(follow()) for _ in range(4)]
    for number in range(6):
        await headline(seat, f"Headline {number}")
    assert all(await asyncio.gather(*followers))


async def test_a_slow_socket_misses_nothing_that_comes_while_it_sends():
    """Some servers hold a sender up until the line is free; the log goes on meanwhile."""
    stream = Stream(slug="ge", epoch=uuid.uuid4(), sequence=0)
    night = Night(election_id=1, epoch=stream.epoch, sequence=1)
    sent, both = [], asyncio.Event()

    async def send(message):
        sent.append(json.loads(message["text"]))
        if len(sent) == 2:
            both.set()
        else:
            stream.take(night, [(1, {"a": "1"})])
            await stream.wake()

    sending = asyncio.create_task(_Sender(Hub(), stream, send, 0, None).follow())
    async with asyncio.timeout(10):
        await both.wait()
    sending.cancel()
    assert [(one["since"], one["sequence"]) for one in sent] == [(0, 0), (0, 1)]


async def test_another_epoch_resyncs(seat):
    async with reader("?since=0&epoch=11111111-1111-1111-1111-111111111111") as socket:
        assert (await frame(socket))["resync"]
        assert (await socket.receive_output())["code"] == 4012


async def test_a_new_epoch_reaches_open_pages(seat):
    night = await Night.objects.aget()
    async with reader(f"?since=0&epoch={night.epoch}") as socket:
        await frame(socket)
        await sync_to_async(desk.start_new_epoch)(seat.election)
        assert (await frame(socket))["resync"]


async def test_a_page_of_an_epoch_newer_than_this_processs_memory_is_up_to_date(
    seat, hub, monkeypatch
):
    """Another process has drawn it; this one has not looked since."""
    async with reader("?since=0") as socket:
        await frame(socket)
        monkeypatch.setattr(hub_module, "POLL_SECONDS", 60.0)
        monkeypatch.setattr("results.desk.counts.notify", lambda *_args: None)
        await sync_to_async(desk.start_new_epoch)(seat.election)
        night = await Night.objects.aget()
        async with reader(f"?since=0&epoch={night.epoch}") as other:
            heard = await frame(other)
            assert (heard["epoch"], heard["since"]) == (str(night.epoch), 0)


async def test_a_page_newer_than_this_processs_memory_is_not_turned_away(seat, hub):
    async with reader("?since=0") as socket:
        await frame(socket)
        stream = hub.streams["ge"]
        await headline(seat, "One")
        await frame(socket)
        stream.sequence, _ = 0, stream.tail.clear()
        async with reader("?since=1") as other:
            assert (await frame(other))["sequence"] == 1


@pytest.mark.parametrize(
    ("query", "slug", "code"),
    [
        ("?since=-1", "ge", 4400),
        ("?since=x", "ge", 4400),
        ("?since=9999999999", "ge", 4400),
        ("?since=0&epoch=rubbish", "ge", 4400),
        ("", "nowhere", 4404),
    ],
)
async def test_what_cannot_be_served_is_refused(seat, query, slug, code):
    async with reader(query, slug) as socket:
        assert (socket.accepted, socket.code) == (False, code)


async def test_a_future_position_resyncs(seat):
    async with reader("?since=50") as socket:
        assert (await frame(socket))["resync"]


@pytest.mark.parametrize("origin", [b"https://elsewhere.example", None])
async def test_pages_of_other_sites_are_refused(seat, origin):
    headers = [(b"host", b"localhost"), *([(b"origin", origin)] if origin else [])]
    async with reader("?since=0", headers=headers) as socket:
        assert not socket.accepted


async def test_a_reader_who_leaves_is_no_longer_counted(seat, hub):
    async with reader("?since=0") as socket:
        await frame(socket)
        assert hub.streams["ge"].readers == 1
        await socket.send_to("readers have nothing to tell us")
    assert hub.streams["ge"].readers == 0


async def test_a_heartbeat_says_that_the_line_is_alive(seat, hub):
    async with reader("?since=0") as socket:
        await frame(socket)
        await hub._poll(hub.streams["ge"], heartbeat=True)
        assert (await frame(socket))["fragments"] == {}


async def test_readers_keep_what_they_have_while_the_database_is_away(seat, hub, monkeypatch):
    async with reader("?since=0") as socket:
        await frame(socket)

        def away(*_args):
            raise OSError("the database is away")

        with monkeypatch.context() as patched:
            patched.setattr("results.live.hub._read_news", away)
            await hub._poll(hub.streams["ge"], heartbeat=True)
        await headline(seat, "Back")
        assert "Back" in (await frame(socket))["fragments"]["headline"]


# --- More readers than there is room for, and a desk that stops -----------------------------------


async def test_a_reader_beyond_the_room_is_shown_the_night_and_turned_to_asking(
    seat, hub, settings
):
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


async def test_a_reader_who_is_refused_takes_no_room(seat, hub):
    for query, slug in [("?since=x", "ge"), ("", "nowhere")]:
        async with reader(query, slug) as socket:
            assert not socket.accepted
    assert hub.readers == 0


async def test_a_desk_that_stops_tells_readers_when_to_come_back(seat, hub):
    async with reader("?since=0") as socket:
        await frame(socket)
        await hub.drain()
        assert (await frame(socket))["fragments"] == {}
        assert (await frame(socket))["bye"] == {"in": [0, 20]}
        assert (await socket.receive_output())["code"] == 4012
    async with reader("?since=0") as late:
        assert hub.readers == 0  # who comes meanwhile keeps nobody waiting
        await frame(late)
        assert (await frame(late))["bye"] == {"in": [0, 20]}


async def test_a_crowd_that_comes_at_once_is_one_reading_of_the_log(seat, hub, monkeypatch):
    """Whatever numbers they say they are at, and whatever elections they ask for."""
    await headline(seat, "One")
    monkeypatch.setattr(
        hub_module, "POLL_SECONDS", 60.0
    )  # the hub's own looks are not counted here
    readings = []
    for name in ("_open_stream", "_read_news"):
        read = getattr(hub_module, name)
        monkeypatch.setattr(
            hub_module, name, lambda *args, read=read: readings.append(args) or read(*args)
        )
    async with AsyncExitStack() as stack:
        for since in (0, 1):
            crowd = [reader(f"?since={since}") for _reader in range(20)]
            await asyncio.gather(*(stack.enter_async_context(one) for one in crowd))
        assert len(readings) == 1
        liars = [reader("?since=99999999") for _reader in range(20)]
        await asyncio.gather(*(stack.enter_async_context(one) for one in liars))
        assert len(readings) < 10
        readings.clear()
        lost = [reader("", "nowhere") for _reader in range(20)]
        await asyncio.gather(*(stack.enter_async_context(one) for one in lost))
        assert len(readings) < 5


@pytest.mark.parametrize(
    ("said", "code"), [(["a few bytes"] * 61, 4008), (["x" * 33], 4009), ([b"\0" * 33], 4009)]
)
async def test_a_reader_has_next_to_nothing_to_say(seat, hub, said, code):
    async with reader("?since=0") as socket:
        await frame(socket)
        for word in said:
            of = "text_data" if isinstance(word, str) else "bytes_data"
            await socket.send_to(**{of: word})
        assert (await socket.receive_output())["code"] == code
    assert hub.readers == 0


class Line:
    """A server's side of a socket over which nothing more can be sent."""

    def __init__(self, *, reader_left: bool) -> None:
        self.reader_left = reader_left
        self.sent: list[dict[str, object]] = []
        self._tried = asyncio.Event()
        self._connected = False

    async def receive(self):
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        await self._tried.wait()
        if not self.reader_left:
            await asyncio.Event().wait()
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(self, message):
        self.sent.append(message)
        if message["type"] == "websocket.send":
            self._tried.set()
            raise RuntimeError("the line is broken")


@pytest.mark.parametrize("room", [1, 0])
@pytest.mark.parametrize("reader_left", [True, False])
async def test_an_error_of_sending_is_a_failure_where_the_reader_is_still_there(
    seat, hub, settings, monkeypatch, reader_left, room
):
    if not reader_left:
        monkeypatch.setattr("results.live.socket.DISCONNECT_SECONDS", 0.01)
    monkeypatch.setattr(Hub, "is_full", not room)
    line = Line(reader_left=reader_left)
    scope = {"query_string": b"since=0", "url_route": {"kwargs": {"slug": "ge"}}}
    async with asyncio.timeout(10):
        await reader_socket(scope, line.receive, line.send)
    assert hub.send_failures.total == hub.send_failures.recent == (0 if reader_left else 1)
    assert hub.readers == hub.streams["ge"].readers == 0
    closes = [one["code"] for one in line.sent if one["type"] == "websocket.close"]
    assert closes == ([] if reader_left else [4011])


async def test_a_failed_send_is_forgotten_after_a_minute_and_the_log_is_not_flooded(
    monkeypatch, caplog
):
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


async def test_a_line_that_has_had_its_share_gets_the_rest_as_one_frame(monkeypatch):
    """What a server would hoard for a line that does not move is bounded."""
    monkeypatch.setattr("results.live.token_bucket.BURST", 100)
    monkeypatch.setattr("results.live.token_bucket.RATE", 10_000)
    stream = Stream(slug="ge", epoch=uuid.uuid4(), sequence=0)
    night = Night(election_id=1, epoch=stream.epoch, sequence=0)
    sent, end = [], asyncio.Event()

    async def send(message):
        sent.append(json.loads(message["text"]))
        if sent[-1]["sequence"] == 1:
            # While this line waits for its turn the night goes on.
            for number in range(2, 6):
                night.sequence = number
                stream.take(night, [(number, {"a": str(number)})])
                asyncio.get_running_loop().call_soon(asyncio.ensure_future, stream.wake())
        elif sent[-1]["sequence"] == 5:
            end.set()

    stream.take(night, [])
    sending = asyncio.create_task(_Sender(Hub(), stream, send, 0, None).follow())
    async with asyncio.timeout(10):
        await asyncio.sleep(0)
        night.sequence = 1
        stream.take(night, [(1, {"a": "x" * 2000})])
        await stream.wake()
        await end.wait()
    sending.cancel()
    assert [(one["since"], one["sequence"]) for one in sent] == [(0, 0), (0, 1), (1, 5)]

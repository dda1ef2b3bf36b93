"""The reader's socket, through the whole application: catch-up, push, resync, refusal."""

import asyncio
import json
import re
import time
import zlib

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from results import desk
from results.live import hub as hub_module, log
from results.live.feed_list import is_entry
from results.live.hub import Hub
from results.models import Contest, Night
from tests.inflater import Inflater
from tests.live.publishing import declare, headline
from tests.live.readers import frame, reader

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
    pytest.mark.db,
    pytest.mark.live,
    pytest.mark.usefixtures("hub"),
]


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
        assert re.findall(r"<h3 dir=\"auto\">(.*)</h3>", fragments["feed"]) == ["Two", "One"]
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


async def test_socket_of_a_deleted_election_is_closed(seat: Contest, hub: Hub) -> None:
    """Its open pages would say for ever that they are live."""
    async with reader("?since=0") as socket:
        await frame(socket)

        @sync_to_async
        def delete() -> None:
            with transaction.atomic():
                desk.delete_whole(seat.election)

        await delete()
        assert (await socket.receive_output())["code"] == 4404
    async with reader("?since=0") as socket:
        assert (socket.accepted, socket.code) == (False, 4404)
    assert "ge" not in hub.streams


async def test_reader_of_every_change_finds_no_election_that_was_deleted_meanwhile(
    seat: Contest, hub: Hub
) -> None:
    """Whom it is found out for first is told so too, not that the server failed."""
    await declare(seat)
    stream = await hub.open("ge")
    assert stream is not None

    @sync_to_async
    def delete() -> None:
        with transaction.atomic():
            desk.delete_whole(seat.election)

    await delete()
    sequence = stream.tail.sequence + 1
    assert await hub.open("ge", sequence, stream.tail.epoch, composes_feed=True) is None
    assert "ge" not in hub.streams


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


async def test_the_time_comes_first_for_pages_that_ask(seat: Contest, hub: Hub) -> None:
    """A page of an earlier release takes it for a frame of another epoch, and reloads."""
    async with reader("?since=0&clock=1") as socket:
        assert abs((await frame(socket))["clock"] - time.time()) < 60
        assert "fragments" in await frame(socket)
    async with reader("?since=0") as socket:
        assert "fragments" in await frame(socket)


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

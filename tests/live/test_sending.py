"""Sending to a reader whose connection is slow, full or over its rate."""

import asyncio
import json
import uuid
from typing import Any

import pytest

from results.live.frames import Message
from results.live.hub import Hub
from results.live.socket import Query, _Sender
from results.live.stream import Stream
from results.live.tail import Tail
from results.models import Night

Frame = dict[str, Any]

pytestmark = pytest.mark.asyncio


async def test_reader_whose_connection_is_full_gets_the_rest_from_its_own_task() -> None:
    """Others are sent theirs meanwhile; what came in between follows as one frame."""
    stream = Stream("ge", Tail(uuid.uuid4(), 0))
    night = Night(election_id=1, epoch=stream.tail.epoch, sequence=0)
    sent: dict[str, list[tuple[int, int]]] = {"full": [], "free": []}
    is_free, has_all = asyncio.Event(), asyncio.Event()
    is_free.set()

    def sender_of(name: str) -> _Sender:
        async def send(message: Message) -> None:
            if name == "full":
                await is_free.wait()
            document = json.loads(message["text"])
            sent[name].append((document["since"], document["sequence"]))
            if name == "full" and len(sent["full"]) == 3:
                has_all.set()

        return _Sender(Hub(), stream, send, Query(since=0))

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        following = [tasks.create_task(sender_of(name).follow()) for name in sent]
        await asyncio.sleep(0)
        is_free.clear()
        for number in (1, 2, 3):
            night.sequence = number
            stream.update(night, [(number, {"a": str(number)})])
            await stream.wake()
        assert sent == {"full": [(0, 0)], "free": [(0, 0), (0, 1), (1, 2), (2, 3)]}
        is_free.set()
        await has_all.wait()
        assert sent["full"][:3] == [(0, 0), (0, 1), (1, 3)]
        for task in following:
            task.cancel()


async def test_frame_goes_to_the_connection_without_a_message_while_it_takes_more() -> None:
    """As one frame, the same object for all; where it takes no more, the task sends a message."""
    stream = Stream("ge", Tail(uuid.uuid4(), 0))
    night = Night(election_id=1, epoch=stream.tail.epoch, sequence=0)
    frames: dict[str, list[bytes]] = {"full": [], "free": []}
    messages: dict[str, list[tuple[int, int]]] = {"full": [], "free": []}
    has_all = asyncio.Event()

    def sender_of(name: str) -> _Sender:
        async def send(message: Message) -> None:
            document = json.loads(message["text"])
            messages[name].append((document["since"], document["sequence"]))
            if (name, document["sequence"]) == ("full", 2):
                has_all.set()

        def send_frame(frame: bytes) -> bool:
            if name == "full" and frames["full"]:
                return False
            frames[name].append(frame)
            return True

        return _Sender(Hub(), stream, send, Query(since=0), send_frame)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        following = [tasks.create_task(sender_of(name).follow()) for name in frames]
        await asyncio.sleep(0)
        for number in (1, 2):
            night.sequence = number
            stream.update(night, [(number, {"a": str(number)})])
            await stream.wake()
        await has_all.wait()
        for task in following:
            task.cancel()
    assert messages == {"full": [(0, 0), (1, 2)], "free": [(0, 0)]}
    first, second = frames["free"]
    assert frames["full"] == [first]
    assert frames["full"][0] is first
    assert json.loads(second[2:] if second[1] < 126 else second[4:])["sequence"] == 2


async def test_frame_that_a_connection_fails_to_take_is_an_error_of_that_reader_only() -> None:
    """The other readers get theirs, and the task of the one that failed raises the error."""
    stream = Stream("ge", Tail(uuid.uuid4(), 0))
    night = Night(election_id=1, epoch=stream.tail.epoch, sequence=1)
    taken: list[bytes] = []

    async def send(message: Message) -> None:
        assert json.loads(message["text"])["sequence"] == 0

    def fails(frame: bytes) -> bool:
        raise RuntimeError("not written")

    def takes(frame: bytes) -> bool:
        taken.append(frame)
        return True

    async with asyncio.timeout(60):
        failing, other = (
            asyncio.create_task(_Sender(Hub(), stream, send, Query(since=0), way).follow())
            for way in (fails, takes)
        )
        await asyncio.sleep(0)
        stream.update(night, [(1, {"a": "1"})])
        await stream.wake()
        with pytest.raises(RuntimeError, match="not written"):
            await failing
        assert len(taken) == 1
        other.cancel()


async def test_slow_socket_misses_nothing_published_while_it_sends() -> None:
    """Some servers hold a sender up until the connection is free; the log grows meanwhile."""
    stream = Stream("ge", Tail(uuid.uuid4(), 0))
    night = Night(election_id=1, epoch=stream.tail.epoch, sequence=1)
    sent: list[Frame] = []
    both = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(json.loads(message["text"]))
        if len(sent) == 2:
            both.set()
        else:
            stream.update(night, [(1, {"a": "1"})])
            await stream.wake()

    sending = asyncio.create_task(_Sender(Hub(), stream, send, Query(since=0)).follow())
    async with asyncio.timeout(60):
        await both.wait()
    sending.cancel()
    assert [(document["since"], document["sequence"]) for document in sent] == [(0, 0), (0, 1)]


async def test_reader_over_its_rate_gets_the_rest_as_one_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bounds what a server buffers for a connection that takes nothing."""
    monkeypatch.setattr("results.live.token_bucket.BURST", 100)
    monkeypatch.setattr("results.live.token_bucket.RATE", 10_000)
    stream = Stream("ge", Tail(uuid.uuid4(), 0))
    night = Night(election_id=1, epoch=stream.tail.epoch, sequence=0)
    sent: list[Frame] = []
    end = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(json.loads(message["text"]))
        if sent[-1]["sequence"] == 1:
            # The night goes on while this reader waits.
            for number in range(2, 6):
                night.sequence = number
                stream.update(night, [(number, {"a": str(number)})])
                asyncio.get_running_loop().call_soon(asyncio.ensure_future, stream.wake())
        elif sent[-1]["sequence"] == 5:
            end.set()

    stream.update(night, [])
    sending = asyncio.create_task(_Sender(Hub(), stream, send, Query(since=0)).follow())
    async with asyncio.timeout(60):
        await asyncio.sleep(0)
        night.sequence = 1
        stream.update(night, [(1, {"a": "x" * 2000})])
        await stream.wake()
        await end.wait()
    sending.cancel()
    assert [(document["since"], document["sequence"]) for document in sent] == [
        (0, 0),
        (0, 1),
        (1, 5),
    ]

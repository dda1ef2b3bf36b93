"""Streams and the hub: shared encoding, waking readers, following the log from the database."""

import asyncio
import json
import logging
import threading
import uuid
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import Error, InternalError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from results import desk
from results.live import hub as live_hub, log
from results.live.feed_list import placeholder
from results.live.hub import Hub
from results.live.stream import WAKE_BATCH, Stream
from results.live.tail import Entry, Tail
from results.models import Election, Night, ReaderCount
from tests import nights

EPOCH = uuid.uuid4()


def night(sequence: int, epoch: uuid.UUID = EPOCH) -> Night:
    return Night(election_id=1, epoch=epoch, sequence=sequence)


def stream(sequence: int = 0, entries: Sequence[Entry] = ()) -> Stream:
    """A stream that was opened at `sequence` and has then read `entries`."""
    opened = Stream("ge", Tail(EPOCH, sequence))
    opened.update(night(sequence + len(entries)), entries)
    return opened


def frame(opened: Stream, sequence: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(opened.frame_since(sequence).text)
    return document


def test_frame_is_what_the_tail_has_since() -> None:
    opened = stream(0, [(1, {"a": "1", "b": "1"}), (2, {"a": "2"}), (3, {"c": "3"})])
    assert frame(opened, 1) == opened.tail.since(1)
    assert frame(opened, 1)["fragments"] == {"a": "2", "c": "3"}


def test_frame_of_unreachable_positions_is_one_resync() -> None:
    assert json.loads(stream(3).frame_since(None).text) == {
        "resync": True,
        "epoch": str(EPOCH),
        "sequence": 3,
    }


def test_all_readers_at_a_position_share_one_frame() -> None:
    opened = stream(0, [(1, {"headline": "1"})])
    for topics in (None, ("front",), ("listing",), ("seat:vale",)):
        assert opened.frame_since(0, topics) is opened.frame_since(0, topics)
    front = opened.frame_since(0, ("front",))
    assert front.deflated is front.deflated
    assert json.loads(zlib.decompress(front.deflated)) == json.loads(front.text)


def test_readers_whom_the_bulletins_do_not_concern_share_one_frame() -> None:
    opened = stream(0, [(1, {"seat-vale": "1"})])
    frames = {opened.frame_since(0, (f"seat:s{number}",)) for number in range(1000)}
    assert len(frames) == 1
    (only,) = frames
    assert json.loads(only.text) == opened.tail.since(0) | {"fragments": {}}
    assert json.loads(opened.frame_since(0, ("seat:vale",)).text)["fragments"] == {"seat-vale": "1"}


def test_frames_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.live.stream.MAX_FRAMES", 10_000)
    opened = stream(0, [(1, {f"seat-{number}": "x" for number in range(9)} | {"feed": "y" * 9000})])
    for number in range(9):
        opened.frame_since(0, (f"seat:{number}",))
    assert 0 < len(opened._frames) <= 5
    large = opened.frame_since(0, ("feed",))
    assert json.loads(large.text)["fragments"] == {"feed": "y" * 9000}
    assert opened.frame_since(0, ("feed",)) is not large


class TestPagesWithoutTopics:
    """Programs and pages of earlier releases read the feed as one fragment."""

    FEED = f"<section>{placeholder('bulletin-2')}{placeholder('bulletin-1')}</section>"

    def test_feed_is_composed_and_entries_are_left_out(self) -> None:
        first = {"feed": placeholder("bulletin-1"), "bulletin-1": "<p>1</p>"}
        opened = stream(0, [(1, first)])
        opened.update(night(2), [(2, {"feed": self.FEED, "bulletin-2": "<p>2</p>", "row-a": "r"})])
        assert frame(opened, 1)["fragments"] == {
            "feed": "<section><p>2</p><p>1</p></section>",
            "row-a": "r",
        }

    def test_entries_that_the_log_has_not_brought_are_read(self) -> None:
        opened = stream(1, [(2, {"feed": self.FEED, "bulletin-2": "<p>2</p>"})])
        assert opened.missing_entries() == {"bulletin-1"}
        opened.frame_since(1)
        opened.add_entries({"bulletin-1": "<p>1</p>", "bulletin-2": "older"})
        assert frame(opened, 1)["fragments"] == {"feed": "<section><p>2</p><p>1</p></section>"}

    def test_withdrawn_entry_is_not_kept(self) -> None:
        opened = stream(0, [(1, {"bulletin-1": "<p>1</p>", "feed": placeholder("bulletin-1")})])
        opened.update(night(2), [(2, {"bulletin-1": "", "feed": "<section></section>"})])
        assert opened.entries == {}
        assert frame(opened, 0)["fragments"] == {"feed": "<section></section>"}


def test_update_discards_encoded_frames() -> None:
    opened = stream(0, [(1, {"a": "1"})])
    assert frame(opened, 0)["sequence"] == 1
    assert opened.update(night(2), [(2, {"a": "2"})])
    assert frame(opened, 0)["fragments"] == {"a": "2"}


def test_update_without_news_wakes_nobody() -> None:
    assert not stream(3).update(night(3), [])


def test_update_takes_bulletins_read_twice_once() -> None:
    opened = stream(0, [(1, {"a": "1"}), (2, {"a": "2"})])
    assert not opened.update(night(2), [(1, {"a": "1"}), (2, {"a": "2"})])
    assert opened.update(night(3), [(2, {"a": "2"}), (3, {"a": "3"})])
    assert frame(opened, 2)["fragments"] == {"a": "3"}


def test_another_epoch_starts_over() -> None:
    opened = stream(0, [(1, {"a": "1"})])
    other = uuid.uuid4()
    assert opened.update(night(1, other), [])
    assert opened.tail.epoch == other
    assert not opened.tail.reaches(0)


def test_another_epoch_brings_its_bulletins_so_far() -> None:
    opened = stream(0, [(1, {"a": "1"})])
    other = uuid.uuid4()
    assert opened.update(night(4, other), [(3, {"a": "3"}), (4, {"a": "4"})])
    assert frame(opened, 2)["fragments"] == {"a": "4"}
    assert frame(opened, 1)["resync"]


def test_log_that_went_back_starts_over() -> None:
    opened = stream(5)
    assert opened.update(night(2), [])
    assert opened.tail.sequence == 2


@pytest.mark.parametrize("read", [[], [(3, {"a": "3"})]], ids=["nothing", "the one after"])
def test_gap_in_the_log_is_logged_and_resyncs(
    read: list[Entry], caplog: pytest.LogCaptureFixture
) -> None:
    opened = stream(0, [(1, {"a": "1"})])
    assert opened.update(night(3), read)
    assert "ge: a bulletin after 1 is missing" in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert opened.tail.sequence == 3
    assert frame(opened, 1)["resync"]


class Slow:
    """A reader that can never be sent to at once."""

    def send_now(self) -> bool:
        return False


class Quick:
    """A reader that is always sent to at once."""

    def __init__(self) -> None:
        self.sent = 0

    def send_now(self) -> bool:
        self.sent += 1
        return True


class Broken:
    def send_now(self) -> bool:
        raise OSError("the connection is gone")


@pytest.mark.asyncio
async def test_readers_are_woken_in_batches_and_all_of_them() -> None:
    opened = stream(3)
    waiting = [opened.news(Slow()) for _reader in range(2 * WAKE_BATCH + 1)]
    waiting[1].cancel()  # a reader that left while waiting
    waking = asyncio.create_task(opened.wake())
    await asyncio.sleep(0)
    assert waiting[0].done()
    assert not waiting[-1].done()
    await waking
    assert all(future.done() for future in waiting)
    assert not opened.news(Slow()).done()


@pytest.mark.asyncio
async def test_readers_that_take_news_at_once_go_on_waiting() -> None:
    opened, quick = stream(3), Quick()
    news, broken = opened.news(quick), opened.news(Broken())
    await opened.wake()
    await opened.wake()
    assert (quick.sent, news.done()) == (2, False)
    assert isinstance(broken.exception(), OSError)
    news.cancel()  # a reader that left
    await opened.wake()
    assert quick.sent == 2


@pytest.mark.asyncio
async def test_page_ahead_of_the_first_reading_has_the_log_read_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bulletin may be published, and its page loaded, while the log is first read."""
    began, may_end = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def first(_address: str) -> Tail:
        loop.call_soon_threadsafe(began.set)
        may_end.wait(10)
        return Tail(EPOCH, 3)

    monkeypatch.setattr(log, "read_tail", first)
    later = (night(4), [(4, {"headline": "4"})])
    monkeypatch.setattr(log, "read_updates", lambda *_position: later)
    opening = asyncio.create_task(hub.open("ge", 3, EPOCH))
    await began.wait()
    ahead = asyncio.create_task(hub.open("ge", 4, EPOCH))
    await asyncio.sleep(0)  # it has asked, and waits for the reading
    may_end.set()
    await opening
    opened = await ahead
    assert opened is not None
    assert opened.tail.reaches(4)


@pytest.mark.asyncio
async def test_readers_are_sent_what_was_read_before_the_feed_could_not_be(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "read_tail", lambda _address: Tail(EPOCH, 1))
    read: list[OperationalError | dict[str, str]] = [
        OperationalError("away"),
        {"bulletin-1": "<p>1</p>"},
    ]

    def read_entries(_address: str) -> dict[str, str]:
        found = read.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(log, "read_entries_of_feed", read_entries)
    opened = await hub.open("ge", composes_feed=True)
    assert opened is not None
    news = opened.news(Slow())
    entries = [(2, {"feed": placeholder("bulletin-1")})]
    monkeypatch.setattr(log, "read_updates", lambda *_position: (night(2), entries))
    assert not await hub._poll(opened, heartbeat=False)
    assert not news.done()
    # Nothing newer is published.
    monkeypatch.setattr(log, "read_updates", lambda *_position: (night(2), []))
    assert await hub._poll(opened, heartbeat=False)
    assert news.done()
    assert frame(opened, 1)["fragments"] == {"feed": "<p>1</p>"}


@pytest.mark.parametrize(
    ("error", "is_logged"),
    [(OperationalError("away"), True), (InternalError("in a read-only transaction"), False)],
)
def test_numbers_of_readers_that_a_standby_does_not_take_are_no_warning(
    error: Error, is_logged: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """They are stored every 20 seconds, and a process on a standby is there for good."""

    def report(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(ReaderCount, "report", report)
    with caplog.at_level(logging.WARNING):
        live_hub._store_counts({"ge": 1})
    assert bool(caplog.records) is is_logged


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
class TestReadingTheLog:
    @pytest.mark.parametrize("later", [0, 1, 4])
    def test_tail_stands_at_the_newest_bulletin_of_the_epoch(
        self, later: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Even with few bulletins, or none: a process may start right after the epoch began."""
        election = nights.election()
        publish(election, 3)
        desk.start_new_epoch(election)
        monkeypatch.setattr(log, "CATCH_UP", 3)
        publish(election, later)
        night = Night.objects.get()
        tail = log.read_tail("ge")
        assert tail is not None
        assert (tail.epoch, tail.sequence) == (night.epoch, night.sequence)
        assert tail.since(night.sequence)["fragments"] == {}
        held = min(later, 3)
        assert tail.reaches(night.sequence - held)
        assert not tail.reaches(night.sequence - held - 1)

    def test_stream_follows_into_an_epoch_that_has_grown(self) -> None:
        election = nights.election()
        publish(election, 2)
        tail = log.read_tail("ge")
        assert tail is not None
        opened = Stream("ge", tail)
        desk.start_new_epoch(election)
        publish(election, 1)
        newest, entries = log.read_updates("ge", tail.epoch, tail.sequence)
        assert newest is not None
        assert opened.update(newest, entries)
        assert tail.reaches(2)
        assert frame(opened, 3)["fragments"] == {}

    def test_reads_no_more_of_the_night_than_its_position(self) -> None:
        """It is read every second: the tally of a night of councils is large."""
        election = nights.election()
        publish(election, 2)
        with CaptureQueriesContext(connection) as queries:
            newest, entries = log.read_updates("ge", Night.objects.get().epoch, 1)
            assert newest is not None
            assert [number for number, _fragments in entries] == [2]
        _position, night, bulletins = [query["sql"] for query in queries]
        assert "tally" not in night
        assert "second_language" not in night
        assert "fragments" in bulletins

    def test_unknown_election_has_no_tail(self) -> None:
        assert log.read_tail("nowhere") is None


def publish(election: Election, times: int) -> None:
    for _time in range(times):
        key = nights.key()
        desk.publish(
            election,
            desk.HeadlineContent(text=f"Headline {key}"),
            by=nights.user(),
            idempotency_key=key,
        )

"""Readers at a sequence within a batch, without a page of its own, are brought to its end."""

import json

import pytest
from django.test import Client

from results import desk
from results.live import log
from results.live.feed_list import entry_ids
from results.live.frames import Document
from results.live.stream import Stream
from results.live.tail import Entry
from results.models import Bulletin, Contest, Night
from tests import nights
from tests.faults.parts import with_later
from tests.live.pages import after, all_pages

pytestmark = [pytest.mark.django_db, pytest.mark.db]

NIGHT = {"progress", "headline", "scoreboard", "feed", "expected"}
SIZE = 14


@pytest.fixture
def contests() -> list[Contest]:
    election = nights.election()
    return [
        nights.contest(election, f"Seat {number}", [("Ann", "lab"), ("Bob", "con")])
        for number in range(SIZE)
    ]


def declare_all(contests: list[Contest]) -> None:
    with desk.batch(contests[0].election):
        for contest in contests:
            nights.declare(contest, 9000, 8500)


def assert_complete(document: Document) -> None:
    """It ends at the end of the batch, with everything that its last bulletin carries."""
    assert document["sequence"] == SIZE
    fragments = document["fragments"]
    assert set(fragments) >= NIGHT | {*entry_ids(fragments["feed"])}


def test_updates_end_at_the_end_of_the_batch(client: Client, contests: list[Contest]) -> None:
    declare_all(contests)
    epoch = Night.objects.get().epoch
    for since in range(SIZE):
        for span in (f"{since}", f"{epoch}/{since}-{since + 1}", f"{epoch}/{since}-{SIZE}"):
            assert_complete(client.get(f"/ge/updates/{span}/?topics=front").json())


def test_page_within_a_batch_would_catch_up_to_a_fresh_one(contests: list[Contest]) -> None:
    election = contests[0].election
    page = all_pages(election)
    declare_all(contests)
    fresh = all_pages(election)
    for bulletin in Bulletin.objects.order_by("sequence"):
        assert with_later(page, after(election, bulletin.sequence - 1)) == fresh
        page |= {name: html for name, html in bulletin.fragments.items() if name in page}


class TestStream:
    def opened(self) -> Stream:
        tail = log.read_tail("ge")
        assert tail is not None
        return Stream("ge", tail)

    def test_socket_is_sent_the_end_of_the_batch(self, contests: list[Contest]) -> None:
        declare_all(contests)
        stream = self.opened()
        for since in range(SIZE):
            assert_complete(json.loads(stream.frame_since(since, ("front",)).text))
        at_the_end = json.loads(stream.frame_since(SIZE, ("front",)).text)
        assert (at_the_end["sequence"], at_the_end["fragments"]) == (SIZE, {})

    def test_reading_ends_where_the_night_was_read(
        self, contests: list[Contest], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A batch that is committed between the two reads is left for the next one."""
        stream = self.opened()
        nights.declare(contests[0], 9000, 8500)
        read_after = log.read_after

        def read_late(night: Night, sequence: int, limit: int) -> list[Entry]:
            declare_all(contests[1:])
            return read_after(night, sequence, limit)

        monkeypatch.setattr(log, "read_after", read_late)
        night, entries = log.read_updates("ge", stream.tail.epoch, stream.tail.sequence)
        assert night is not None
        assert stream.update(night, entries)
        assert stream.tail.sequence == 1

    def test_stream_that_is_far_behind_starts_again_at_the_newest(
        self,
        contests: list[Contest],
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Rather than at a number within a batch, and without a warning about a gap."""
        for module in ("log", "stream"):
            monkeypatch.setattr(f"results.live.{module}.CATCH_UP", SIZE - 1)
        stream = self.opened()
        declare_all(contests)
        night, entries = log.read_updates("ge", stream.tail.epoch, stream.tail.sequence)
        assert night is not None
        assert stream.update(night, entries)
        assert stream.tail.sequence == SIZE
        assert stream.tail.reaches(1)
        assert json.loads(stream.frame_since(0).text)["resync"]
        assert not caplog.records

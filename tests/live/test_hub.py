"""The hub: it reads the log after its own last number, and every reader from their own position."""

import asyncio
import uuid

import pytest

from results import desk
from results.live import log
from results.live.hub import WAKE_BATCH, Stream, _open_stream, _read_news
from results.models import Night
from tests import nights

EPOCH = uuid.uuid4()


def night(sequence, epoch=EPOCH):
    return Night(election_id=1, epoch=epoch, sequence=sequence)


def stream(sequence=0, entries=()):
    made = Stream(slug="ge", epoch=EPOCH, sequence=sequence)
    made.take(night(sequence + len(entries)), list(entries))
    return made


def frames(made, position):
    return log.json.loads(made.text_since(position))


def test_a_reader_catches_up_with_later_fragments_winning():
    made = stream(0, [(1, {"a": "1", "b": "1"}), (2, {"a": "2"}), (3, {"c": "3"})])
    assert frames(made, 1) == {
        "epoch": str(EPOCH),
        "since": 1,
        "sequence": 3,
        "fragments": {"a": "2", "c": "3"},
    }
    assert frames(made, 3)["fragments"] == {}


def test_all_readers_at_a_position_share_one_encoding(monkeypatch):
    made = stream(0, [(1, {"a": "1"})])
    encoded = []
    monkeypatch.setattr(log, "encode", lambda document: encoded.append(document) or "text")
    for _reader in range(1000):
        made.text_since(0)
    assert len(encoded) == 1


def test_news_empties_what_was_encoded():
    made = stream(0, [(1, {"a": "1"})])
    assert frames(made, 0)["sequence"] == 1
    assert made.take(night(2), [(2, {"a": "2"})])
    assert frames(made, 0)["fragments"] == {"a": "2"}


def test_without_news_there_is_nothing_to_tell():
    assert not stream(3).take(night(3), [])


@pytest.mark.parametrize("position", [-1, 4, 99])
def test_a_position_outside_the_log_resyncs(position):
    made = stream(0, [(1, {}), (2, {}), (3, {})])
    assert frames(made, position) == {"resync": True, "epoch": str(EPOCH), "sequence": 3}


def test_too_far_behind_resyncs():
    entries = [(number, {}) for number in range(1, log.CATCH_UP + 2)]
    made = stream(0, entries)
    assert not made.can_catch_up(0)
    assert made.can_catch_up(1)


def test_what_was_read_twice_is_taken_once():
    made = stream(0, [(1, {"a": "1"}), (2, {"a": "2"})])
    assert not made.take(night(2), [(1, {"a": "1"}), (2, {"a": "2"})])
    assert made.take(night(3), [(2, {"a": "2"}), (3, {"a": "3"})])
    assert frames(made, 2)["fragments"] == {"a": "3"}


@pytest.mark.asyncio
async def test_readers_are_woken_some_at_a_time_and_every_one():
    made = stream(3)
    waiting = [made.news() for _reader in range(2 * WAKE_BATCH + 1)]
    waiting[1].cancel()  # left, while waiting
    waking = asyncio.create_task(made.wake())
    await asyncio.sleep(0)
    assert waiting[0].done()
    assert not waiting[-1].done()
    await waking
    assert all(one.done() for one in waiting)
    assert not made.news().done()


def test_another_epoch_starts_over():
    made = stream(0, [(1, {"a": "1"})])
    other = uuid.uuid4()
    assert made.take(night(1, other), [])
    assert made.epoch == other
    assert not made.can_catch_up(0)


def test_another_epoch_brings_its_bulletins_so_far():
    made = stream(0, [(1, {"a": "1"})])
    other = uuid.uuid4()
    assert made.take(night(4, other), [(3, {"a": "3"}), (4, {"a": "4"})])
    assert frames(made, 2)["fragments"] == {"a": "4"}
    assert frames(made, 1)["resync"]


def test_a_sequence_without_its_bulletins_is_a_hole(caplog):
    made = stream(0, [(1, {"a": "1"})])
    assert made.take(night(3), [])
    assert "hole in the log after 1" in caplog.text
    assert made.sequence == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
class TestOpenStream:
    @pytest.mark.parametrize("later", [0, 1, 4])
    def test_stands_at_newest_number_of_epoch(self, later, monkeypatch):
        """However few bulletins it has: none, when a process starts right after it began."""
        election = nights.election()
        publish(election, 3)
        desk.start_new_epoch(election)
        monkeypatch.setattr(log, "CATCH_UP", 3)
        publish(election, later)
        night = Night.objects.get()
        made = _open_stream("ge")
        assert (made.epoch, made.sequence) == (night.epoch, night.sequence)
        assert frames(made, night.sequence)["fragments"] == {}
        held = min(later, 3)
        assert made.can_catch_up(night.sequence - held)
        assert not made.can_catch_up(night.sequence - held - 1)

    def test_follows_into_an_epoch_that_has_grown(self):
        election = nights.election()
        publish(election, 2)
        made = _open_stream("ge")
        desk.start_new_epoch(election)
        publish(election, 1)
        assert made.take(*_read_news("ge", made.epoch, made.sequence))
        assert made.can_catch_up(2)
        assert frames(made, 3)["fragments"] == {}


def publish(election, times):
    for _time in range(times):
        key = nights.key()
        desk.publish(
            election,
            desk.HeadlineContent(text=f"Headline {key}"),
            by=nights.user(),
            idempotency_key=key,
        )


def test_a_hole_in_the_log_is_a_fault_that_resyncs(caplog):
    made = stream(0, [(1, {"a": "1"})])
    assert made.take(night(3), [(3, {"a": "3"})])
    assert "hole in the log after 1" in caplog.text
    assert made.sequence == 3
    assert frames(made, 1)["resync"]


def test_a_log_that_went_back_starts_over():
    made = stream(5)
    assert made.take(night(2), [])
    assert made.sequence == 2

"""The tail of the log: what a page lacks, from entries alone."""

import uuid

import pytest
from hypothesis import assume, given, strategies as st

from results.live.tail import CATCH_UP, Entry, Gap, Tail, rounded_distance

EPOCH, OTHER = uuid.uuid4(), uuid.uuid4()


def entries(first: int, last: int) -> list[Entry]:
    """Bulletins `first` to `last`, each with a fragment of its own and one that all change."""
    return [
        (number, {f"own-{number}": str(number), "shared": str(number)})
        for number in range(first, last + 1)
    ]


def tail_of(first: int, last: int) -> Tail:
    return Tail(EPOCH, last, entries(first, last))


class TestSince:
    def test_merges_later_bulletins_and_the_later_fragment_wins(self) -> None:
        tail = Tail(EPOCH, 3, [(1, {"a": "1", "b": "1"}), (2, {"a": "2"}), (3, {"c": "3"})])
        assert tail.since(1) == {
            "epoch": str(EPOCH),
            "since": 1,
            "sequence": 3,
            "fragments": {"a": "2", "c": "3"},
        }
        assert tail.since(0)["fragments"] == {"a": "2", "b": "1", "c": "3"}

    def test_is_an_empty_frame_for_a_page_at_the_newest_bulletin(self) -> None:
        frame = tail_of(1, 3).since(3)
        assert (frame["since"], frame["sequence"], frame["fragments"]) == (3, 3, {})

    @pytest.mark.parametrize("sequence", [-1, 4, 99])
    def test_is_a_resync_for_a_position_outside_the_log(self, sequence: int) -> None:
        assert tail_of(1, 3).since(sequence) == {
            "resync": True,
            "epoch": str(EPOCH),
            "sequence": 3,
        }

    def test_is_a_resync_for_a_page_of_another_epoch(self) -> None:
        tail = tail_of(1, 3)
        assert tail.since(3, OTHER)["resync"]
        assert "resync" not in tail.since(3, EPOCH)


class TestNewEpoch:
    """An epoch begins at the sequence that the one before it reached, without a bulletin."""

    @pytest.mark.parametrize("sequence", [0, 7])
    def test_page_at_its_start_is_up_to_date(self, sequence: int) -> None:
        tail = Tail(EPOCH, sequence)
        assert tail.since(sequence, EPOCH)["fragments"] == {}
        assert tail.since(sequence - 1, EPOCH)["resync"]

    def test_first_bulletin_follows_its_start(self) -> None:
        tail = Tail(EPOCH, 7)
        assert tail.append(8, entries(8, 8))
        assert tail.since(7)["fragments"] == {"own-8": "8", "shared": "8"}
        assert tail.since(6)["resync"]

    def test_reset_forgets_the_old_epoch(self) -> None:
        tail = tail_of(1, 3)
        tail.reset(OTHER, 3)
        assert (tail.epoch, tail.sequence) == (OTHER, 3)
        assert tail.since(2)["resync"]
        assert tail.since(3, EPOCH)["resync"]


class TestAppend:
    def test_adds_consecutive_bulletins(self) -> None:
        tail = tail_of(1, 2)
        assert tail.append(4, entries(3, 4))
        assert tail.sequence == 4
        assert tail.since(2)["fragments"] == {"own-3": "3", "own-4": "4", "shared": "4"}

    def test_reports_nothing_new(self) -> None:
        tail = tail_of(1, 2)
        assert not tail.append(2, [])
        assert not tail.append(2, entries(1, 2))
        assert tail.sequence == 2

    def test_ignores_bulletins_read_twice(self) -> None:
        tail = tail_of(1, 2)
        assert tail.append(3, entries(2, 3))
        assert tail.since(2)["fragments"] == {"own-3": "3", "shared": "3"}

    def test_takes_bulletins_published_after_the_sequence_was_read(self) -> None:
        tail = tail_of(1, 2)
        assert tail.append(3, entries(3, 5))
        assert tail.sequence == 5

    @pytest.mark.parametrize(
        "read",
        [[], entries(4, 4), [*entries(3, 3), *entries(5, 5)]],
        ids=["none", "first", "inner"],
    )
    def test_raises_gap_where_a_bulletin_is_missing_and_adds_none(self, read: list[Entry]) -> None:
        tail = tail_of(1, 2)
        with pytest.raises(Gap, match="after 2"):
            tail.append(5, read)
        assert tail.sequence == 2
        assert tail.since(1)["fragments"] == {"own-2": "2", "shared": "2"}


class TestReset:
    def test_keeps_only_bulletins_that_lead_up_to_the_newest(self) -> None:
        tail = tail_of(1, 2)
        tail.reset(EPOCH, 6, [*entries(3, 3), *entries(5, 7)])
        assert tail.since(4)["fragments"] == {"own-5": "5", "own-6": "6", "shared": "6"}
        assert tail.since(3)["resync"]

    def test_goes_back_with_the_log(self) -> None:
        tail = tail_of(1, 5)
        tail.reset(EPOCH, 2)
        assert tail.sequence == 2
        assert tail.since(5)["resync"]


class TestTrimming:
    def test_holds_as_many_bulletins_as_pages_may_be_behind(self) -> None:
        tail = tail_of(1, CATCH_UP + 1)
        assert not tail.reaches(0)
        assert tail.reaches(1)
        tail.append(CATCH_UP + 2, entries(CATCH_UP + 2, CATCH_UP + 2))
        assert not tail.reaches(1)
        assert tail.reaches(2)

    @given(st.integers(1, 5), st.lists(st.integers(1, 7), max_size=6))
    def test_every_frame_equals_the_bulletins_after_its_position(
        self, limit: int, sizes: list[int]
    ) -> None:
        """A position is either answered in full or with a resync, however the log grows."""
        tail, newest = Tail(EPOCH, 0, limit=limit), 0
        for size in sizes:
            tail.append(newest + size, entries(newest + 1, newest + size))
            newest += size
        assert tail.sequence == newest
        for position in range(newest + 1):
            expected: dict[str, str] = {}
            for _number, fragments in entries(position + 1, newest):
                expected |= fragments
            frame = tail.since(position)
            if newest - position <= limit:
                assert frame["fragments"] == expected
            else:
                assert frame["resync"]


class TestRounding:
    @pytest.mark.parametrize(
        ("behind", "distance"),
        [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (33, 64), (100, 128)],
    )
    def test_distance_is_the_next_power_of_two(self, behind: int, distance: int) -> None:
        assert rounded_distance(behind) == distance

    @given(size=st.integers(0, CATCH_UP), behind=st.integers(0, CATCH_UP))
    def test_rounded_position_is_in_reach_and_not_later(self, size: int, behind: int) -> None:
        tail = tail_of(1, size)
        assume(behind <= size)
        rounded = tail.rounded(size - behind)
        assert rounded <= size - behind
        assert tail.reaches(rounded)

    def test_few_frames_serve_all_positions(self) -> None:
        tail = tail_of(1, CATCH_UP)
        positions = {tail.rounded(sequence) for sequence in range(CATCH_UP + 1)}
        assert positions == {100, 99, 98, 96, 92, 84, 68, 36, 0}

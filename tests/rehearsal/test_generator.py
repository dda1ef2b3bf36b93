"""The generated night is reproducible, plausible and invented."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from results.rehearsal.generator import generate_night
from results.rehearsal.invented import InventedNight


@pytest.fixture(scope="module")
def night() -> InventedNight:
    return generate_night(seed=1, size=650)


def test_same_seed_gives_the_same_night(night: InventedNight) -> None:
    assert generate_night(seed=1, size=650) == night
    assert generate_night(seed=2, size=650) != night


def test_seats_are_distributed_over_regions(night: InventedNight) -> None:
    regions = Counter(seat.region for seat in night.seats)
    assert len(night.seats) == 650
    assert regions["London"] == 73
    assert len(regions) == 12
    assert len({seat.name for seat in night.seats}) == 650


def test_surnames_end_in_test(night: InventedNight) -> None:
    names = [candidate.name for seat in night.seats for candidate in seat.candidates]
    assert len(names) > 2500
    assert all(name.endswith("-Test") for name in names)


def test_no_seat_has_a_real_name(night: InventedNight, election_data: Path) -> None:
    real = (election_data / "hexmap-2019" / "constituencies.hexjson").read_text()
    assert [seat.name for seat in night.seats if f'"{seat.name}"' in real] == []


def test_votes_are_plausible(night: InventedNight) -> None:
    for seat in night.seats:
        valid = sum(candidate.votes for candidate in seat.candidates)
        assert all(candidate.votes >= 0 for candidate in seat.candidates)
        assert valid + seat.rejected < seat.electorate


def test_has_one_speaker_and_one_tie(night: InventedNight) -> None:
    labels = Counter(candidate.label for seat in night.seats for candidate in seat.candidates)
    assert labels["speaker"] == 1
    tied = [seat for seat in night.seats if seat.ranked[0].votes == seat.ranked[1].votes]
    assert len(tied) == 1
    assert tied[0].ranked[0].name == tied[0].lot


def test_events_are_consistent(night: InventedNight) -> None:
    actions = Counter(event.action for event in night.events)
    assert (
        actions["declare"] + actions["declare_misheard"] + actions["complete"]
        == 650 + actions["withdraw"]
    )
    assert actions["winner_only"] == actions["complete"] > 5
    assert actions["correct"] == actions["declare_misheard"] > 5
    assert actions["withdraw"] > 0
    assert actions["recount"] > 0
    assert all(before.minute <= after.minute for before, after in pairwise(night.events))
    assert len({event.key for event in night.events}) == len(night.events)


@pytest.mark.parametrize("size", [1, 5, 60])
def test_any_size(size: int) -> None:
    assert len(generate_night(seed=3, size=size).seats) == size

"""An invented night: the same from the same seed, and nobody in it is real."""

from collections import Counter
from itertools import pairwise

import pytest

from results.rehearsal.generator import generate_night


@pytest.fixture(scope="module")
def night():
    return generate_night(seed=1, size=650)


def test_the_same_seed_is_the_same_night(night):
    assert generate_night(seed=1, size=650) == night
    assert generate_night(seed=2, size=650) != night


def test_the_house_has_its_seats_in_its_regions(night):
    regions = Counter(seat.region for seat in night.seats)
    assert len(night.seats) == 650
    assert regions["London"] == 73
    assert len(regions) == 12
    assert len({seat.name for seat in night.seats}) == 650


def test_every_surname_ends_in_test(night):
    names = [one.name for seat in night.seats for one in seat.candidates]
    assert len(names) > 2500
    assert all(name.endswith("-Test") for name in names)


def test_no_seat_is_a_real_one(night, election_data):
    real = (election_data / "hexmap-2019" / "constituencies.hexjson").read_text()
    assert [seat.name for seat in night.seats if f'"{seat.name}"' in real] == []


def test_votes_can_be(night):
    for seat in night.seats:
        valid = sum(one.votes for one in seat.candidates)
        assert all(one.votes >= 0 for one in seat.candidates)
        assert valid + seat.rejected < seat.electorate


def test_there_is_one_speaker_and_one_tie(night):
    labels = Counter(one.label for seat in night.seats for one in seat.candidates)
    assert labels["speaker"] == 1
    tied = [seat for seat in night.seats if seat.ranked[0].votes == seat.ranked[1].votes]
    assert len(tied) == 1
    assert tied[0].ranked[0].name == tied[0].lot


def test_the_night_goes_as_nights_go(night):
    acts = Counter(event.act for event in night.events)
    assert acts["declare"] + acts["declare_misheard"] + acts["complete"] == 650 + acts["withdraw"]
    assert acts["flash"] == acts["complete"] > 5
    assert acts["correct"] == acts["declare_misheard"] > 5
    assert acts["withdraw"] > 0
    assert acts["recount"] > 0
    assert all(one.minute <= other.minute for one, other in pairwise(night.events))
    assert len({event.key for event in night.events}) == len(night.events)


@pytest.mark.parametrize("size", [1, 5, 60])
def test_any_size(size):
    assert len(generate_night(seed=3, size=size).seats) == size

"""The arithmetic of every seat of 2019 and 2017 comes to the official results, without a desk."""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import pytest

from results.arithmetic import (
    BallotCounts,
    Candidacy,
    Holder,
    Outcome,
    SeatWon,
    Tally,
    compute_contribution,
    compute_outcome,
    seats_won,
)
from results.exchange import commons_library
from results.exchange.commons_library import LibrarySeat
from results.exchange.elections import UK_ZONE
from results.words.majority_sentences import majority_sentence
from results.words.party_names import PartyName, PartyNames
from tests.real_nights.conftest import YEARS, files_of
from tests.real_nights.official import LABELS, OFFICIAL, SUMS
from tests.real_nights.some_seats import Row, rows_of

NAMES = PartyNames({"con": PartyName("con", "Conservative", "Conservatives", "Con")})


@dataclass(frozen=True, slots=True)
class Seat:
    """The Library's row of a seat, and what the arithmetic makes of its candidates' votes."""

    row: Row
    outcome: Outcome
    won: SeatWon
    tally: Tally


@pytest.fixture(scope="module", params=YEARS)
def year(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def seats(year: str, election_data: Path) -> list[Seat]:
    now, before = files_of(year, election_data)
    rows = {row["ons_id"]: row for row in rows_of(now[0])}
    held = {seat.code: _holder(seat) for seat in commons_library.read(before, UK_ZONE).seats}
    edition = commons_library.read(now, UK_ZONE)
    return [_seat(seat, rows[seat.code], held[seat.code]) for seat in edition.seats]


def _candidacies(seat: LibrarySeat) -> list[Candidacy]:
    return [
        Candidacy(id=number, label=LABELS.get(row.abbreviation, row.abbreviation or row.party))
        for number, row in enumerate(seat.candidates)
    ]


def _outcome(seat: LibrarySeat) -> Outcome:
    votes = {number: row.votes for number, row in enumerate(seat.candidates)}
    return compute_outcome(BallotCounts(votes=votes), seats=1, ballot_order=list(votes))


def _holder(seat: LibrarySeat) -> Holder:
    (elected,) = _outcome(seat).elected
    return Holder(label=_candidacies(seat)[elected].label)


def _seat(seat: LibrarySeat, row: Row, holder: Holder) -> Seat:
    candidacies, outcome = _candidacies(seat), _outcome(seat)
    (won,) = seats_won([candidacies[pk] for pk in outcome.elected], [holder])
    tally = compute_contribution(
        *(outcome, candidacies, [won], None),
        holders=[holder],
        rejected=seat.rejected,
        electorate=seat.electorate,
    )
    return Seat(row, outcome, won, tally)


def test_every_seat_is_as_the_library_has_it(seats: list[Seat]) -> None:
    """Winner, majority, valid votes, and whether it changed hands."""
    assert len(seats) == 650
    for seat in seats:
        name = seat.row["constituency_name"]
        assert seat.won.label == LABELS[seat.row["first_party"]], name
        assert seat.outcome.majority == int(seat.row["majority"]), name
        assert (not seat.won.hold) == ("gain" in seat.row["result"]), name
        for sum_of, column in SUMS.items():
            assert getattr(seat.tally, sum_of) == int(seat.row[column]), name


def test_who_lost_a_seat_is_as_the_library_has_it(seats: list[Seat]) -> None:
    for seat in seats:
        _winner, _gain, loser = seat.row["result"].partition(" gain from ")
        if loser:
            assert seat.won.gained_from == LABELS[loser.removesuffix(" Coop")], seat.row


def test_votes_of_parties_are_as_the_library_has_them(seats: list[Seat]) -> None:
    for label in ("con", "lab", "ld", "green", "snp", "pc", "dup", "sf", "sdlp", "uup", "alliance"):
        for seat in seats:
            party = seat.tally.parties.get(label)
            assert (party.votes if party else 0) == int(seat.row[label]), (seat.row, label)


def test_totals_are_official(seats: list[Seat], year: str) -> None:
    official = OFFICIAL[year]
    tally = reduce(Tally.plus, (seat.tally for seat in seats))
    won = {label: party.seats for label, party in tally.parties.items() if party.seats}
    assert won == official.seats == Counter(seat.won.label for seat in seats)
    assert {name: getattr(tally, name) for name in SUMS}.items() >= official.sums.items()
    assert sum(party.gains for party in tally.parties.values()) == official.changes
    assert sum(party.losses for party in tally.parties.values()) == official.changes
    assert majority_sentence(tally, 650, NAMES, chamber="the House", passed_at="").startswith(
        official.house
    )

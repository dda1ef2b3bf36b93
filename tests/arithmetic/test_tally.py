"""The night's tally: exact, in any order, and taken away as it was added."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from results.arithmetic import (
    BallotCounts,
    Candidacy,
    Holder,
    LastTime,
    LastVote,
    PartyTally,
    Tally,
    compute_contribution,
    compute_outcome,
    house_majority,
    majority_threshold,
    seats_won,
    still_possible,
)

PAPER = (Candidacy(id=1, label="lab"), Candidacy(id=2, label="con"), Candidacy(id=3, label="new"))
THEN = LastTime(
    votes=(LastVote(label="lab", votes=600), LastVote(label="con", votes=400)),
    holders=(Holder(label="lab"),),
    valid=1000,
)


def added(*votes, winners=(), last=THEN):
    ballot_counts = BallotCounts(votes=dict(enumerate(votes, start=1)), winners=winners)
    outcome = compute_outcome(ballot_counts, seats=1, ballot_order=[1, 2, 3])
    elected = [one for one in PAPER if one.id in outcome.elected]
    results = seats_won(elected, last.holders if last else None)
    return compute_contribution(outcome, PAPER, results, last, rejected=5, electorate=2000)


def test_a_gain_is_anothers_loss():
    tally = added(300, 500, 200)
    assert (tally.parties["con"].seats, tally.parties["con"].gains, tally.parties["con"].net) == (
        1,
        1,
        1,
    )
    assert (tally.parties["lab"].losses, tally.parties["lab"].net) == (1, -1)
    assert (tally.seats, tally.complete, tally.valid, tally.electorate) == (1, 1, 1000, 2000)


def test_a_partial_result_counts_as_a_seat_and_never_as_votes():
    tally = added(None, 500, None, winners=(2,))
    assert (tally.seats, tally.contests, tally.complete, tally.valid) == (1, 1, 0, 0)
    assert tally.parties["con"] == PartyTally(seats=1, gains=1)
    assert tally.share("con") is None


def test_change_of_share_compares_the_same_seats():
    tally = added(300, 500, 200).plus(added(700, 200, 100, last=None))
    assert tally.share("lab") == Fraction(1000, 2000)
    assert tally.share_change("lab") == Fraction(300, 1000) - Fraction(600, 1000)
    assert tally.share_change("new") is None
    assert tally.share_change("nobody") is None


contributions = st.tuples(*[st.integers(0, 999)] * 3).filter(lambda v: len(set(v)) == 3)


@given(st.lists(contributions, max_size=6), st.randoms())
def test_any_order_comes_to_the_same_and_can_be_taken_back(votes, chance):
    parts = [added(*each) for each in votes]
    whole = Tally()
    for part in parts:
        whole = whole.plus(part)
    shuffled, other = parts[:], Tally()
    chance.shuffle(shuffled)
    for part in shuffled:
        other = other.plus(part)
    assert other == whole
    for part in parts:
        other = other.minus(part)
    assert other == Tally()


@given(contributions)
def test_json_keeps_it(votes):
    tally = added(*votes)
    assert Tally.from_json(tally.to_json()) == tally


def test_the_line_and_the_majority_of_a_house():
    assert [majority_threshold(seats) for seats in (650, 651, 2, 1)] == [326, 326, 2, 1]
    assert house_majority(365, 650) == 80
    assert house_majority(326, 650) == 2
    assert still_possible(added(300, 500, 200), "con", 650) == 650
    assert still_possible(added(300, 500, 200), "lab", 650) == 649

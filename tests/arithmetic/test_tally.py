"""The tally: exact, in any order, and subtracted as it was added."""

from fractions import Fraction
from random import Random

from hypothesis import given, strategies as st

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

CANDIDACIES = (
    Candidacy(id=1, label="lab"),
    Candidacy(id=2, label="con"),
    Candidacy(id=3, label="new"),
)
THEN = LastTime(
    votes=(LastVote(label="lab", votes=600), LastVote(label="con", votes=400)),
    holders=(Holder(label="lab"),),
    valid=1000,
)


def contribution(
    *votes: int | None, winners: tuple[int, ...] = (), last: LastTime | None = THEN
) -> Tally:
    ballot_counts = BallotCounts(votes=dict(enumerate(votes, start=1)), winners=winners)
    outcome = compute_outcome(ballot_counts, seats=1, ballot_order=[1, 2, 3])
    elected = [candidacy for candidacy in CANDIDACIES if candidacy.id in outcome.elected]
    results = seats_won(elected, last.holders if last else None)
    return compute_contribution(outcome, CANDIDACIES, results, last, rejected=5, electorate=2000)


def test_counts_a_gain_and_a_loss() -> None:
    tally = contribution(300, 500, 200)
    con, lab = tally.parties["con"], tally.parties["lab"]
    assert (con.seats, con.gains, con.net) == (1, 1, 1)
    assert (lab.losses, lab.net) == (1, -1)
    assert (tally.seats, tally.complete, tally.valid, tally.electorate) == (1, 1, 1000, 2000)


def test_winner_only_counts_as_a_seat_and_no_votes() -> None:
    tally = contribution(None, 500, None, winners=(2,))
    assert (tally.seats, tally.contests, tally.complete, tally.valid) == (1, 1, 0, 0)
    assert tally.parties["con"] == PartyTally(seats=1, gains=1)
    assert tally.share("con") is None


def test_change_of_share_compares_the_same_contests() -> None:
    tally = contribution(300, 500, 200).plus(contribution(700, 200, 100, last=None))
    assert tally.share("lab") == Fraction(1000, 2000)
    assert tally.share_change("lab") == Fraction(300, 1000) - Fraction(600, 1000)
    assert tally.share_change("new") is None
    assert tally.share_change("nobody") is None


VOTES = st.tuples(*[st.integers(0, 999)] * 3).filter(lambda votes: len(set(votes)) == 3)


@given(st.lists(VOTES, max_size=6), st.randoms())
def test_is_the_same_in_any_order_and_can_be_subtracted(
    votes: list[tuple[int, ...]], random: Random
) -> None:
    parts = [contribution(*totals) for totals in votes]
    tally = Tally()
    for part in parts:
        tally = tally.plus(part)
    shuffled, other = parts[:], Tally()
    random.shuffle(shuffled)
    for part in shuffled:
        other = other.plus(part)
    assert other == tally
    for part in parts:
        other = other.minus(part)
    assert other == Tally()


@given(VOTES)
def test_survives_json(votes: tuple[int, ...]) -> None:
    tally = contribution(*votes)
    assert Tally.from_json(tally.to_json()) == tally


def test_majority_threshold_and_majority() -> None:
    assert [majority_threshold(seats) for seats in (650, 651, 2, 1)] == [326, 326, 2, 1]
    assert house_majority(365, 650) == 80
    assert house_majority(326, 650) == 2


def test_vacant_and_postponed_seats_are_no_sides_in_a_majority() -> None:
    # 2005: Labour won 355 of 645 seats filled on the day, and South Staffordshire was postponed.
    assert house_majority(355, 646, without_member=1) == 65
    assert Tally(seats=645, vacant=2, postponed=3).without_member == 5
    assert still_possible(contribution(300, 500, 200), "con", 650) == 650
    assert still_possible(contribution(300, 500, 200), "lab", 650) == 649

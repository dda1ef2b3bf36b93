"""The outcome of one contest: winners, majority, deposits, ties, turnout."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from results.arithmetic import BallotCounts, Outcome, Undecided, compute_outcome

ISLINGTON = {1: 5483, 2: 34603, 3: 742, 4: 236, 5: 4326, 6: 8415}


def outcome(votes: Mapping[int, int | None], seats: int = 1, **more: Any) -> Outcome:
    deposits = more.pop("deposits", True)
    ballot_counts = BallotCounts(votes=votes, **more)
    return compute_outcome(ballot_counts, seats=seats, ballot_order=list(votes), deposits=deposits)


def test_computes_a_real_result() -> None:
    result = outcome(ISLINGTON, rejected=227, electorate=75162)
    assert result.elected == (2,)
    assert [row.candidate for row in result.candidate_results] == [2, 6, 1, 5, 3, 4]
    assert (result.valid, result.papers, result.majority) == (53805, 54032, 26188)
    assert result.turnout_valid == Fraction(53805, 75162)
    assert result.turnout_ballots == Fraction(54032, 75162)
    assert [row.candidate for row in result.candidate_results if row.lost_deposit] == [3, 4]
    assert not result.by_lot


@pytest.mark.parametrize(("votes", "lost"), [(50, True), (51, False), (49, True), (0, True)])
def test_deposit_is_lost_with_one_vote_in_twenty_or_fewer(votes: int, lost: bool) -> None:
    results = outcome({1: 1000 - votes, 2: votes}).candidate_results
    assert results[1].lost_deposit is lost


def test_deposit_is_not_rounded() -> None:
    results = outcome({1: 95003, 2: 4997}).candidate_results  # 4.997%, printed as 5.0
    assert results[1].lost_deposit


def test_no_deposit_is_lost_without_deposits_or_by_a_winner() -> None:
    assert outcome({1: 999, 2: 1}, deposits=False).candidate_results[1].lost_deposit is None
    many = {number: 10 + (number == 1) for number in range(1, 30)}
    assert outcome(many).candidate_results[0].lost_deposit is False


class TestTies:
    def test_across_the_only_seat_needs_a_lot(self) -> None:
        with pytest.raises(Undecided) as undecided:
            outcome({1: 10, 2: 10, 3: 5})
        assert (undecided.value.tied, undecided.value.seats) == ((1, 2), 1)

    def test_is_decided_by_lot(self) -> None:
        result = outcome({1: 10, 2: 10, 3: 5}, lot=(2,))
        assert result.elected == (2,)
        assert (result.majority, result.by_lot, result.runner_up) == (0, True, 1)
        assert [row.rank for row in result.candidate_results] == [1, 1, 3]

    @pytest.mark.parametrize("lot", [(3,), (1, 2)])
    def test_is_not_decided_by_another_lot(self, lot: tuple[int, ...]) -> None:
        with pytest.raises(Undecided):
            outcome({1: 10, 2: 10, 3: 5}, lot=lot)

    def test_below_the_last_seat_needs_no_lot(self) -> None:
        result = outcome({1: 10, 2: 5, 3: 5})
        assert (result.majority, result.by_lot) == (5, False)

    def test_between_elected_candidates_needs_no_lot(self) -> None:
        result = outcome({1: 10, 2: 10, 3: 5}, seats=2)
        assert (result.elected, result.majority) == ((1, 2), 5)

    def test_across_the_last_of_several_seats_needs_a_lot(self) -> None:
        votes = {1: 20, 2: 10, 3: 10, 4: 10}
        with pytest.raises(Undecided) as undecided:
            outcome(votes, seats=2)
        assert (undecided.value.tied, undecided.value.seats) == ((2, 3, 4), 1)
        assert outcome(votes, seats=2, lot=(4,)).elected == (1, 4)


class TestSeveralSeats:
    def test_majority_is_between_last_elected_and_first_not_elected(self) -> None:
        result = outcome({1: 700, 2: 900, 3: 800, 4: 100}, seats=2)
        assert (result.elected, result.majority) == ((2, 3), 100)

    def test_turnout_needs_ballot_papers(self) -> None:
        bare = outcome({1: 700, 2: 900, 3: 800}, seats=2, electorate=2000, rejected=10)
        assert bare.turnout_ballots is bare.turnout_valid is None
        known = outcome({1: 700, 2: 900}, seats=2, electorate=2000, rejected=10, papers=1000)
        assert known.turnout_ballots == Fraction(1, 2)
        assert known.turnout_valid == Fraction(990, 2000)

    def test_has_no_majority_where_everybody_is_elected(self) -> None:
        assert outcome({1: 7, 2: 9}, seats=2).majority is None


class TestWinnerOnly:
    def test_has_a_winner_and_no_sums(self) -> None:
        result = outcome({1: None, 2: 26897, 3: 9569}, winners=(2,))
        assert result.winner_only
        assert result.elected == (2,)
        assert [row.candidate for row in result.candidate_results] == [2, 3, 1]
        assert (result.valid, result.majority, result.turnout_valid) == (None, None, None)
        for row in result.candidate_results:
            assert (row.share, row.rank, row.lost_deposit) == (None, None, None)

    def test_winner_without_votes_comes_first(self) -> None:
        result = outcome({1: 500, 2: None}, winners=(2,))
        assert result.candidate_results[0].candidate == 2

    @pytest.mark.parametrize("winners", [(), (1, 2), (9,), (1, 1)])
    def test_needs_a_winner_for_each_seat(self, winners: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match=r"announced|candidates"):
            outcome({1: None, 2: None}, winners=winners)


def test_zero_votes_have_no_shares() -> None:
    empty = outcome({1: 0, 2: 0}, lot=(1,), electorate=0)
    assert empty.candidate_results[0].share is None
    assert empty.turnout_valid is None
    assert empty.majority_share is None


def test_refuses_votes_of_unknown_candidates() -> None:
    with pytest.raises(ValueError, match="candidates"):
        compute_outcome(BallotCounts(votes={1: 1, 9: 1}), seats=1, ballot_order=[1, 2])


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 50), min_size=1), st.integers(1, 4))
def test_elects_the_most_votes_whatever_they_are(votes: dict[int, int], seats: int) -> None:
    try:
        result = outcome(votes, seats=seats)
    except Undecided as tie:
        result = outcome(votes, seats=seats, lot=tie.tied[: tie.seats])
        assert result.majority == 0
    assert len(result.elected) == min(seats, len(votes))
    totals = [row.votes for row in result.candidate_results]
    assert totals == sorted(votes.values(), reverse=True)
    assert result.valid == sum(votes.values())
    least = min(votes[candidate] for candidate in result.elected)
    others = set(votes) - set(result.elected)
    assert all(votes[candidate] <= least for candidate in others)

"""Contests without a poll: elected unopposed, vacant seats, postponed polls."""

import pytest

from results.arithmetic import (
    BallotCounts,
    Candidacy,
    Holder,
    LastTime,
    MilestoneKind,
    Outcome,
    PartyTally,
    PollState,
    Tally,
    check_unopposed,
    compute_contribution,
    compute_outcome,
    poll_of,
    postponed_contribution,
    reached_milestones,
    seats_won,
    still_possible,
)


def unopposed(*candidates: int, seats: int) -> Outcome:
    counts = BallotCounts.of_unopposed(candidates)
    return compute_outcome(counts, seats=seats, ballot_order=candidates)


def contribution(*labels: str, seats: int, holders: tuple[str, ...] | None) -> Tally:
    candidacies = [Candidacy(id=number, label=label) for number, label in enumerate(labels)]
    outcome = unopposed(*(candidacy.id for candidacy in candidacies), seats=seats)
    held = None if holders is None else tuple(Holder(label=label) for label in holders)
    last = LastTime(valid=1000)
    return compute_contribution(
        outcome, candidacies, seats_won(candidacies, held), last, holders=held
    )


@pytest.mark.parametrize(
    ("cancelled", "candidates", "seats", "poll"),
    [
        (False, 2, 1, PollState.HELD),
        (True, 2, 1, PollState.POSTPONED),
        (True, 1, 1, PollState.UNOPPOSED),
        (True, 2, 2, PollState.UNOPPOSED),
        (True, 2, 3, PollState.UNOPPOSED),
        (True, 0, 2, PollState.UNOPPOSED),
        (False, 1, 1, PollState.UNMARKED),
        (False, 1, 3, PollState.UNMARKED),
    ],
)
def test_poll_by_mark_and_numbers(
    cancelled: bool, candidates: int, seats: int, poll: PollState
) -> None:
    assert poll_of(cancelled=cancelled, candidates=candidates, seats=seats) is poll


@pytest.mark.parametrize(("candidates", "seats", "vacant"), [(1, 1, 0), (2, 2, 0), (2, 3, 1)])
def test_everybody_is_elected_without_votes(candidates: int, seats: int, vacant: int) -> None:
    outcome = unopposed(*range(candidates), seats=seats)
    assert outcome.elected == tuple(range(candidates))
    assert (outcome.unopposed, outcome.vacancies, outcome.winner_only) == (True, vacant, False)
    assert (outcome.valid, outcome.majority, outcome.turnout_valid) == (None, None, None)
    for result in outcome.candidate_results:
        assert result.elected
        unknown = (result.votes, result.share, result.rank, result.lost_deposit)
        assert unknown == (None, None, None, None)


def test_nobody_stands_and_every_seat_is_vacant() -> None:
    outcome = unopposed(seats=2)
    assert (outcome.elected, outcome.vacancies) == ((), 2)


def test_more_candidates_than_seats_need_a_poll() -> None:
    with pytest.raises(ValueError, match="there is a poll"):
        unopposed(1, 2, seats=1)
    (message,) = check_unopposed(BallotCounts.of_unopposed((1, 2)), (1, 2), 1)
    assert message.code == "contested"
    (message,) = check_unopposed(BallotCounts.of_unopposed((1,)), (2,), 1)
    assert message.code == "unopposed_others"
    assert check_unopposed(BallotCounts.of_unopposed((1,)), (1,), 1) == ()


def test_counts_seats_and_no_votes() -> None:
    tally = contribution("lab", "con", seats=3, holders=("con", "con", "con"))
    assert (tally.contests, tally.seats, tally.unopposed, tally.vacant) == (1, 2, 2, 1)
    assert tally.complete == tally.valid == tally.last_valid == 0
    assert tally.parties["lab"] == PartyTally(seats=1, gains=1)
    # One seat lost to Labour, one to nobody.
    assert tally.parties["con"] == PartyTally(seats=1, losses=2)


def test_vacancy_is_no_loss_where_holders_are_not_known() -> None:
    tally = contribution("lab", seats=2, holders=None)
    assert tally.parties == {"lab": PartyTally(seats=1)}


def test_counts_are_subtracted_as_they_were_added() -> None:
    tally = contribution("lab", seats=2, holders=("con", "con")).plus(postponed_contribution(3))
    assert Tally.from_json(tally.to_json()) == tally
    assert tally.minus(tally) == Tally()


def test_json_of_an_ordinary_tally_names_only_what_the_first_release_knew() -> None:
    assert {"unopposed", "vacant", "postponed"}.isdisjoint(Tally(seats=5).to_json())


def test_seats_to_come_leave_out_vacant_and_postponed_ones() -> None:
    tally = Tally(seats=7, vacant=1, postponed=1, parties={"lab": PartyTally(seats=7)})
    assert (tally.to_come(10), tally.to_come(9)) == (1, 0)
    # Who takes a postponed seat is open; a vacant one is filled by another election.
    assert still_possible(tally, "lab", 10) == 9


def reached(tally: Tally, seats: int) -> set[MilestoneKind]:
    return {one.kind for one in reached_milestones(tally, seats, whole_house=True)}


def test_unopposed_seats_are_not_the_first_to_declare() -> None:
    parties = {"lab": PartyTally(seats=2)}
    assert reached(Tally(seats=2, unopposed=2, parties=parties), 10) == set()
    assert MilestoneKind.FIRST in reached(Tally(seats=3, unopposed=2, parties=parties), 10)


def test_every_seat_has_declared_but_those_postponed() -> None:
    parties = {"lab": PartyTally(seats=4), "con": PartyTally(seats=4)}
    night = Tally(seats=8, unopposed=1, vacant=1, postponed=1, parties=parties)
    assert MilestoneKind.ALL in reached(night, 10)
    assert MilestoneKind.NO_MAJORITY in reached(night, 10)
    five = Tally(seats=8, vacant=1, postponed=1, parties=parties | {"lab": PartyTally(seats=5)})
    # A postponed seat may still make the majority of 6.
    assert MilestoneKind.NO_MAJORITY not in reached(five, 10)


def test_party_that_is_only_unopposed_has_no_share() -> None:
    parties = {"lab": PartyTally(seats=1), "con": PartyTally(seats=1, votes=10, candidates=1)}
    tally = Tally(seats=2, unopposed=1, valid=10, parties=parties)
    assert tally.share("lab") is None
    assert tally.share("con") == 1

"""Every check of ballot counts, on both sides of its boundary."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from results.arithmetic import (
    BLOCK,
    NOTE,
    REASON,
    BallotCounts,
    Candidacy,
    Conditions,
    LastTime,
    LastVote,
    check_ballot_counts,
)
from results.arithmetic.known import Known

CANDIDACIES = tuple(
    Candidacy(id=n, label=label, name=label)
    for n, label in enumerate(["lab", "con", "ld"], start=1)
)
USUAL = Conditions(seats=1, candidacies=CANDIDACIES)
#: Turnout of 60%, nothing unusual.
FINE = BallotCounts(votes={1: 30000, 2: 20000, 3: 10000}, rejected=100, electorate=100000)


def codes(ballot_counts: BallotCounts, conditions: Conditions = USUAL, **more: Any) -> list[str]:
    return [message.code for message in check_ballot_counts(ballot_counts, conditions, **more)]


def last(**more: Any) -> LastTime:
    totals = {"lab": 30000, "con": 20000, "ld": 10000}
    votes = tuple(LastVote(label=label, votes=total) for label, total in totals.items())
    fields: dict[str, Any] = {"votes": votes, "valid": 60000, "electorate": 100000}
    return LastTime(**fields | more)


def knowing(**known: Any) -> Conditions:
    return replace(USUAL, known=Known(**known))


def voted(*votes: int | None, **more: Any) -> BallotCounts:
    return replace(FINE, votes=dict(enumerate(votes, start=1)), **more)


def test_usual_counts_have_no_messages() -> None:
    assert codes(FINE) == []
    assert codes(FINE, knowing(last=last())) == []


@pytest.mark.parametrize(
    ("ballot_counts", "code", "expected"),
    [
        (voted(30000, 20000, None), "votes_missing", True),
        (voted(30000, 20000, 0), "votes_missing", False),
        (voted(30000, 20000, -1), "votes_negative", True),
        (replace(FINE, electorate=60000, rejected=None), "sum_over_electorate", False),
        (replace(FINE, electorate=59999, rejected=None), "sum_over_electorate", True),
        (replace(FINE, electorate=60100), "papers_over_electorate", False),
        (replace(FINE, electorate=60099), "papers_over_electorate", True),
        (replace(FINE, papers=60000), "votes_over_papers", False),
        (replace(FINE, papers=59999), "votes_over_papers", True),
        (voted(30000, 30000, 10), "tie_needs_lot", True),
        (voted(30000, 30000, 10, lot=(2,)), "tie_needs_lot", False),
        (voted(30000, 30000, 10, lot=(3,)), "lot_not_tied", True),
        (voted(30000, 20000, 10, lot=(1,)), "lot_without_tie", True),
        (voted(30000, 30000, 10, lot=(1, 2)), "lot_not_tied", True),
        (replace(FINE, votes={**FINE.votes, 9: 1}), "unknown_candidate", True),
    ],
)
def test_blocks_impossible_counts(ballot_counts: BallotCounts, code: str, expected: bool) -> None:
    messages = check_ballot_counts(ballot_counts, USUAL)
    assert (code in [message.code for message in messages]) is expected
    if expected:
        assert all(message.level == BLOCK for message in messages)


def test_blocks_results_before_the_close_of_poll() -> None:
    assert codes(FINE, replace(USUAL, polls_closed=False)) == ["polls_open"]


@pytest.mark.parametrize(("winners", "expected"), [((), True), ((1,), False), ((1, 2), True)])
def test_winner_only_needs_a_winner_for_each_seat(winners: tuple[int, ...], expected: bool) -> None:
    counts = BallotCounts(votes={1: None, 2: None, 3: None}, winners=winners)
    assert ("winners_wrong" in codes(counts, winner_only=True)) is expected


@pytest.mark.parametrize(
    ("ballot_counts", "code", "expected"),
    [
        (replace(FINE, valid_announced=60000), "valid_announced_mismatch", False),
        (replace(FINE, valid_announced=60001), "valid_announced_mismatch", True),
        (voted(20000, 10000, 5000), "turnout_unusual", False),
        (voted(20000, 10000, 4999), "turnout_unusual", True),
        (voted(48000, 30000, 10000), "turnout_unusual", False),
        (voted(48000, 30000, 10001), "turnout_unusual", True),
        (replace(FINE, papers=60708), "papers_over_sum", True),
        (replace(FINE, papers=60707), "papers_over_sum", False),
        (replace(FINE, papers=60000, rejected=600), "papers_under_sum", False),
        (replace(FINE, papers=60000, rejected=601), "papers_under_sum", True),
        (replace(FINE, papers=61224, rejected=None), "papers_over_sum", False),
        (replace(FINE, papers=61225, rejected=None), "papers_over_sum", True),
        (replace(FINE, rejected=606), "rejected_high", False),
        (replace(FINE, rejected=607), "rejected_high", True),
        (replace(FINE, turnout_announced=Decimal("60.6")), "turnout_differs", False),
        (replace(FINE, turnout_announced=Decimal("60.7")), "turnout_differs", True),
        (replace(FINE, turnout_announced=Decimal("59.5")), "turnout_differs", False),
        (replace(FINE, turnout_announced=Decimal("59.4")), "turnout_differs", True),
        (replace(FINE, electorate=60000, rejected=0), "electorate_repeats", True),
        (voted(0, 0, 0, lot=(1,)), "all_zero", True),
    ],
)
def test_asks_about_unlikely_counts(ballot_counts: BallotCounts, code: str, expected: bool) -> None:
    asking = {m.code for m in check_ballot_counts(ballot_counts, USUAL) if m.level == REASON}
    assert (code in asking) is expected


@pytest.mark.parametrize(("rejected", "turnout"), [(None, "60.0"), (1000, "61.0")])
def test_turnout_beside_an_announced_one_is_of_all_ballots(
    rejected: int | None, turnout: str
) -> None:
    announced = replace(FINE, rejected=rejected, turnout_announced=Decimal(70))
    found = {m.code: m.params for m in check_ballot_counts(announced, USUAL)}
    assert found["turnout_differs"]["turnout"] == turnout


@pytest.mark.parametrize(("rejected", "turnout"), [(None, "10.0"), (1000, "11.0")])
def test_unusual_turnout_is_told_of_all_ballots(rejected: int | None, turnout: str) -> None:
    few = voted(5000, 3000, 2000, rejected=rejected)
    found = {m.code: m.params for m in check_ballot_counts(few, USUAL)}
    assert found["turnout_unusual"]["turnout"] == turnout


@pytest.mark.parametrize(
    ("ballot_counts", "code", "expected"),
    [
        (voted(25000, 24850, 10000), "close", True),  # 150 votes, but under half a per cent
        (voted(10150, 10000, 5000, electorate=50000), "close", False),
        (voted(10149, 10000, 5000, electorate=50000), "close", True),
        (replace(FINE, papers=60101), "papers_over_sum", True),
        (replace(FINE, papers=60100), "papers_over_sum", False),
        (replace(FINE, papers=60099), "papers_under_sum", True),
    ],
)
def test_notes_what_is_worth_showing(
    ballot_counts: BallotCounts, code: str, expected: bool
) -> None:
    noted = {m.code for m in check_ballot_counts(ballot_counts, USUAL) if m.level == NOTE}
    assert (code in noted) is expected


@pytest.mark.parametrize(
    ("conditions", "code", "expected"),
    [
        ({"known": Known(last=last(valid=68500))}, "turnout_far", False),
        ({"known": Known(last=last(valid=68501))}, "turnout_far", True),
        ({"known": Known(last=last(valid=51499))}, "turnout_far", True),
        ({"known": Known(electorate=90910)}, "electorate_differs", False),
        ({"known": Known(electorate=90909)}, "electorate_differs", True),
        ({"known": Known(last=last(electorate=83334))}, "electorate_differs", False),
        ({"known": Known(last=last(electorate=83333))}, "electorate_differs", True),
        ({"announced_winners": (1,)}, "winner_differs", False),
        ({"announced_winners": (2,)}, "winner_differs", True),
    ],
)
def test_warns_of_differences_from_what_was_known(
    conditions: dict[str, Any], code: str, expected: bool
) -> None:
    assert (code in codes(FINE, replace(USUAL, **conditions))) is expected


def test_warns_of_swapped_candidates() -> None:
    before = last(
        votes=(
            LastVote(label="lab", votes=35000),
            LastVote(label="con", votes=22000),
            LastVote(label="ld", votes=3000),
        )
    )
    swapped = voted(4000, 22000, 34000)
    assert "swapped" in codes(swapped, knowing(last=before))
    assert "swapped" not in codes(voted(34000, 22000, 4000), knowing(last=before))


def test_speakers_seat_may_have_many_rejected_ballots() -> None:
    speaker = (replace(CANDIDACIES[0], label="speaker"), *CANDIDACIES[1:])
    assert "rejected_high" not in codes(
        replace(FINE, rejected=2000), replace(USUAL, candidacies=speaker)
    )


class TestSeveralSeats:
    WARD = replace(USUAL, seats=2)

    def test_no_candidate_has_more_votes_than_ballot_papers(self) -> None:
        assert "candidate_over_total" in codes(voted(500, 400, 300, papers=499), self.WARD)
        assert "candidate_over_total" not in codes(voted(500, 400, 300, papers=500), self.WARD)

    def test_votes_may_exceed_the_electorate(self) -> None:
        many = voted(900, 800, 700, papers=1300, electorate=2000)
        messages = check_ballot_counts(many, self.WARD)
        assert not [message for message in messages if message.level == BLOCK]

    def test_ballot_papers_may_not_exceed_the_electorate(self) -> None:
        assert "papers_over_electorate" in codes(
            voted(900, 800, 700, papers=2001, electorate=2000), self.WARD
        )

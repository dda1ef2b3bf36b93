"""Comparing a result with the last one: shares, hold and gain, swing."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from results.arithmetic import (
    BallotCounts,
    Candidacy,
    Holder,
    LastTime,
    LastVote,
    Outcome,
    SeatWon,
    butler,
    compute_outcome,
    compute_swing,
    seats_won,
    share_changes,
    vote_changes,
)
from tests.present import present


def candidacies(*labels: str, people: Sequence[int | None] = ()) -> tuple[Candidacy, ...]:
    known = [*people, *[None] * len(labels)]
    return tuple(
        Candidacy(id=n, label=label, person=known[n - 1], name=f"C{n}")
        for n, label in enumerate(labels, start=1)
    )


def result(*votes: int, seats: int = 1) -> Outcome:
    numbered = dict(enumerate(votes, start=1))
    return compute_outcome(BallotCounts(votes=numbered), seats=seats, ballot_order=list(numbered))


def last(*votes: LastVote, valid: int | None = None, **more: Any) -> LastTime:
    total = valid or sum(vote.votes or 0 for vote in votes)
    return LastTime(votes=votes, holders=(), valid=total, **more)


def vote(label: str, votes: int | None = None, **more: Any) -> LastVote:
    return LastVote(label=label, votes=votes, **more)


class TestChangeOfShare:
    def test_is_a_difference_of_shares_of_valid_votes(self) -> None:
        then = last(vote("lab", 400), vote("con", 600))
        changes = share_changes(result(500, 500 - 1), candidacies("lab", "con"), then)
        assert changes[1] == Fraction(500, 999) - Fraction(2, 5)

    def test_is_none_where_the_party_did_not_stand(self) -> None:
        assert (
            share_changes(result(5, 4), candidacies("lab", "new"), last(vote("lab", 9)))[2] is None
        )
        assert share_changes(result(5, 4), candidacies("lab", "con"), None) == {1: None, 2: None}

    def test_compares_independents_by_person(self) -> None:
        now = candidacies("independent", "independent", people=(7, 8))
        then = last(vote("independent", 4, person=7), vote("independent", 6))
        changes = share_changes(result(5, 3), now, then)
        assert changes[1] == Fraction(5, 8) - Fraction(4, 10)
        assert changes[2] is None
        assert vote_changes(result(5, 3), now, then) == {1: 1, 2: None}

    def test_is_none_where_two_candidates_have_the_label(self) -> None:
        assert (
            share_changes(result(5, 3), candidacies("lab", "lab"), last(vote("lab", 9)))[1] is None
        )

    def test_sums_last_votes_of_one_label(self) -> None:
        then = last(vote("lab", 4), vote("lab", 1), vote("con", 5))
        assert share_changes(result(6, 4), candidacies("lab", "con"), then)[1] == Fraction(1, 10)

    def test_uses_notional_shares_without_votes(self) -> None:
        then = LastTime(votes=(vote("lab", share=Fraction(1, 2)),), holders=(), notional=True)
        changes = share_changes(result(6, 4), candidacies("lab", "con"), then)
        assert changes == {1: Fraction(1, 10), 2: None}
        assert vote_changes(result(6, 4), candidacies("lab", "con"), then)[1] is None


class TestHoldAndGain:
    def seat(
        self, label: str, *holders: tuple[str, int | None], person: int | None = None
    ) -> SeatWon:
        held = tuple(Holder(label=held_by, person=who) for held_by, who in holders)
        return seats_won([Candidacy(id=1, label=label, person=person)], held or None)[0]

    @pytest.mark.parametrize(
        ("label", "holder", "gained_from"),
        [
            ("lab", "lab", None),
            ("con", "lab", "lab"),
            ("speaker", "lab", "lab"),
            ("con", "speaker", "speaker"),
            ("speaker", "speaker", None),
            ("independent", "lab", "lab"),
        ],
    )
    def test_compares_the_label_of_one_seat(
        self, label: str, holder: str, gained_from: str | None
    ) -> None:
        won = self.seat(label, (holder, None))
        assert (won.hold, won.gained_from) == (gained_from is None, gained_from)

    def test_independent_holds_only_their_own_seat(self) -> None:
        assert self.seat("independent", ("independent", 7), person=7).hold
        other = self.seat("independent", ("independent", 7), person=8)
        assert (other.hold, other.gained_from) == (False, "independent")

    def test_independent_gains_the_seat_they_held_for_a_party(self) -> None:
        won = self.seat("independent", ("lab", 7), person=7)
        assert (won.hold, won.gained_from, won.same_person) == (False, "lab", True)

    def test_seat_without_holder_is_new(self) -> None:
        won = self.seat("lab")
        assert (won.hold, won.gained_from, won.new) == (False, None, True)

    def test_label_holds_as_many_seats_as_it_had(self) -> None:
        elected = candidacies("lab", "con", "con")
        held = [Holder(label="lab"), Holder(label="lab"), Holder(label="con")]
        won = seats_won(elected, held)
        assert [(seat.hold, seat.gained_from) for seat in won] == [
            (True, None),
            (True, None),
            (False, "lab"),
        ]

    def test_names_no_loser_where_several_lost_a_seat(self) -> None:
        held = [Holder(label="ld"), Holder(label="lab")]
        assert [seat.gained_from for seat in seats_won(candidacies("con", "con"), held)] == [
            None,
            None,
        ]


class TestSwing:
    def test_butler_swing_is_half_of_rise_and_fall(self) -> None:
        assert butler(*(Fraction(n, 100) for n in (45, 40, 35, 43))) == Fraction(13, 200)

    def test_is_between_the_two_leaders_of_both_elections(self) -> None:
        then = last(vote("lab", 600), vote("con", 300), vote("ld", 100))
        swing = present(compute_swing(result(450, 500, 50), candidacies("lab", "con", "ld"), then))
        assert (swing.from_label, swing.to_label, swing.points) == (
            "lab",
            "con",
            Fraction(175, 1000),
        )

    @pytest.mark.parametrize(
        ("labels", "then"),
        [
            (("lab", "ld"), ("lab", "con")),
            (("speaker", "lab"), ("speaker", "lab")),
            (("independent", "lab"), ("independent", "lab")),
        ],
    )
    def test_is_none_for_other_leaders_or_no_party(
        self, labels: tuple[str, str], then: tuple[str, str]
    ) -> None:
        before = last(vote(then[0], 600), vote(then[1], 300))
        assert compute_swing(result(500, 400), candidacies(*labels), before) is None

    def test_is_none_without_last_result_or_with_several_seats(self) -> None:
        before = last(vote("lab", 600), vote("con", 300))
        assert compute_swing(result(5, 4), candidacies("lab", "con"), None) is None
        assert (
            compute_swing(result(5, 4, 3, seats=2), candidacies("lab", "con", "ld"), before) is None
        )

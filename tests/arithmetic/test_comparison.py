"""What a result changes: shares, hold and gain, swing."""

from fractions import Fraction

import pytest

from results.arithmetic import (
    BallotCounts,
    Candidacy,
    Holder,
    LastTime,
    LastVote,
    butler,
    compute_outcome,
    compute_swing,
    seats_won,
    share_changes,
    vote_changes,
)


def paper(*labels, people=()):
    people = [*people, *[None] * len(labels)]
    return tuple(
        Candidacy(id=n, label=label, person=people[n - 1], name=f"C{n}")
        for n, label in enumerate(labels, start=1)
    )


def result(*votes, seats=1):
    numbered = dict(enumerate(votes, start=1))
    return compute_outcome(BallotCounts(votes=numbered), seats=seats, ballot_order=list(numbered))


def last(*votes, valid=None, **more):
    total = valid or sum(vote.votes or 0 for vote in votes)
    return LastTime(votes=votes, holders=(), valid=total, **more)


def vote(label, votes=None, **more):
    return LastVote(label=label, votes=votes, **more)


class TestChangeOfShare:
    def test_is_in_points_of_valid_votes(self):
        then = last(vote("lab", 400), vote("con", 600))
        changes = share_changes(result(500, 500 - 1), paper("lab", "con"), then)
        assert changes[1] == Fraction(500, 999) - Fraction(2, 5)

    def test_is_blank_where_the_party_did_not_stand(self):
        assert share_changes(result(5, 4), paper("lab", "new"), last(vote("lab", 9)))[2] is None
        assert share_changes(result(5, 4), paper("lab", "con"), None) == {1: None, 2: None}

    def test_compares_independents_by_person_alone(self):
        now = paper("independent", "independent", people=(7, 8))
        then = last(vote("independent", 4, person=7), vote("independent", 6))
        changes = share_changes(result(5, 3), now, then)
        assert changes[1] == Fraction(5, 8) - Fraction(4, 10)
        assert changes[2] is None
        assert vote_changes(result(5, 3), now, then) == {1: 1, 2: None}

    def test_is_blank_where_two_carry_the_label_now(self):
        assert share_changes(result(5, 3), paper("lab", "lab"), last(vote("lab", 9)))[1] is None

    def test_sums_two_of_a_label_last_time(self):
        then = last(vote("lab", 4), vote("lab", 1), vote("con", 5))
        assert share_changes(result(6, 4), paper("lab", "con"), then)[1] == Fraction(1, 10)

    def test_takes_notional_shares_where_votes_are_not_known(self):
        then = LastTime(votes=(vote("lab", share=Fraction(1, 2)),), holders=(), notional=True)
        changes = share_changes(result(6, 4), paper("lab", "con"), then)
        assert changes == {1: Fraction(1, 10), 2: None}
        assert vote_changes(result(6, 4), paper("lab", "con"), then)[1] is None


class TestHoldAndGain:
    def one(self, label, *holders, person=None):
        held = tuple(Holder(label=one, person=who) for one, who in holders)
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
    def test_of_one_seat(self, label, holder, gained_from):
        won = self.one(label, (holder, None))
        assert (won.hold, won.gained_from) == (gained_from is None, gained_from)

    def test_an_independent_holds_only_what_the_same_person_held(self):
        assert self.one("independent", ("independent", 7), person=7).hold
        other = self.one("independent", ("independent", 7), person=8)
        assert (other.hold, other.gained_from) == (False, "independent")

    def test_a_member_who_left_the_party_gains_from_it_and_is_the_same_person(self):
        won = self.one("independent", ("lab", 7), person=7)
        assert (won.hold, won.gained_from, won.same_person) == (False, "lab", True)

    def test_a_new_seat_is_neither(self):
        won = self.one("lab")
        assert (won.hold, won.gained_from, won.new) == (False, None, True)

    def test_several_seats(self):
        elected = paper("lab", "con", "con")
        held = [Holder(label="lab"), Holder(label="lab"), Holder(label="con")]
        won = seats_won(elected, held)
        assert [(one.hold, one.gained_from) for one in won] == [
            (True, None),
            (True, None),
            (False, "lab"),
        ]

    def test_several_losers_are_not_told_apart(self):
        held = [Holder(label="ld"), Holder(label="lab")]
        assert [one.gained_from for one in seats_won(paper("con", "con"), held)] == [None, None]


class TestSwing:
    def test_is_half_of_the_rise_and_the_fall(self):
        assert butler(*(Fraction(n, 100) for n in (45, 40, 35, 43))) == Fraction(13, 200)

    def test_between_the_two_that_led_both_times(self):
        then = last(vote("lab", 600), vote("con", 300), vote("ld", 100))
        swing = compute_swing(result(450, 500, 50), paper("lab", "con", "ld"), then)
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
    def test_means_nothing_otherwise(self, labels, then):
        before = last(vote(then[0], 600), vote(then[1], 300))
        assert compute_swing(result(500, 400), paper(*labels), before) is None

    def test_means_nothing_without_a_last_time_or_with_several_seats(self):
        before = last(vote("lab", 600), vote("con", 300))
        assert compute_swing(result(5, 4), paper("lab", "con"), None) is None
        assert compute_swing(result(5, 4, 3, seats=2), paper("lab", "con", "ld"), before) is None

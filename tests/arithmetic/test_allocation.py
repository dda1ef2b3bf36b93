"""D'Hondt: who is elected from lists, with the seats of constituencies counted."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from results.arithmetic import (
    INDEPENDENT,
    Allocation,
    BallotCounts,
    Candidacy,
    Constituencies,
    ElectoralSystem,
    Method,
    Outcome,
    TieRule,
    Undecided,
    compute_outcome,
    lists_of,
)


def ballot(**sizes: int) -> list[Candidacy]:
    """Lists of so many candidates by label, with ids such as 101, 102; "i…" is an independent."""
    return [
        Candidacy(
            id=100 * (place + 1) + position,
            label=INDEPENDENT if label.startswith("i") else label,
            list_position=position,
        )
        for place, (label, size) in enumerate(sizes.items())
        for position in range(1, size + 1)
    ]


def outcome(
    candidacies: list[Candidacy], votes: Mapping[int, int | None], seats: int, **more: Any
) -> Outcome:
    lot, won = more.pop("lot", ()), more.pop("constituencies", None)
    system = ElectoralSystem(
        method=Method.LISTS,
        lists=lists_of(candidacies),
        region=won is not None,
        open_ties=won is not None,
        **more,
    )
    return compute_outcome(
        BallotCounts(votes=votes, lot=lot, constituencies=won),
        seats=seats,
        ballot_order=[candidacy.id for candidacy in candidacies],
        system=system,
    )


def allocation_of(result: Outcome) -> Allocation:
    assert result.allocation is not None
    return result.allocation


def labels(result: Outcome, candidacies: list[Candidacy]) -> list[str]:
    by_id = {candidacy.id: candidacy.label for candidacy in candidacies}
    return [by_id[candidate] for candidate in result.elected]


class TestRealRegions:
    def test_north_east_scotland_1999(self) -> None:
        """The worked example of the Explanatory Notes to section 8 of the Scotland Act 1998."""
        lists = ballot(lab=12, ld=12, snp=12, con=12, green=12)
        votes = {101: 72666, 201: 49843, 301: 92329, 401: 52149, 501: 8067}
        won = Constituencies(won={"lab": 4, "ld": 3, "snp": 2})
        result = outcome(lists, votes, 7, constituencies=won)
        assert labels(result, lists) == ["con", "snp", "con", "snp", "snp", "con", "snp"]
        figures = [int(seat.figure) for seat in allocation_of(result).seats]
        assert figures == [52149, 30776, 26074, 23082, 18465, 17383, 15388]
        assert result.elected == (401, 301, 402, 302, 303, 403, 304)

    def test_london_2021(self) -> None:
        lists = ballot(lab=20, con=20, green=20, ld=20)
        votes = {101: 986609, 201: 795081, 301: 305452, 401: 189622}
        won = Constituencies(won={"lab": 9, "con": 5})
        result = outcome(lists, votes, 11, constituencies=won, threshold=Fraction(1, 20))
        names = labels(result, lists)
        assert {label: names.count(label) for label in names} == {
            "green": 3,
            "ld": 2,
            "con": 4,
            "lab": 2,
        }
        assert names[0] == "green"


class TestLists:
    def test_are_a_partys_in_the_order_of_their_positions(self) -> None:
        candidacies = [
            Candidacy(id=1, label="red", list_position=2),
            Candidacy(id=2, label="blue"),
            Candidacy(id=3, label="red", list_position=1),
            Candidacy(id=4, label=INDEPENDENT),
            Candidacy(id=5, label=INDEPENDENT),
        ]
        found = [each.candidates for each in lists_of(candidacies)]
        assert found == [(3, 1), (2,), (4,), (5,)]

    def test_votes_stay_with_the_list_when_its_order_changes(self) -> None:
        lists = ballot(red=2, blue=2)
        assert outcome(lists, {102: 10, 201: 9}, 1).elected == (101,)

    def test_one_that_is_used_up_takes_no_more_seats(self) -> None:
        lists = ballot(red=1, blue=3)
        assert outcome(lists, {101: 900, 201: 100}, 3).elected == (101, 201, 202)

    def test_seats_are_vacant_where_all_are_used_up(self) -> None:
        result = outcome(ballot(red=1, blue=1), {101: 900, 201: 100}, 3)
        assert (result.elected, result.vacancies, result.to_fill) == ((101, 201), 1, 0)

    def test_without_votes_has_no_seat(self) -> None:
        result = outcome(ballot(red=1, blue=3), {101: 9, 201: 0}, 2)
        assert (result.elected, result.vacancies) == ((101,), 1)

    def test_skips_who_won_a_constituency(self) -> None:
        won = Constituencies(won={"red": 1}, elected=(101,))
        result = outcome(ballot(red=3, blue=3), {101: 300, 201: 100}, 3, constituencies=won)
        # 300/2 = 150, then 300/3 = 100 and 100/1 = 100: both have a seat.
        assert result.elected == (102, 103, 201)

    def test_an_independents_votes_are_never_divided(self) -> None:
        lists = ballot(red=3, i1=1, i2=1)
        won = Constituencies(won={"red": 1, INDEPENDENT: 2}, elected=(301,))
        result = outcome(lists, {101: 300, 201: 90, 301: 80}, 3, constituencies=won)
        # 300/2, 300/3, then 90 before 300/4; the other has a constituency.
        assert result.elected == (101, 102, 201)

    def test_below_the_threshold_takes_no_part(self) -> None:
        lists = ballot(red=12, blue=12, green=12)
        at = outcome(lists, {101: 700, 201: 250, 301: 50}, 19, threshold=Fraction(1, 20))
        below = outcome(lists, {101: 701, 201: 250, 301: 49}, 19, threshold=Fraction(1, 20))
        assert (301 in at.elected, allocation_of(at).below_threshold) == (True, ())
        assert (301 in below.elected, allocation_of(below).below_threshold) == (False, (301,))


class TestTies:
    def test_that_all_can_have_a_seat_need_no_lot(self) -> None:
        result = outcome(ballot(red=2, blue=2), {101: 50, 201: 50}, 2)
        assert (result.elected, result.by_lot) == ((101, 201), False)
        assert allocation_of(result).tied == ()

    def test_for_the_last_seat_needs_a_lot(self) -> None:
        # 120/2 = 60 and 60/1.
        with pytest.raises(Undecided) as undecided:
            outcome(ballot(red=2, blue=2), {101: 120, 201: 60}, 2)
        assert (undecided.value.tied, undecided.value.seats) == ((101, 201), 1)

    def test_records_that_a_lot_settled_it(self) -> None:
        result = outcome(ballot(red=2, blue=2), {101: 120, 201: 60}, 2, lot=(201,))
        assert (result.elected, result.by_lot) == ((101, 201), True)
        assert allocation_of(result).tied == (101, 201)
        assert allocation_of(result).seats[-1].settled_by is TieRule.LOT
        assert allocation_of(result).missed == (101, Fraction(60))

    def test_in_london_is_settled_by_one_vote_more(self) -> None:
        # 121/2 is more than … 60 with one more is 61/1.
        rule = TieRule.ONE_VOTE_MORE
        result = outcome(ballot(red=2, blue=2), {101: 120, 201: 60}, 2, tie_rule=rule)
        assert (result.elected, result.by_lot) == ((101, 201), False)
        assert allocation_of(result).seats[-1].settled_by is rule

    def test_in_london_is_settled_by_lot_where_one_vote_more_ties_again(self) -> None:
        lists = ballot(red=2, blue=2, green=2)
        votes = {101: 60, 201: 60, 301: 60}
        with pytest.raises(Undecided) as undecided:
            outcome(lists, votes, 2, tie_rule=TieRule.ONE_VOTE_MORE)
        assert (undecided.value.tied, undecided.value.seats) == ((101, 201, 301), 2)
        result = outcome(lists, votes, 2, tie_rule=TieRule.ONE_VOTE_MORE, lot=(101, 301))
        assert (result.elected, result.by_lot) == ((101, 301), True)


class TestOutcome:
    def test_has_votes_and_shares_of_lists_and_no_majority(self) -> None:
        result = outcome(ballot(red=2, blue=1), {101: 60, 201: 40}, 2)
        rows = [(row.candidate, row.votes, row.elected) for row in result.candidate_results]
        assert rows == [(101, 60, True), (102, None, False), (201, 40, True)]
        assert result.candidate_results[0].share == Fraction(60, 100)
        assert (result.majority, result.runner_up, result.valid) == (None, None, 100)

    def test_of_a_region_waits_for_its_constituencies(self) -> None:
        won = Constituencies(won={"red": 3}, awaited=1)
        result = outcome(ballot(red=2, blue=2), {101: 60, 201: 40}, 2, constituencies=won)
        assert (result.elected, result.to_fill, result.allocation) == ((), 2, None)
        assert result.candidate_results[0].share == Fraction(60, 100)

    def test_deposit_is_lost_by_a_list_without_a_seat(self) -> None:
        lists = ballot(red=9, blue=1, green=1)
        votes = {101: 925, 201: 50, 301: 25}
        lost = {
            row.candidate
            for row in outcome(lists, votes, 1, list_deposit=Fraction(1, 40)).candidate_results
            if row.lost_deposit
        }
        assert lost == {301}

    def test_before_all_votes_are_known_names_who_was_announced(self) -> None:
        lists = ballot(red=2, blue=1)
        counts = BallotCounts.of_winners([101, 102, 201], [201, 101])
        result = compute_outcome(
            counts,
            seats=2,
            ballot_order=[101, 102, 201],
            system=ElectoralSystem(method=Method.LISTS, lists=lists_of(lists)),
        )
        assert (result.elected, result.winner_only) == ((101, 201), True)


def test_a_tie_in_a_region_leaves_its_seats_open_until_the_lot_is_known() -> None:
    won = Constituencies(won={"red": 1})
    lists, votes = ballot(red=3, blue=3), {101: 120, 201: 60}
    result = outcome(lists, votes, 1, constituencies=won)
    assert (result.elected, result.to_fill, allocation_of(result).tied) == ((), 1, (101, 201))
    assert outcome(lists, votes, 1, constituencies=won, lot=(201,)).elected == (201,)

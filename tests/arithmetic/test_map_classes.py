"""The classes that a map cuts majorities, swings and turnouts into."""

from fractions import Fraction

import pytest

from results.arithmetic import (
    PartyTally,
    Tally,
    majority_class,
    swing_between,
    swing_class,
    turnout_class,
    two_largest,
)


@pytest.mark.parametrize(
    ("majority", "valid", "step"),
    [(0, 1000, 1), (49, 1000, 1), (50, 1000, 2), (149, 1000, 2), (150, 1000, 3), (300, 1000, 4)],
)
def test_majorities_are_cut_at_5_15_and_30_per_cent(majority: int, valid: int, step: int) -> None:
    assert majority_class(majority, valid) == step


@pytest.mark.parametrize(("majority", "valid"), [(None, 1000), (10, None), (10, 0)])
def test_majority_that_is_not_known_has_no_class(majority: int | None, valid: int | None) -> None:
    assert majority_class(majority, valid) is None


@pytest.mark.parametrize(
    ("points", "step"),
    [
        ("0", 1),
        ("2.499", 1),
        ("2.5", 2),
        ("5", 3),
        ("7.5", 4),
        ("-1", -1),
        ("-2.5", -2),
        ("-9", -4),
    ],
)
def test_swings_are_cut_at_two_and_a_half_5_and_seven_and_a_half_points(
    points: str, step: int
) -> None:
    assert swing_class(Fraction(points) / 100) == step


def test_swing_that_is_not_known_has_no_class() -> None:
    assert swing_class(None) is None


@pytest.mark.parametrize(
    ("percent", "step"), [("59.99", 1), ("60", 2), ("65", 3), ("69.9", 3), ("70", 4)]
)
def test_turnouts_of_general_elections_are_cut_at_60_65_and_70_per_cent(
    percent: str, step: int
) -> None:
    assert turnout_class(Fraction(percent) / 100) == step


def test_turnout_that_is_not_known_has_no_class() -> None:
    assert turnout_class(None) is None


@pytest.mark.parametrize(
    ("held", "pair"),
    [
        ({"con": 317, "lab": 262, "snp": 35}, ("con", "lab")),
        ({"lab": 2, "con": 2, "ld": 1}, ("con", "lab")),
        ({"lab": 2, "con": 0}, None),
        ({}, None),
    ],
)
def test_two_largest_are_of_last_times_seats(
    held: dict[str, int], pair: tuple[str, str] | None
) -> None:
    assert two_largest(held) == pair


def contest(**parties: tuple[int, int]) -> Tally:
    """One contest with all votes known; votes now and last time by party, 0 for none."""
    lines = {
        label: PartyTally(
            votes=now,
            candidates=bool(now),
            comparable_votes=now,
            last_votes=last,
            stood_last=bool(last),
        )
        for label, (now, last) in parties.items()
    }
    valid, last_valid = (sum(votes[at] for votes in parties.values()) for at in (0, 1))
    return Tally(
        parties=lines,
        contests=1,
        complete=1,
        valid=valid,
        comparable_valid=valid,
        last_valid=last_valid,
    )


def test_swing_between_two_parties_is_half_of_ones_rise_and_the_others_fall() -> None:
    tally = contest(con=(500, 400), lab=(300, 440), ld=(200, 160))
    assert swing_between(tally, "lab", "con") == Fraction(12, 100)
    assert swing_between(tally, "con", "lab") == Fraction(-12, 100)


@pytest.mark.parametrize(
    "tally",
    [
        contest(con=(500, 400), ld=(500, 600)),
        contest(con=(500, 1000), lab=(500, 0)),
        contest(con=(1000, 500), lab=(0, 500)),
        Tally(parties={"con": PartyTally(seats=1)}, contests=1),
    ],
    ids=["neither time", "not last time", "not now", "winner only"],
)
def test_swing_needs_both_parties_both_times_and_every_vote(tally: Tally) -> None:
    assert swing_between(tally, "con", "lab") is None

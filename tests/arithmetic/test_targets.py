"""Targets, largest moves, and the exit poll against the result."""

from fractions import Fraction

import pytest

from results.arithmetic.targets import (
    Became,
    became_of,
    largest_moves,
    margin_of,
    poll_against_result,
    swing_needed,
    tried,
)


def shares(**percent: str) -> dict[str, Fraction]:
    return {label: Fraction(text) / 100 for label, text in percent.items()}


SEAT = shares(lab="46.2", con="40.2", ld="8")


def test_swing_needed_is_half_of_the_distance_to_the_winner() -> None:
    assert swing_needed(SEAT, "con") == Fraction("3") / 100
    assert swing_needed(SEAT, "ld") == Fraction("19.1") / 100
    assert swing_needed(SEAT, "lab") is None
    assert swing_needed(SEAT, "green") is None


def test_margin_is_between_the_two_that_led() -> None:
    margin = margin_of(SEAT)
    assert margin is not None
    assert (margin.winner, margin.second) == ("lab", "con")
    assert margin.swing_needed == Fraction("3") / 100


@pytest.mark.parametrize(
    "tied", [shares(lab="40"), shares(lab="40", con="40"), shares(lab="50", con="25", ld="25"), {}]
)
def test_no_margin_where_places_are_tied_or_not_known(tied: dict[str, Fraction]) -> None:
    assert margin_of(tied) is None


def test_lists_which_targets_were_gained_and_missed() -> None:
    became = [became_of("con", elected) for elected in (None, ["con"], ["lab"], [])]
    assert became == [Became.AWAITED, Became.WON, Became.NOT_WON, Became.NOT_WON]
    sums = tried(became)
    assert (sums.targets, sums.declared, sums.won) == (4, 3, 1)


def test_largest_moves_are_of_parties_that_stood_both_times() -> None:
    rise, fall = largest_moves(shares(lab="40", con="50", green="9"), SEAT)
    assert rise is not None
    assert fall is not None
    assert (rise.label, rise.change) == ("con", Fraction("9.8") / 100)
    assert (fall.label, fall.change) == ("lab", -Fraction("6.2") / 100)
    assert largest_moves(SEAT, SEAT) == (None, None)


def test_exit_poll_has_a_difference_once_every_seat_has_declared() -> None:
    polled = {"con": 368, "lab": 191, "others": 91}
    seats = {"con": 365, "lab": 202, "snp": 48, "ld": 35}
    rows = poll_against_result(polled, seats, to_come=0, others="others")
    assert [(row.label, row.seats, row.difference) for row in rows] == [
        ("con", 365, -3),
        ("lab", 202, 11),
        ("others", 83, -8),
    ]
    rows = poll_against_result(polled, {"con": 3}, to_come=647, others="others")
    assert [row.difference for row in rows] == [None, None, None]

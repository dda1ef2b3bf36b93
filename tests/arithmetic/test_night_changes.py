"""Net changes of seats, the national swing and the ends of the bar during a night."""

from dataclasses import replace
from fractions import Fraction

import pytest

from results.arithmetic import PartyTally, Tally, ends_of_bar, largest_net_changes, national_swing

HELD = {"con": 317, "lab": 262, "snp": 35, "ind": 0}


def tally(**seats: int) -> Tally:
    parties = {label: PartyTally(seats=won) for label, won in seats.items()}
    return Tally(parties=parties, seats=sum(seats.values()))


@pytest.mark.parametrize(
    ("seats", "ends"),
    [
        ({}, ("con", "lab")),
        ({"lab": 20, "con": 3}, ("con", "lab")),
        # A third party passes the smaller of them by ten seats, and not by nine.
        ({"lab": 20, "con": 3, "snp": 12}, ("con", "lab")),
        ({"lab": 20, "con": 3, "snp": 13}, ("snp", "lab")),
        ({"lab": 3, "con": 20, "snp": 13}, ("con", "snp")),
    ],
)
def test_ends_of_the_bar_stay(seats: dict[str, int], ends: tuple[str | None, str | None]) -> None:
    ranked = sorted(seats, key=lambda label: -seats[label])
    assert ends_of_bar(tally(**seats), HELD, ranked) == ends


def test_ends_without_last_time_are_the_first_of_the_night() -> None:
    assert ends_of_bar(tally(), {}, []) == (None, None)
    assert ends_of_bar(tally(lab=1), {}, ["lab"]) == ("lab", None)
    assert ends_of_bar(tally(lab=2, con=1, snp=1), {}, ["lab", "con", "snp"]) == ("lab", "con")


def test_largest_net_changes_are_net() -> None:
    parties = {
        "con": PartyTally(seats=50, gains=20, losses=4),
        "lab": PartyTally(seats=40, gains=2, losses=20),
        "snp": PartyTally(seats=9, gains=2),
    }
    up, down = largest_net_changes(Tally(parties=parties))
    assert up is not None
    assert down is not None
    assert (up.label, up.net, down.label, down.net) == ("con", 16, "lab", -18)
    assert largest_net_changes(Tally(parties={"snp": parties["snp"]})) == (None, None)


def test_national_swing_is_half_of_rise_and_fall() -> None:
    parties = {
        "con": PartyTally(comparable_votes=450, last_votes=400, stood_last=5),
        "lab": PartyTally(comparable_votes=330, last_votes=400, stood_last=5),
    }
    night = Tally(parties=parties, complete=10, comparable_valid=1000, last_valid=1000)
    for first, second in (("con", "lab"), ("lab", "con")):
        swing = national_swing(night, first, second)
        assert swing is not None
        assert (swing.from_label, swing.to_label, swing.points) == ("lab", "con", Fraction(6, 100))
    assert national_swing(replace(night, complete=9), "con", "lab") is None
    assert national_swing(night, "con", "snp") is None

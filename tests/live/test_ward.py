"""A ward's seats on the map: their holders, gains, and the turnout."""

from types import SimpleNamespace
from typing import Any

import pytest

from results.live.ward import CHAMBER_TURNOUTS, Ward
from results.words.party_names import PartyName, PartyNames

NAMES = PartyNames({label: PartyName(label, label, label, label) for label in ("lab", "con", "ld")})


def ward(elected: list[str], holders: list[str] | None, **more: Any) -> Ward:
    summary = {
        "elected": [{"label": label} for label in elected],
        "turnout": more.pop("turnout", None),
        "majority": more.pop("majority", None),
        "valid": more.pop("valid", None),
    }
    standing = SimpleNamespace(has_result=bool(elected), summary=summary)
    contest: Any = SimpleNamespace(seats=3, standing=standing, name="Hill", qualifier="")
    return Ward(contest, holders, NAMES, **more)


def test_seats_beyond_those_held_before_are_gained() -> None:
    parts = ward(["lab", "lab", "con"], ["lab", "ld", "con"]).parts
    assert [(part.label, part.gained) for part in parts] == [
        ("lab", False),
        ("lab", True),
        ("con", False),
    ]


@pytest.mark.parametrize("holders", [None, ["lab", "lab", "con"]])
def test_no_seat_is_gained_without_a_change_or_where_holders_are_not_known(
    holders: list[str] | None,
) -> None:
    assert not any(part.gained for part in ward(["lab", "lab", "con"], holders).parts)


@pytest.mark.parametrize(
    ("turnout", "step"), [(None, None), ("2999/10000", 1), ("3/10", 2), ("45/100", 3), ("1/2", 4)]
)
def test_turnout_has_four_steps(turnout: str | None, step: int | None) -> None:
    assert ward(["lab"], None, turnout=turnout).turnout_step == step


def test_turnout_of_a_chamber_has_steps_of_its_own() -> None:
    assert ward(["lab"], None, turnout="1/2", turnouts=CHAMBER_TURNOUTS).turnout_step == 2


@pytest.mark.parametrize(
    ("majority", "valid", "step"),
    [(None, 1000, None), (10, None, None), (49, 1000, 1), (50, 1000, 2), (150, 1000, 3),
     (300, 1000, 4)],
)  # fmt: skip
def test_majority_has_the_four_steps_of_a_house(
    majority: int | None, valid: int | None, step: int | None
) -> None:
    tile = ward(["lab"], ["con"], majority=majority, valid=valid)
    assert tile.majority_step == step
    assert (f"majority-{step}" in tile.classes.split()) == (step is not None)

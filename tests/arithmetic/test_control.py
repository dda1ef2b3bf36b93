"""Control of councils: seats not up, holds and gains, and what is still possible."""

from dataclasses import replace

from results.arithmetic import (
    NO_OVERALL_CONTROL,
    BodySeats,
    ControlChange,
    Holder,
    PartyTally,
    Tally,
)
from results.arithmetic.holders import holders_up


def tally(*, postponed: int = 0, vacant: int = 0, **parties: tuple[int, int]) -> Tally:
    """A tally by party as (seats before, seats now)."""
    return Tally(
        parties={
            label: PartyTally(before=before, seats=now) for label, (before, now) in parties.items()
        },
        seats=sum(now for _before, now in parties.values()),
        postponed=postponed,
        vacant=vacant,
    )


def thirds(result: Tally, **changes: object) -> BodySeats:
    """A council of 48 with 16 seats up, of which Labour defends 10 and the Conservatives 6."""
    values: dict[str, object] = {
        "seats": 48,
        "up": 16,
        "composition": {"lab": 27, "con": 16, "ld": 5},
        "holders": {"lab": 10, "con": 6},
        "tally": result,
    }
    return BodySeats(**(values | changes))  # type: ignore[arg-type]  # checked where it is defined


def test_council_by_thirds_counts_the_seats_that_are_not_up() -> None:
    body = thirds(tally(lab=(10, 8), con=(6, 5), ld=(0, 3)))
    assert body.not_up == {"con": 10, "ld": 5, "lab": 17}
    assert body.now == {"con": 15, "ld": 8, "lab": 25}
    assert [body.net(label) for label in ("lab", "con", "ld")] == [-2, -1, 3]
    assert body.majority_threshold == 25
    assert (body.control.change, body.control.by) == (ControlChange.HOLD, "lab")


def test_losing_one_seat_more_loses_control_to_nobody() -> None:
    control = thirds(tally(lab=(10, 7), con=(6, 6), ld=(0, 3))).control
    assert control.change is ControlChange.LOSE
    assert (control.by, control.before) == (NO_OVERALL_CONTROL, "lab")


def test_half_of_the_seats_is_no_overall_control() -> None:
    body = BodySeats(
        seats=4, up=4, holders={"lab": 2, "con": 2}, tally=tally(lab=(2, 2), con=(2, 2))
    )
    assert body.controlled_before == NO_OVERALL_CONTROL
    assert body.control.change is ControlChange.NONE


def test_control_is_known_once_no_seat_to_come_can_change_it() -> None:
    early = thirds(tally(lab=(8, 8)))
    assert (early.to_come, early.still_held) == (8, {"con": 6, "lab": 2})
    assert early.control.change is ControlChange.HOLD
    # 17 not up and 7 won: one of the nine to come is enough, and nobody else can reach 25.
    control = thirds(tally(lab=(7, 7))).control
    assert (control.change, control.possible) == (ControlChange.UNDECIDED, ("lab",))
    assert (control.anybody, control.waits) == (False, False)


def test_who_stands_for_no_seat_to_come_cannot_win_it() -> None:
    """Labour have 24 of 48 and the Conservatives 15, with two seats to come."""
    result = tally(lab=(10, 7), con=(6, 5), ld=(0, 2))
    body = thirds(result)
    assert body.control.possible == ("lab",)
    assert thirds(result, winnable={"lab": 1, "con": 2}).control.possible == ("lab",)
    nobody = thirds(result, winnable={"con": 2, "ld": 2}).control
    assert (nobody.change, nobody.by) == (ControlChange.LOSE, NO_OVERALL_CONTROL)
    # Others may be nominated for a postponed poll.
    put_off = thirds(replace(result, postponed=1), winnable={"con": 1}).control
    assert (put_off.change, put_off.possible) == (ControlChange.UNDECIDED, ("lab",))


def test_seats_before_are_not_known_while_holders_of_a_ward_are_missing() -> None:
    result = tally(lab=(2, 3), green=(0, 1))
    body = BodySeats(seats=4, up=4, holders={"lab": 2}, holders_known=False, tally=result)
    assert (body.before, body.net("lab"), body.controlled_before) == ({}, None, None)
    assert body.control.change is ControlChange.WIN
    entered = BodySeats(
        seats=4, up=4, holders={"lab": 2}, holders_known=False, tally=result,
        composition={"lab": 2, "con": 2},
    )  # fmt: skip
    assert (entered.net("lab"), entered.net("con")) == (1, -2)


def test_before_the_first_declaration_anybody_can_win_where_all_seats_are_up() -> None:
    body = BodySeats(seats=51, up=51, holders={"lab": 48, "green": 3})
    assert body.before == {"green": 3, "lab": 48}
    assert body.control.change is ControlChange.UNDECIDED
    assert body.control.anybody


def test_postponed_seats_leave_control_open_if_they_may_decide_it() -> None:
    waiting = thirds(tally(lab=(7, 7), con=(5, 6), ld=(0, 0), postponed=3)).control
    assert (waiting.change, waiting.waits) == (ControlChange.UNDECIDED, True)
    decided = thirds(tally(lab=(7, 4), con=(6, 9), postponed=3)).control
    assert decided.change is ControlChange.LOSE


def test_vacant_seats_belong_to_nobody_and_count_for_the_threshold() -> None:
    body = thirds(
        tally(lab=(10, 8), con=(6, 7), vacant=1), composition={"lab": 26, "con": 16, "ld": 5}
    )
    assert body.vacant == 2  # one not up, one that nobody stood for
    assert body.now["lab"] == 24
    assert body.majority_threshold == 25
    assert body.control.change is ControlChange.LOSE


def test_by_election_fills_a_seat_that_is_vacant_in_the_composition() -> None:
    body = BodySeats(
        seats=51,
        up=1,
        composition={"lab": 26, "green": 24},
        holders={"lab": 1},
        vacated={"lab": 1},
        tally=tally(lab=(1, 0), green=(0, 1)),
    )
    assert body.before == {"green": 24, "lab": 27}
    assert body.now == {"green": 25, "lab": 26}
    assert (body.net("lab"), body.net("green")) == (-1, 1)
    assert body.control.change is ControlChange.HOLD


def test_gain_from_nobody_and_from_another_party() -> None:
    result = tally(reform=(0, 39), ra=(23, 14), lab=(9, 2), con=(23, 0))
    body = BodySeats(seats=55, up=55, holders={"ra": 23, "con": 23, "lab": 9}, tally=result)
    assert (body.control.change, body.control.before) == (ControlChange.GAIN, NO_OVERALL_CONTROL)
    assert body.net("con") == -23
    other = BodySeats(seats=3, up=3, holders={"lab": 3}, tally=tally(lab=(3, 1), green=(0, 2)))
    assert (other.control.by, other.control.before) == ("green", "lab")


def test_new_wards_of_an_all_out_council_compare_with_the_composition_only() -> None:
    """48 seats became 54; nobody held the seats of the new wards."""
    result = tally(lab=(0, 30), con=(0, 24))
    body = BodySeats(seats=54, up=54, composition={"lab": 20, "con": 28}, tally=result)
    assert body.controlled_before == "con"
    assert (body.net("lab"), body.net("con")) == (10, -4)
    part = BodySeats(seats=54, up=54, composition={"lab": 20, "con": 28}, tally=tally(lab=(0, 30)))
    assert part.net("lab") is None
    assert (part.control.change, part.control.by) == (ControlChange.GAIN, "lab")


def test_nothing_is_said_where_the_seats_not_up_are_not_known_or_do_not_fit() -> None:
    for unknown in (
        thirds(tally(lab=(10, 10)), composition={}),
        thirds(tally(lab=(10, 10)), holders={"lab": 10}),
        thirds(tally(lab=(10, 10)), composition={"lab": 5, "con": 43}),
        thirds(tally(lab=(10, 10)), seats=None),
    ):
        assert unknown.not_up is None
        assert unknown.control.change is ControlChange.UNKNOWN
        assert not unknown.control.decided


def test_nobody_has_lost_seats_where_those_that_are_not_up_are_not_known() -> None:
    """All have declared, so that the seats before could be taken for those of the same seats."""
    body = thirds(tally(lab=(0, 10), con=(0, 6)), holders={})
    assert body.finished
    assert (body.not_up, body.net("lab"), body.net("ld")) == (None, None, None)


def test_entered_seats_not_up_need_no_holders() -> None:
    body = thirds(tally(lab=(0, 8), con=(0, 8)), left={"lab": 17, "con": 10, "ld": 5}, holders={})
    assert body.now == {"con": 18, "ld": 5, "lab": 25}
    assert body.net("lab") == -2
    assert body.control.change is ControlChange.HOLD


def test_entered_control_before_replaces_that_of_the_seats() -> None:
    body = thirds(tally(lab=(10, 8), con=(6, 8)), control_before=NO_OVERALL_CONTROL)
    assert body.control.change is ControlChange.GAIN


def test_holders_of_fewer_seats_than_were_filled_are_those_of_one_party() -> None:
    labour, green = Holder(label="lab"), Holder(label="green")
    assert holders_up([labour, labour, green], 3) == (labour, labour, green)
    assert holders_up([labour, labour, labour], 1) == (labour,)
    assert holders_up([labour, labour, green], 1) is None
    assert holders_up([], 1) is None

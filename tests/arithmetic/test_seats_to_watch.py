"""Seats to watch, counted from what is won and what is to come."""

from fractions import Fraction

from results.arithmetic.seats_to_watch import (
    RankedSeats,
    SeatsToWatch,
    UndeclaredSeat,
    find_seats_to_watch,
)


def seat(key: int, holder: str, **needed: int) -> UndeclaredSeat:
    """`needed` are swings in per cent."""
    return UndeclaredSeat(
        key=key,
        holder=holder,
        needed={label: Fraction(swing, 100) for label, swing in needed.items()},
    )


HOUSE = [
    *(seat(number, "con", lab=number) for number in range(1, 5)),
    *(seat(number, "lab", con=number, ld=number + 1) for number in range(11, 15)),
    seat(20, "ld", con=3),
]


def find(
    awaited: list[UndeclaredSeat], won: dict[str, int], labels: tuple[str, ...], rows: int = 3
) -> SeatsToWatch | None:
    keys = frozenset(each.key for each in awaited)
    return find_seats_to_watch(RankedSeats(awaited), keys, won, labels, 5, rows=rows)


def tell(awaited: list[UndeclaredSeat], rows: int = 3, **won: int) -> SeatsToWatch | None:
    return find(awaited, won, ("con", "lab"), rows)


def test_first_seats_in_order_of_swing_stand_around_the_number_needed() -> None:
    found = tell(HOUSE)
    assert found is not None
    assert (found.label, found.number, found.gains) == ("con", 1, True)
    assert [(each.key, each.holder) for each in found.seats] == [
        (20, "ld"),
        (11, "lab"),
        (12, "lab"),
    ]


def test_gain_brings_the_line_and_a_loss_takes_it_away() -> None:
    others = [each for each in HOUSE if each.key != 20]
    gained = tell(others, con=1)
    assert gained is not None
    assert (gained.number, gained.gains) == (1, False)
    assert [each.key for each in gained.seats] == [1, 2, 3]
    lost = tell([each for each in HOUSE if each.key != 1], lab=1)
    assert lost is not None
    assert (lost.label, lost.number, lost.gains) == ("lab", 1, False)


def test_window_is_in_the_middle_of_the_order() -> None:
    wide = [
        *(seat(number, "lab", con=number) for number in range(1, 8)),
        seat(8, "con", lab=1),
    ]
    found = find(wide, {}, ("con",))
    assert found is not None
    assert (found.number, [each.key for each in found.seats]) == (4, [3, 4, 5])


def test_nothing_is_told_once_the_line_is_reached_or_out_of_reach() -> None:
    assert tell(HOUSE, con=5) is None
    assert find([seat(1, "lab", ld=1)], {}, ("con",)) is None
    assert tell([]) is None


def test_seats_sorted_once_give_the_same_as_those_to_come_sorted_alone() -> None:
    every = RankedSeats(HOUSE)
    for gone in HOUSE:
        awaited = [each for each in HOUSE if each.key != gone.key]
        keys = frozenset(each.key for each in awaited)
        for won in ({"con": 1}, {"lab": 1}, {}):
            found = find_seats_to_watch(every, keys, won, ("con", "lab"), 5, rows=3)
            assert found == find(awaited, won, ("con", "lab"))

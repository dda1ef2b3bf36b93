"""Changes in a ward of several seats, compared as multisets."""

from results.arithmetic.seat_changes import seat_changes


def test_compares_seats_party_by_party() -> None:
    changes = seat_changes(["lab", "con", "lab"], ["green", "lab", "green"])
    assert changes.gains == {"green": 2}
    assert changes.losses == {"con": 1, "lab": 1}
    assert changes.seats == 2
    assert (changes.only_gainer, changes.only_loser) == ("green", "")


def test_order_of_seats_changes_nothing() -> None:
    changes = seat_changes(["lab", "con", "ld"], ["ld", "lab", "con"])
    assert (changes.gains, changes.losses, changes.seats) == ({}, {}, 0)


def test_vacant_and_added_seats_count_once() -> None:
    assert seat_changes(["lab", "lab"], ["lab"]).losses == {"lab": 1}
    assert seat_changes(["lab"], ["lab", "ld"]).seats == 1

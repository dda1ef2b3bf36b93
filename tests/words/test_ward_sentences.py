"""A ward of several seats in few words."""

import pytest

from results.arithmetic.seat_changes import seat_changes
from results.words.party_names import PartyName, PartyNames, tile_letters
from results.words.ward_sentences import change_text, seats_by_party

NAMES = PartyNames(
    {
        label: PartyName(label, name, name, short)
        for label, name, short in (
            ("lab", "Labour", "Lab"),
            ("con", "Conservative", "Con"),
            ("green", "Green", "Grn"),
            ("ld", "Liberal Democrat", "LD"),
        )
    }
)


def text(before: str, after: str, *, of_one: bool = False) -> str:
    changes = seat_changes(before.split(), after.split())
    return change_text(changes, NAMES, of_one=of_one).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("lab lab lab", "lab green lab", "Grn gain 1 from Lab"),
        ("con con con", "ld ld ld", "LD gain 3 from Con"),
        ("lab con lab", "green green green", "Grn +3, Lab −2, Con −1"),
        ("lab lab lab", "green ld lab", "Grn +1, LD +1, Lab −2"),
        ("lab lab", "lab", "Lab −1"),
        ("lab ld", "ld lab", ""),
    ],
)
def test_names_each_change(before: str, after: str, expected: str) -> None:
    assert text(before, after) == expected


def test_a_ward_of_one_seat_needs_no_number() -> None:
    assert text("con", "ld", of_one=True) == "LD gain from Con"
    assert seats_by_party(["ld"], NAMES) == "LD"


def test_split_ward_is_named_with_the_most_seats_first() -> None:
    assert seats_by_party(["lab", "green", "green"], NAMES) == "Grn\u00a02, Lab\u00a01"


@pytest.mark.parametrize(
    ("abbreviation", "letters"),
    [
        ("Lab", "Lab"),
        ("SDLP", "SDLP"),
        ("Green", "Grn"),
        ("Alliance", "Aln"),
        ("Brexit", "Brx"),
        ("Aontú", "Ant"),
        ("Aoeo", "Aoe"),
        ("TUSCX", "TSCX"),
    ],
)
def test_letters_on_a_tile_are_no_other_word(abbreviation: str, letters: str) -> None:
    assert tile_letters(abbreviation) == letters

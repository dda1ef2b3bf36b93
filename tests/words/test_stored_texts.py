"""Texts that the desk has stored itself, on a page in another language."""

import pytest
from django.utils import translation

from results.words.stored_texts import in_language

CASES = [
    (
        "The result of Leven was corrected: A bundle was missing.",
        "Cywirwyd canlyniad Leven: A bundle was missing.",
    ),
    ("The result of Leven was declared.", "Datganwyd canlyniad Leven."),
    (
        "The constituencies or the lists of this region were entered wrongly.",
        "Rhoddwyd etholaethau neu restrau’r rhanbarth hwn yn anghywir.",
    ),
    ("File results.csv", "Ffeil results.csv"),
    ("File our list.csv, wards.xlsx", "Ffeil our list.csv, wards.xlsx"),
    (
        "The result of Leven was corrected: It was corrected: twice.",
        "Cywirwyd canlyniad Leven: It was corrected: twice.",
    ),
    ("Invented", "Dychmygol"),
]


@pytest.mark.parametrize(("english", "welsh"), CASES)
def test_is_said_in_the_language_of_the_page(english: str, welsh: str) -> None:
    for stored in (english, welsh):
        with translation.override("cy"):
            assert in_language(stored) == welsh
        with translation.override("en-gb"):
            assert in_language(stored) == english


@pytest.mark.parametrize(
    "typed",
    [
        *["", "Two piles were confused.", "The result was declared.", "100% wrong: 5%"],
        *["File", "File on 4", "File photo by PA"],
    ],
)
def test_what_is_typed_stays(typed: str) -> None:
    with translation.override("cy"):
        assert in_language(typed) == typed

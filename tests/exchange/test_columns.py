"""The table of synonyms: each heading means one thing, and the documentation lists all."""

import re
from collections import Counter
from pathlib import Path

import pytest

from results.exchange.candidate_cells import candidate_of
from results.exchange.columns import FIELDS, field_of, guess, party_of, plain
from results.exchange.table import Row
from tests.needs import ROOT


def test_a_heading_stands_for_one_field() -> None:
    headings = Counter(
        heading for name, synonyms in FIELDS.items() for heading in (name, *synonyms)
    )
    assert [heading for heading, times in headings.items() if times > 1] == []
    assert all(plain(heading) == heading for heading in headings)


def test_documentation_lists_every_heading() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", (ROOT / "docs/tables.md").read_text(), re.M)
    assert {name: tuple(re.findall(r"`(\w+)`", cell)) for name, cell in rows} == FIELDS


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Constituency name", "constituency_name"),
        ("DC Person ID", "person_id"),
        ("Candidate family name", "surname"),
        (" VOTES\N{NO-BREAK SPACE}CAST ", "votes"),
        ("Description (if any)", "party_description_text"),
        ("Turnout %", "turnout_percent"),
    ],
)
def test_matches_whatever_case_and_punctuation(heading: str, field: str) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("heading", "party"),
    [("Con", "con"), ("Grnv", "green"), ("Lab Co-op", "lab co op"), ("APNI", "alliance"),
     ("LAB%", None), ("Party", None), ("Votes", None), ("Other", None)],
)  # fmt: skip
def test_tells_columns_of_parties_votes(heading: str, party: str | None) -> None:
    assert party_of(heading) == party


@pytest.mark.parametrize(
    ("cell", "name", "surname"),
    [
        ("BENNETT, Nicholas", "Nicholas Bennett", "Bennett"),
        ("O'BRIEN-MCKAY, Ann Mary", "Ann Mary O'Brien-McKay", "O'Brien-McKay"),
        ("ABDULLAH SIDDIQUE Mohammed", "Mohammed Abdullah Siddique", "Abdullah Siddique"),
        ("Ann Ash", "Ann Ash", "Ash"),
        ("ANN ASH", "Ann Ash", "Ash"),
        ("AJ Smith", "AJ Smith", "Smith"),
        ("NG, Al", "Al NG", "NG"),
        ("ZOLNIERZAK", "Zolnierzak", "Zolnierzak"),
        (
            "EVANS, David Gwyn (commonly known as EVANS, Dai)",
            *("David Gwyn Evans (commonly known as Dai Evans)", "Evans"),
        ),
        (
            "EVANS David Gwyn (Commonly known as Dai the Milk)",
            *("David Gwyn Evans (commonly known as Dai the Milk)", "Evans"),
        ),
        (
            "EVANS (commonly known as Dai), David Gwyn",
            *("David Gwyn Evans (commonly known as Dai)", "Evans"),
        ),
        ("ASH, Ann (Jim)", "Ann (Jim) Ash", "Ash"),
    ],
)
def test_names_in_two_orders_and_in_capitals(cell: str, name: str, surname: str) -> None:
    row = Row(Path("x.csv"), 2, {"person_name": cell, "votes": "1"})
    candidate = candidate_of(row, nameless=False)
    assert (candidate.name, candidate.surname) == (name, surname)


@pytest.mark.parametrize(
    ("field", "headings", "alone", "guessed"),
    [
        ("votes", ["Votes %", "Postal votes"], True, None),
        ("votes", ["Stimmen"], True, "Stimmen"),
        ("person_name", ["Wahlkreis"], False, None),
        ("party_name", ["Parti"], False, "Parti"),
    ],
)
def test_guesses_no_other_figure_and_no_leftover_of_several(
    field: str, headings: list[str], alone: bool, guessed: str | None
) -> None:
    assert guess(field, headings, only_one_missing=alone) == guessed

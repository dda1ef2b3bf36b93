"""A result as a sentence, for every way of winning a seat."""

from decimal import Decimal
from typing import Any

import pytest

from results.words.party_names import PartyName, PartyNames
from results.words.seat_sentences import (
    counted_sentence,
    result_sentence,
    short_result,
    verification_sentence,
)

PARTY_NAMES = PartyNames(
    {
        "lab": PartyName("lab", "Labour", "Labour", "Lab"),
        "con": PartyName("con", "Conservative", "Conservatives", "Con"),
        "independent": PartyName("independent", "Independent", "Independents", "Ind"),
        "speaker": PartyName("speaker", "Speaker", "The Speaker", "Spk"),
    }
)


def winner(label: str, **more: object) -> dict[str, Any]:
    return {
        "candidate": 1,
        "name": "Ann Hall",
        "label": label,
        "hold": False,
        "gained_from": None,
        "new": False,
    } | more


def summary(*elected: Any, **more: object) -> dict[str, Any]:
    return {"elected": elected, "majority": 57, "by_lot": False, "partial": False} | more


@pytest.mark.parametrize(
    ("won", "sentence", "short"),
    [
        (winner("lab", hold=True), "Labour hold X, majority 57", "Lab hold"),
        (
            winner("con", gained_from="lab"),
            "Conservatives gain X from Labour, majority 57",
            "Con gain from Lab",
        ),
        (winner("con", new=True), "Conservatives win X, majority 57", "Con win"),
        (
            winner("independent", hold=True),
            "Independent Ann Hall holds X, majority 57",
            "Ind hold",
        ),
        (
            winner("independent", gained_from="lab"),
            "Independent Ann Hall gains X from Labour, majority 57",
            "Ind gain from Lab",
        ),
        (
            winner("con", gained_from="independent"),
            "Conservatives gain X from an independent, majority 57",
            "Con gain from Ind",
        ),
        (
            winner("speaker", gained_from="lab"),
            "The Speaker, Ann Hall, wins X, last won by Labour, majority 57",
            "Spk gain from Lab",
        ),
        (
            winner("speaker", hold=True),
            "The Speaker, Ann Hall, holds X, majority 57",
            "Spk hold",
        ),
        (
            winner("con", gained_from="speaker"),
            "Conservatives gain X from the Speaker, majority 57",
            "Con gain from Spk",
        ),
    ],
)
def test_one_seat(won: dict[str, Any], sentence: str, short: str) -> None:
    assert result_sentence("X", summary(won), PARTY_NAMES) == sentence
    assert short_result(summary(won), PARTY_NAMES) == short


def test_endings() -> None:
    held = winner("lab", hold=True)
    winner_only = summary(held, partial=True, majority=None)
    assert result_sentence("X", winner_only, PARTY_NAMES) == "Labour hold X; full figures to follow"
    lot = summary(held, by_lot=True, majority=0)
    assert result_sentence("X", lot, PARTY_NAMES) == "Labour hold X, decided by lot after a tie"
    unopposed = summary(held, majority=None)
    assert result_sentence("X", unopposed, PARTY_NAMES) == "Labour hold X"


@pytest.mark.parametrize(
    ("valid", "sentence"),
    [(28_500, "Aford counted: 28,500 votes"), (1, "Aford counted: 1 vote")],
)
def test_counting_area(valid: int, sentence: str) -> None:
    assert counted_sentence("Aford", {"valid": valid}) == sentence


def test_verification() -> None:
    said = "At verification: 54,032 ballot papers, electorate 75,162, turnout 71.8% as announced"
    assert verification_sentence(75_162, 54_032, Decimal("71.80")) == said
    assert verification_sentence(None, 1, None) == "At verification: 1 ballot paper"
    assert verification_sentence(None, None, None) == ""


def test_several_seats() -> None:
    won = summary(winner("lab"), winner("con"), winner("lab"))
    sentence = result_sentence("Ward", won, PARTY_NAMES)
    assert sentence == "Ward: Labour 2, Conservatives 1, majority 57"
    assert short_result(won, PARTY_NAMES) == "Lab 2, Con 1"


def test_unknown_label_is_printed_as_it_is() -> None:
    assert short_result(summary(winner("new-party", hold=True)), PARTY_NAMES) == "new-party hold"

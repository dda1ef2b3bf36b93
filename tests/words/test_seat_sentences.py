"""A result in a line: every way a seat can be won reads like a person wrote it."""

import pytest

from results.words.party_names import PartyName, PartyNames
from results.words.seat_sentences import result_sentence, short_result

FACES = PartyNames(
    {
        "lab": PartyName("lab", "Labour", "Labour", "Lab"),
        "con": PartyName("con", "Conservative", "Conservatives", "Con"),
        "independent": PartyName("independent", "Independent", "Independents", "Ind"),
        "speaker": PartyName("speaker", "Speaker", "The Speaker", "Spk"),
    }
)


def winner(label, **more):
    return {
        "candidate": 1,
        "name": "Ann Hall",
        "label": label,
        "hold": False,
        "gained_from": None,
        "new": False,
    } | more


def summary(*elected, **more):
    return {"elected": elected, "majority": 57, "by_lot": False, "partial": False} | more


@pytest.mark.parametrize(
    ("won", "line", "short"),
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
def test_one_seat(won, line, short):
    assert result_sentence("X", summary(won), FACES) == line
    assert short_result(summary(won), FACES) == short


def test_endings():
    held = winner("lab", hold=True)
    partial = summary(held, partial=True, majority=None)
    assert result_sentence("X", partial, FACES) == "Labour hold X; full figures to follow"
    lot = summary(held, by_lot=True, majority=0)
    assert result_sentence("X", lot, FACES) == "Labour hold X, decided by lot after a tie"
    unopposed = summary(held, majority=None)
    assert result_sentence("X", unopposed, FACES) == "Labour hold X"


def test_several_seats():
    won = summary(winner("lab"), winner("con"), winner("lab"))
    assert result_sentence("Ward", won, FACES) == "Ward: Labour 2, Conservatives 1, majority 57"
    assert short_result(won, FACES) == "Lab 2, Con 1"


def test_a_label_nobody_knows_shows_as_itself():
    assert short_result(summary(winner("new-party", hold=True)), FACES) == "new-party hold"

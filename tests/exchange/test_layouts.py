"""Tables of the Commons Library that lost their headings, recognised by their shape."""

from pathlib import Path

import pytest

from results.exchange import layouts
from results.exchange.errors import FileQuestions
from tests.exchange.reading import read, write

AREA = "E14000001,E12000001,Aford,Ashire,North,England,County"
CANDIDATES_2024 = """\
{0},Labour,Lab,PP53,15,,Ann,Ash,Female,No,No,5001,1200,0.6,0.1{1}
{0},Independent,Ind,,8,,Bob,Birch,Male,Yes,Yes,,800,0.4,{1}
"""
SEATS_2015 = """\
{0},2015-05-08 02:10:00,Lab hold,Lab,Con,9000,2000,12,400,800,1200,0,0,0,0,0,0,0,0,0,0,0
"""
#: Of 2010, with its order of days; the newest edition of 2015 has the same columns.
SEATS_2010 = """\
{0},5/7/10 3:05,Ann,Ash,F,Lab gain from Con,Lab,Con,9000,2000,12,400,800,1200,0,0,0,0,0,0,0,0,0,0,0
"""


@pytest.mark.parametrize(
    ("text", "name", "columns"),
    [
        (CANDIDATES_2024.format(AREA, ""), "by candidate, 2024", 21),
        (CANDIDATES_2024.format(AREA, ",900"), "by candidate, 2024, with Democracy Club’s", 22),
        (SEATS_2015.format(AREA), "by constituency, 2015", 28),
        (SEATS_2010.format(AREA), "by constituency, 2010 or 2015", 31),
    ],
)
def test_recognises_an_edition_by_its_shape(text: str, name: str, columns: int) -> None:
    rows = [line.split(",") for line in text.splitlines()]
    layout = layouts.recognise(rows)
    assert layout is not None
    assert name in layout.name
    assert len(layout.columns) == columns


def test_guess_is_asked_for_and_then_read(tmp_path: Path) -> None:
    file = write(tmp_path, CANDIDATES_2024.format(AREA, ""))
    with pytest.raises(FileQuestions) as raised:
        read(file)
    (question,) = raised.value.questions
    assert question.guess is not None
    assert question.guess.label == "the Commons Library’s results by candidate, 2024"
    assert len(question.rows) == 2
    edition, _notes = read(file, columns={"guessed": "guessed"})
    (seat,) = edition.seats
    assert [(row.name, row.votes) for row in seat.candidates] == [
        ("Ann Ash", 1200),
        ("Bob Birch", 800),
    ]


@pytest.mark.parametrize(
    "text",
    [
        CANDIDATES_2024.format(AREA, ",900,1"),  # a width of no edition
        CANDIDATES_2024.format("Aford,x,x,x,x,x,County", ""),  # no code first
        CANDIDATES_2024.format(AREA, "").replace(",1200,", ",many,"),
        SEATS_2010.format(AREA).replace("Lab gain from Con", "Labour"),
        SEATS_2010.format(AREA).replace(",800,1200,", ",40.0%,60.0%,"),
    ],
)
def test_guesses_no_edition_that_does_not_fit(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text))
    (question,) = raised.value.questions
    assert question.guess is None

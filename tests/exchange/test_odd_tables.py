"""Tables as they come: titles, totals, notes, short rows, other separators and encodings."""

from datetime import date
from pathlib import Path

import pytest

from results.exchange.errors import FileErrors, FileQuestions
from tests.exchange.reading import ODD, read, write

HEADER = "Constituency name,ONS ID,Party name,Candidate first name,Candidate surname,Votes"
ROWS = [
    "Aford,E14000901,Labour,Ann,Ash,11719",
    "Aford,E14000901,Conservative,Con,Corder,10403",
    "Beeford,E14000902,Green,Bob,Birch,7",
]
TEXT = "\n".join([HEADER, *ROWS]) + "\n"
VOTES = [11719, 10403, 7]


def votes_of(file: Path) -> tuple[list[int], list[str]]:
    edition, notes = read(file)
    votes = [row.votes or 0 for seat in edition.seats for row in seat.candidates]
    return votes, [note for note in notes if "columns not used" not in note]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_reads_any_separator_and_line_end(tmp_path: Path, delimiter: str, line_end: str) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", line_end)
    assert votes_of(write(tmp_path, text)) == (VOTES, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "cp1252", "mac-roman"])  # fmt: skip
def test_recognises_the_encoding(tmp_path: Path, encoding: str) -> None:
    text = TEXT.replace("Aford", "Ynys Môn").replace("Ash", "O’Brien")
    edition, _notes = read(write(tmp_path, text.encode(encoding)))
    assert [seat.name for seat in edition.seats] == ["Ynys Môn", "Beeford"]
    assert edition.in_order[0].candidates[0].name == "Ann O’Brien"


def test_refuses_letters_of_no_known_encoding(tmp_path: Path) -> None:
    with pytest.raises(FileErrors, match="encoding that is not recognised: save it as UTF-8"):
        read(write(tmp_path, TEXT.encode().replace(b"Ash", b"\x80\xdesh")))


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("Votes\n", "Votes,,,\n", ""),
        ("10403\n", "10403\n\n , ,\n", ""),
        ("10403\n", f"10403\n{HEADER}\n", ":4: the headings again, skipped"),
        (HEADER, f"Results of the poll\n\n{HEADER}", ":1: title, skipped: Results of the poll"),
        ("7\n", "7\nTotal,,,,,22129\n", ":5: total, skipped: Total | 22129"),
        ("7\n", "7\n,,,,Grand total,22129\n", ":5: total, skipped: Grand total | 22129"),
        ("7\n", "7\nAford,,,,Rejected ballot papers,26\n", ":5: figure among the candidates"),
        ("7\n", "7\nSource: the council\n", ":5: note, skipped: Source: the council"),
        ("7\n", "7\n* Elected unopposed last time\n", ":5: note, skipped: * Elected"),
        ("10403\n", "10403\nTurnout 34%,,,,,\n", ":4: note, skipped: Turnout 34%"),
        ("7\n", "7\nElectorate,,,,,5000\n", ":5: figure among the candidates, skipped"),
        ("Candidate first name,Candidate surname", "x,Surname", ""),
        ("10403\n", "10403\nNote: subject to recount,,,,,\n", ":4: note, skipped"),
        ("11719", '"11,719"', ""),
        ("11719", "11 719", ""),
        ("11719", "11\N{NO-BREAK SPACE}719", ""),
        ("11719", "11719.0", ""),
        ("Ann,", '"Ann\n(sitting)",', ""),
        ("Votes", "VOTES CAST", ""),
        ("Votes", "\N{NO-BREAK SPACE}Votes\N{NO-BREAK SPACE}cast ", ""),
    ],
)
def test_loads_what_stands_around_results(
    tmp_path: Path, before: str, after: str, note: str
) -> None:
    assert before in TEXT
    votes, notes = votes_of(write(tmp_path, TEXT.replace(before, after)))
    assert votes == VOTES
    if note:
        (only,) = notes
        assert note in only
    else:
        assert notes == []


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ("11719", "-5", ":2: Votes: “-5” is not a whole number: it is below 0"),
        ("11719", "119.5", ":2: Votes: “119.5” is not a whole number: votes have no decimals"),
        ("11719", "54%", ":2: Votes: “54%” is not a whole number: it is a percentage"),
        ("11719", '"11,71"', ":2: Votes: “11,71” is not a whole number: its thousands"),
        ("11719", "n/a", ":2: Votes: “n/a” is not a whole number; write 0 if it is none"),
        ("11719", "", ":2: Votes: is empty"),
        ("Labour", "Labour,Co-op", ":2: has 7 cells, the header 6: a cell with a separator"),
        (ROWS[1], ROWS[0], ":3: Votes: Ann Ash is there already, on line 2"),
        ("Beeford,E14000902,", ",,", ":4: Constituency name: is empty"),
        ("\nBeeford,E14000902,Green,Bob,Birch,7", "\nBeeford;E14000902;Green;Bob;Birch;7",
         ":4: separates its cells by “;”, the headings by “,”"),
        ("Ann", "A" * 300, ":2: Candidate first name: is longer than 200 characters"),
        ("Ann", "A" * 11_000, "is not CSV: field larger than field limit"),
        ("Ann", '"Ann', "is not CSV: unexpected end of data"),
        ("Ann", "A\0nn", "is not a text file"),
    ],
)  # fmt: skip
def test_names_line_and_column_of_what_is_wrong(
    tmp_path: Path, before: str, after: str, error: str
) -> None:
    with pytest.raises(FileErrors) as raised:
        read(write(tmp_path, TEXT.replace(before, after)))
    assert f"results.csv{error}" in str(raised.value) or error in str(raised.value)


def test_skips_areas_that_have_no_votes_yet(tmp_path: Path) -> None:
    votes, notes = votes_of(write(tmp_path, TEXT.replace("Birch,7", "Birch,")))
    assert votes == VOTES[:2]
    assert [note.partition(": ")[2] for note in notes] == [
        "1 area without any votes, skipped: Beeford (line 4)"
    ]


def test_refuses_a_table_in_which_nobody_has_votes(tmp_path: Path) -> None:
    lines = [HEADER, *(row.rpartition(",")[0] + "," for row in ROWS)]
    with pytest.raises(FileErrors, match=":2: Votes: is empty"):
        read(write(tmp_path, "\n".join(lines)))


def test_suggests_the_column_of_figures_where_there_are_no_headings(tmp_path: Path) -> None:
    text = "Hill,Ann Hall,Labour,500,Y\nHill,Dan Nye,Green Party,400,N\n"
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text))
    assert [each.option for each in raised.value.questions[0].choices] == ['--columns "votes=4"']


def test_lists_all_errors_of_all_rows_and_files(tmp_path: Path) -> None:
    first = write(tmp_path, TEXT.replace("11719", "x").replace("10403", "y"), "first.csv")
    second = write(tmp_path, TEXT.replace("Birch,7", "Birch,z"), "second.csv")
    with pytest.raises(FileErrors) as raised:
        read(first, second)
    assert [(error.file.name, error.line) for error in raised.value.errors[:3]] == [
        ("first.csv", 2),
        ("first.csv", 3),
        ("second.csv", 4),
    ]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            b"\xd0\xcf\x11\xe0 rubbish",
            "Excel file with a password or of before 2007: save it as xlsx",
        ),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "is a web page"),
        (b'\n{"version": 1, "contests": []}', "is JSON: save the table as CSV or xlsx"),
        (b'[{"Ward": "Hill", "Votes": 900}]', "is JSON"),
        (b"{\\rtf1 rubbish", "is a text document"),
        (b"", "is empty"),
        (b"PK\x03\x04 rubbish", "is a damaged zip file"),
    ],
)
def test_says_what_another_kind_of_file_is(tmp_path: Path, content: bytes, error: str) -> None:
    with pytest.raises(FileErrors, match=error):
        read(write(tmp_path, content))


# --- Columns ----------------------------------------------------------------------------------


def test_asks_for_a_column_with_a_guess_and_the_first_rows(tmp_path: Path) -> None:
    file = write(tmp_path, TEXT.replace("Votes", "Polled votes on the day"))
    with pytest.raises(FileQuestions) as raised:
        read(file)
    (question,) = raised.value.questions
    assert (question.name, question.about.line) == ("votes", 1)
    assert question.guess is not None
    assert question.guess.option == '--columns "votes=Polled votes on the day"'
    assert list(question.rows[0]) == ROWS[0].split(",")
    assert "column is missing: which has the votes of a candidate?" in str(question)
    for answer in ({"votes": "Polled votes on the day"}, {"guessed": "guessed"}):
        edition, _notes = read(file, columns=answer)
        assert edition.in_order[0].counted == 22122


FOREIGN = """Place,Who,Colour,How many,In?
Hill,Ann Ash,Labour Party,900,Yes
Hill,Bob Birch,Green Party,500,No
Mill,Cat Cedar,Green Party,700,Yes
"""


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"constituency_name": "Place"},
        {"constituency_name": "Place", "votes": "How many"},
    ],
)
def test_asks_for_what_candidates_have_where_no_heading_is_known(
    tmp_path: Path, answers: dict[str, str]
) -> None:
    """Not for the electorate and the valid votes of areas, which such a table does not have."""
    file = write(tmp_path, FOREIGN)
    with pytest.raises(FileQuestions) as raised:
        read(file, columns=answers)
    asked = [question.name for question in raised.value.questions]
    every = ["constituency_name", "votes", "party_name", "person_name"]
    assert asked == [name for name in every if name not in answers]


@pytest.mark.parametrize(
    ("cell", "advice"),
    [("900*", ": write 900, without the mark"), ("1,900 [a]", ": write 1,900, without the mark"),
     ("900(2)", ": write 900, without the mark"), ("900x", "number")],
)  # fmt: skip
def test_says_what_to_write_for_votes_with_a_mark(tmp_path: Path, cell: str, advice: str) -> None:
    text = TEXT.replace("11719", f'"{cell}"')
    with pytest.raises(FileErrors) as raised:
        read(write(tmp_path, text))
    (error,) = raised.value.errors
    assert f"“{cell}” is not a whole number" in str(error)
    assert advice in str(error)


def test_guesses_by_what_the_cells_are(tmp_path: Path) -> None:
    """A word that two headings have is no guess; what has figures is no name."""
    text = "seat,person,party,ballots\nAford,Ann Ash,Labour,5\n"
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text))
    assert [
        (asked.name, asked.guess and asked.guess.label) for asked in raised.value.questions
    ] == [
        ("votes", "“ballots”"),
        ("person_name", "“person”"),
    ]
    text = "Ward,Name,Party,Votes 2022,Votes 2026\nHill,Ann Ash,Labour,5,6\n"
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text))
    (question,) = raised.value.questions
    assert question.guess is None
    assert [choice.label for choice in question.choices] == ["“Votes 2022”", "“Votes 2026”"]
    text = "Constituency,Con,Lab,Turnout\nAford,100,200,60\n"
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text), columns={"guessed": "guessed"})
    assert [asked.name for asked in raised.value.questions] == ["electorate", "valid_votes"]


def test_refuses_an_answer_that_names_no_column(tmp_path: Path) -> None:
    with pytest.raises(FileErrors, match=r"votes: there is no column “Ballots”; there are"):
        read(write(tmp_path, TEXT.replace("Votes", "Figures")), columns={"votes": "Ballots"})


@pytest.mark.parametrize("again", ["Votes", "VOTES ", "Votes cast"])
def test_asks_which_of_two_columns_is_meant(tmp_path: Path, again: str) -> None:
    rows = [f"{row},{at}" for at, row in enumerate(ROWS)]
    file = write(tmp_path, "\n".join([f"{HEADER},{again}", *rows]))
    with pytest.raises(FileQuestions, match="is there more than once, in columns 6"):
        read(file)
    edition, _notes = read(file, columns={"votes": "7"})
    assert [seat.counted for seat in edition.seats] == [1, 2]
    edition, _notes = read(file, columns={"votes": "F"})
    assert [seat.counted for seat in edition.seats] == [22122, 7]


def test_says_that_a_file_has_no_such_column(tmp_path: Path) -> None:
    text = "Constituency,Valid votes,Con,Lab\nAford,3,2,1\n"
    with pytest.raises(FileQuestions, match="which has the electorate"):
        read(write(tmp_path, text))
    edition, _notes = read(write(tmp_path, text), columns={"electorate": ""})
    assert edition.in_order[0].by_party == {"con": 2, "lab": 1}


# --- The files that were found ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("x5-title-above", "x5-title-above.csv:1: title, skipped: General election results"),
        ("x6-total-row", "x6-total-row.csv:4: total, skipped: UK total | 141000 | 81000"),
        ("x7-footnote", "x7-footnote.csv:4: note, skipped: Note: figures are provisional"),
        ("x9-short-rows", ""),
        ("x24-mac-roman", "x24-mac-roman.csv: read as mac-roman"),
    ],
)
def test_reads_odd_files(name: str, note: str) -> None:
    edition, notes = read(ODD / f"{name}.csv")
    assert [(seat.valid, seat.electorate) for seat in edition.in_order] == [
        (40000, 70000),
        (41000, 71000),
    ]
    assert edition.in_order[0].name == ("Ynys Môn" if "mac" in name else "Aford")
    assert edition.polling_day == date(2024, 7, 4)
    assert note in "\n".join(notes)


def test_tells_month_and_day_apart_by_the_polling_day_or_asks() -> None:
    file = ODD / "x15-us-date.csv"
    with pytest.raises(FileQuestions) as raised:
        read(file)
    (question,) = raised.value.questions
    assert question.guess is not None
    assert question.guess.option == "--dates mdy"
    for options in ({"polling_day": date(2024, 7, 4)}, {"dates": "mdy"}):
        assert read(file, **options)[0].polling_day == date(2024, 7, 4)
    with pytest.raises(FileQuestions, match="neither is of the poll on 2019-12-12"):
        read(file, polling_day=date(2019, 12, 12))


def test_refuses_a_repeated_column() -> None:
    with pytest.raises(FileQuestions, match="Electorate: is there more than once, in columns 15"):
        read(ODD / "x20-duplicate-column.csv")


@pytest.mark.parametrize("name", ["y1-by-elections-two-dates", "y2-by-elections-same-seat-twice"])
def test_asks_which_of_several_polls_is_meant(name: str) -> None:
    with pytest.raises(FileQuestions) as raised:
        read(ODD / f"{name}.csv")
    assert [choice.option for choice in raised.value.questions[0].choices] == [
        "--poll 2023-10-19",
        "--poll 2024-02-15",
    ]
    edition, notes = read(ODD / f"{name}.csv", polling_day=date(2024, 2, 15))
    assert [seat.counted for seat in edition.seats] in ([26552], [17000])
    assert "2 rows of other polling days, skipped" in "\n".join(notes)


def test_reads_results_of_democracy_club() -> None:
    seat = read(ODD / "z1-dc-results.csv")[0].in_order[0]
    assert (seat.ballot_paper_id, seat.counted) == ("local.n.northward.2022-05-05", 1790)
    assert [(row.democracy_club_id, row.elected) for row in seat.candidates] == [
        (930001, True),
        (930002, True),
    ]


def test_offers_the_description_as_the_party(tmp_path: Path) -> None:
    text = "Ward,Candidate,Description,Votes\nHill,Ann Ash,Labour Party,5\n"
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text))
    (question,) = raised.value.questions
    assert question.guess is not None
    assert question.guess.option == '--columns "party_name=Description"'
    edition, _notes = read(write(tmp_path, text), columns={"party_name": "Description"})
    assert edition.in_order[0].candidates[0].party == "Labour Party"


def test_foreign_headings_are_asked_for(tmp_path: Path) -> None:
    """“Name” is taken for the area only in a table of areas."""
    text = "Wahlkreis,Name,Partei,Stimmen\nHill,Ann Ash,Labour,5\n"
    with pytest.raises(FileQuestions) as raised:
        read(write(tmp_path, text), columns={"votes": "Stimmen", "party_name": "Partei"})
    asked = {question.name: question for question in raised.value.questions}
    assert set(asked) == {"constituency_name", "person_name"}
    assert all(question.guess is None for question in asked.values())


@pytest.mark.parametrize("poll", ["2023-10-19", "2024-02-15"])
def test_poll_that_a_file_of_one_day_does_not_have_is_refused(tmp_path: Path, poll: str) -> None:
    text = f"Date of election,{TEXT}".replace("\n", "\n2024-02-15,").removesuffix("2024-02-15,")
    file = write(tmp_path, text)
    if poll == "2024-02-15":
        assert len(read(file, poll=date.fromisoformat(poll))[0].seats) == 2
        return
    with pytest.raises(FileErrors, match=r"no results of 19 October 2023 \(--poll\), but of 15"):
        read(file, poll=date.fromisoformat(poll))


def test_second_row_of_a_candidate_is_refused_whatever_the_votes(tmp_path: Path) -> None:
    text = f"{TEXT}Aford,E14000901,Labour,Ann,Ash,5\n"
    with pytest.raises(FileErrors, match="Ann Ash is there already, on line 2"):
        read(write(tmp_path, text))


@pytest.mark.parametrize("party", ["Independent", "Annibynnol", "Independent / Annibynnol"])
def test_two_independents_may_have_one_name(tmp_path: Path, party: str) -> None:
    twins = "".join(f"Aford,E14000901,{party},Sam,Elm,{votes}\n" for votes in (7, 5))
    edition, _notes = read(write(tmp_path, TEXT + twins))
    names = [candidate.name for candidate in edition.seats[0].candidates]
    assert names.count("Sam Elm") == 2


def test_notes_name_the_folder(tmp_path: Path) -> None:
    _edition, notes = read(write(tmp_path, TEXT.encode("utf-16")))
    assert f"{tmp_path / 'results.csv'}: read as utf-16" in notes


@pytest.mark.parametrize("row", [0, 1])
def test_table_of_too_many_columns_is_refused(tmp_path: Path, row: int) -> None:
    lines = TEXT.splitlines()
    lines[row] += ",x" * 1000
    with pytest.raises(FileErrors, match="has more than 1,000 columns"):
        read(write(tmp_path, "\n".join(lines)))


def test_empty_columns_at_the_end_do_not_count(tmp_path: Path) -> None:
    text = TEXT.replace("\n", "," * 16_000 + "\n")
    assert votes_of(write(tmp_path, text)) == (VOTES, [])

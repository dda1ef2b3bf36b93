"""Results in xlsx workbooks: sheets, dates, formulas, merged cells, and bounds on their size."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from results.exchange.errors import FileErrors, FileQuestions
from results.tables import workbook as reader
from tests.exchange.reading import read, workbook, write

HEADER = [
    "Ward",
    "Ward code",
    "Seats",
    "Candidate",
    "Party",
    "Votes",
    "Elected",
    "Date of election",
]
DAY = datetime(2022, 5, 5)  # noqa: DTZ001 - as Excel stores it
ROWS: list[list[Any]] = [
    ["Hill", "E05000001", 2, "ASH, Ann", "Labour", 900.0, True, DAY],
    ["Hill", "E05000001", 2, "Bob Birch", "Green", 890, True, DAY],
    ["Hill", "E05000001", 2, "Cat Cedar", "Independent", "1,012", None, DAY],
]


def test_reads_numbers_dates_and_flags(tmp_path: Path) -> None:
    edition, _notes = read(workbook(tmp_path, Results=[["Council elections"], [], HEADER, *ROWS]))
    (seat,) = edition.in_order
    assert [(row.name, row.votes, row.elected) for row in seat.candidates] == [
        ("Ann Ash", 900, True),
        ("Bob Birch", 890, True),
        ("Cat Cedar", 1012, False),
    ]
    assert (seat.code, seat.seats, edition.polling_day) == ("E05000001", 2, date(2022, 5, 5))


def test_names_sheet_row_and_column_of_an_error(tmp_path: Path) -> None:
    broken = [*ROWS[0][:5], "many", *ROWS[0][6:]]
    with pytest.raises(FileErrors) as raised:
        read(workbook(tmp_path, Results=[HEADER, ROWS[1], broken]))
    expected = "results.xlsx, sheet “Results”, row 3: Votes: “many” is not a whole number"
    assert expected in str(raised.value)


def test_asks_which_of_several_sheets(tmp_path: Path) -> None:
    other = [[*row[:5], row[5] + 1, *row[6:]] for row in ROWS[:2]]
    file = workbook(tmp_path, First=[HEADER, *ROWS], Second=[HEADER, *other])
    with pytest.raises(FileQuestions) as raised:
        read(file)
    (question,) = raised.value.questions
    assert [choice.option for choice in question.choices] == [
        '--sheet "First"',
        '--sheet "Second"',
    ]
    assert read(file, sheets=("second",))[0].in_order[0].counted == 1792


def test_takes_the_only_sheet_with_results_and_says_so(tmp_path: Path) -> None:
    file = workbook(tmp_path, Cover=[["Results of the poll"], ["Ask Ann"]], Data=[HEADER, *ROWS])
    edition, notes = read(file)
    assert edition.in_order[0].counted == 2802
    assert "read sheet “Data”, and not “Cover”" in notes[0]


def test_reads_two_sheets_as_two_tables(tmp_path: Path) -> None:
    wards: list[list[Any]] = [
        ["Ward", "Ward code", "Electorate", "Rejected ballots"],
        ["Hill", "E05000001", 3000, 12],
    ]
    file = workbook(tmp_path, Wards=wards, Candidates=[HEADER, *ROWS])
    seat = read(file, sheets=("Wards", "Candidates"))[0].in_order[0]
    assert (seat.electorate, seat.rejected, len(seat.candidates)) == (3000, 12, 3)


def test_names_each_area_once_where_its_cells_were_merged(tmp_path: Path) -> None:
    merged = [[None, None, None, *row[3:]] for row in ROWS[1:]]
    dale = ["Dale", "E05000002", 1, "Dot Dale", "Labour", 5, True, DAY]
    edition, notes = read(workbook(tmp_path, Results=[HEADER, ROWS[0], *merged, dale]))
    assert [(seat.name, seat.counted) for seat in edition.in_order] == [("Hill", 2802), ("Dale", 5)]
    assert any("each area is named once" in note for note in notes)


def test_refuses_a_formula_without_its_value(tmp_path: Path) -> None:
    """Nothing that writes a file without computing it stores values; Excel does."""
    row = [*ROWS[0][:5], "=SUM(1,2)", *ROWS[0][6:]]
    with pytest.raises(FileErrors, match="row 2: F: is a formula without its value: open the file"):
        read(workbook(tmp_path, Results=[HEADER, row]))


def test_ignores_hidden_sheets_and_sheets_without_values(tmp_path: Path) -> None:
    file = workbook(tmp_path, Old=[HEADER, ROWS[0]], Results=[HEADER, *ROWS], Empty=[])
    book = load_workbook(file)
    book["Old"].sheet_state = "hidden"
    book.save(file)
    edition, notes = read(file)
    assert edition.in_order[0].counted == 2802
    assert not any("read sheet" in note for note in notes)


def test_leaves_out_what_is_far_below_on_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cell in the last row of a million made it a sheet of too many rows."""
    monkeypatch.setattr(reader, "MAX_BLANK_ROWS", 20)
    monkeypatch.setattr(reader, "MAX_ROWS", 30)
    file = workbook(tmp_path, Results=[HEADER, *ROWS], Notes=[])
    book = load_workbook(file)
    book["Notes"]["A40"] = "x"
    book.save(file)
    edition, _notes = read(file)
    assert edition.in_order[0].counted == 2802


def test_refuses_what_unfolds_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/sharedStrings.xml", bytes(reader.MAX_UNPACKED))
    with pytest.raises(FileErrors, match="unfolds to more than 200 MB"):
        read(file)
    monkeypatch.setattr(reader, "MAX_ROWS", 3)
    with pytest.raises(FileErrors, match="row 3: has 3 rows or more"):
        read(workbook(tmp_path, Results=[HEADER, *ROWS]))


@pytest.mark.parametrize(
    ("entry", "content", "error"),
    [
        ("results.csv", "Ward,Votes", "is a zip file, and no xlsx workbook: unpack it, or save"),
        ("[Content_Types].xml", "<Types", "is no workbook that can be read"),
        ("[Content_Types].xml", '<!DOCTYPE t [<!ENTITY a "b">]><t>&a;</t>', "is no workbook that"),
    ],
)
def test_refuses_other_zip_files(tmp_path: Path, entry: str, content: str, error: str) -> None:
    file = tmp_path / "other.xlsx"
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr(entry, content)
    with pytest.raises(FileErrors, match=error):
        read(file)


@pytest.mark.parametrize(
    ("name", "entries", "program"),
    [
        ("results.ods", ("mimetype", "content.xml", "META-INF/manifest.xml"), "LibreOffice"),
        ("results.numbers", ("Index/Document.iwa", "preview.jpg"), "Numbers"),
    ],
)
def test_says_how_to_save_another_programs_workbook(
    tmp_path: Path, name: str, entries: tuple[str, ...], program: str
) -> None:
    """There is nothing in it for anybody to unpack."""
    file = tmp_path / name
    with zipfile.ZipFile(file, "w") as parts:
        for entry in entries:
            parts.writestr(entry, "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(FileErrors) as raised:
        read(file)
    (error,) = raised.value.errors
    assert error.error == f"is a workbook of {program}: save the table as xlsx or CSV"


def test_damaged_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    """Whatever a damaged file does to the parser, it is refused by its name or read."""
    whole = workbook(tmp_path, Results=[HEADER, *ROWS]).read_bytes()
    for at in range(0, len(whole), len(whole) // 60):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            try:
                read(write(tmp_path, damaged, "damaged.xlsx"))
            except FileErrors as exc:
                assert all(error.file.name == "damaged.xlsx" for error in exc.errors)  # noqa: PT017


def test_content_and_not_the_name_tells_a_workbook(tmp_path: Path) -> None:
    headings = ["Ward", "Candidate", "Party", "Votes"]
    book = workbook(tmp_path, Sheet=[headings, ["Hill", "Ann Ash", "Labour", 5]])
    named = book.rename(tmp_path / "results.csv")
    assert read(named)[0].in_order[0].counted == 5
    text = write(tmp_path, "Ward,Candidate,Party,Votes\nHill,Ann,Labour,7\n", "text.xlsx")
    assert read(text)[0].in_order[0].counted == 7


def test_question_shows_no_empty_cells_beside_the_table(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Ward", "Candidate", "Party", "Count", "", ""],
        ["Hill", "Ann", "Labour", 5, "", ""],
    ]
    with pytest.raises(FileQuestions) as raised:
        read(workbook(tmp_path, Sheet=rows))
    assert "  Hill | Ann | Labour | 5\n" in str(raised.value.questions[0])

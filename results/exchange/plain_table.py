"""Read any file that holds tables into rows of text, before anything is known of their columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results.exchange import columns
from results.exchange.errors import Choice, FileError, FileErrors, FileQuestions, Question
from results.exchange.options import ReadOptions
from results.exchange.workbook import read_sheets
from results.tables.encodings import UnknownEncoding, decode
from results.tables.workbook import Numbered, Sheet, is_workbook

#: Longest cell; a file with a longer one is refused as a whole.
MAX_CELL = 10_000
MAX_BYTES = 100_000_000
#: Most columns of a table: matching its headings compares each with all others.
MAX_COLUMNS = 1000
DELIMITERS = ",;\t|"
#: Rows that are searched for the header.
HEADER_ROWS = 30
IS_JSON = "is JSON: save the table as CSV or xlsx, or download results.csv in place of results.json"
#: First bytes of files of other kinds.
OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0": "is an Excel file with a password or of before 2007: save it as xlsx"
    " without a password, or as CSV",
    b"%pdf": "is a PDF: copy the table into a spreadsheet and save it as CSV",
    b"<!doctype html": "is a web page: download the table itself",
    b"<html": "is a web page: download the table itself",
    b"{\\rtf": "is a text document: copy the table into a spreadsheet and save it as CSV",
    b"{": IS_JSON,
    b"[{": IS_JSON,
    b"[\n": IS_JSON,
}


@dataclass(frozen=True, slots=True)
class PlainTable:
    """The rows of one file or sheet with their line numbers; blank rows are left out."""

    file: Path
    sheet: str
    rows: Sequence[Numbered]
    delimiter: str = ""

    def error(self, line: int, column: str, error: str) -> FileError:
        return FileError(self.file, line, column, error, self.sheet)


def read_plain_tables(file: Path, options: ReadOptions) -> list[PlainTable]:
    """Read the tables of a file: one, or one for each sheet that was asked for.

    Raises FileErrors for a file that is no table, FileQuestions where a sheet has to be chosen.
    """
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as exc:
        raise FileErrors([FileError(file, 0, "", f"cannot be read: {exc.strerror}")]) from None
    if len(raw) > MAX_BYTES:
        raise FileErrors([FileError(file, 0, "", "is larger than 100 MB")])
    for start, reason in OTHER_KINDS.items():
        if raw[:100].lstrip(b"\xef\xbb\xbf").lstrip().lower().startswith(start):
            raise FileErrors([FileError(file, 0, "", reason)])
    if is_workbook(raw):
        sheets = _chosen(file, read_sheets(file, raw), options)
        tables = [PlainTable(file, sheet.name, sheet.rows) for sheet in sheets]
    else:
        tables = [_read_text(file, raw, options)]
    for table in tables:
        _require_columns_to_be_few(table)
    return tables


def _require_columns_to_be_few(table: PlainTable) -> None:
    """Raise FileErrors for a row of too many cells; empty ones at its end do not count."""
    for line, cells in table.rows:
        if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
            reason = f"has more than {MAX_COLUMNS:,} columns: keep those with names and figures"
            raise FileErrors([table.error(line, "", reason)])
        del cells[MAX_COLUMNS:]


def header_score(cells: Sequence[str]) -> int:
    """The number of known headings; 0 for a row of data, which has codes or figures."""
    filled = [cell for cell in cells if cell.strip()]
    if any(is_figure(cell) for cell in filled):
        return 0
    return len({columns.field_of(cell) for cell in filled if columns.is_known(cell)})


def is_figure(cell: str) -> bool:
    """Whether a cell is a whole number or a decimal, and no year."""
    letters = cell.strip().replace(",", "").replace(".", "")
    year = len(letters) == 4 and letters.startswith(("19", "20"))
    return letters.isdigit() and not year


# --- Sheets -----------------------------------------------------------------------------------


def _chosen(file: Path, sheets: list[Sheet], options: ReadOptions) -> list[Sheet]:
    """The sheets named in the options, or the only one that looks like a table of results."""
    if not sheets:
        raise FileErrors([FileError(file, 0, "", "has no sheet with values")])
    asked = {name.casefold() for name in options.sheets}
    named = [sheet for sheet in sheets if sheet.name.casefold() in asked]
    if named or len(sheets) == 1:
        return named or sheets
    tables = [sheet for sheet in sheets if _score(sheet) >= 2]
    if len(tables) != 1:
        raise FileQuestions([_which_sheet(file, tables or sheets)])
    others = ", ".join(f"“{sheet.name}”" for sheet in sheets if sheet != tables[0])
    note = f"read sheet “{tables[0].name}”, and not {others}"
    options.notes.append(str(FileError(file, 0, "", note)))
    return tables


def _score(sheet: Sheet) -> int:
    return max(
        (header_score(cells[:MAX_COLUMNS]) for _number, cells in sheet.rows[:HEADER_ROWS]),
        default=0,
    )


def _which_sheet(file: Path, sheets: list[Sheet]) -> Question:
    choices = [
        Choice(
            option=f'--sheet "{sheet.name}"',
            label=f"{len(sheet.rows)} rows, from “{_first_row(sheet)}”",
        )
        for sheet in sheets
    ]
    about = FileError(file, 0, "", "has several sheets: which is to be loaded?")
    return Question(about=about, name="sheet", choices=choices)


def _first_row(sheet: Sheet) -> str:
    return " | ".join(filter(None, sheet.rows[0][1]))[:60]


# --- Text -------------------------------------------------------------------------------------


def _read_text(file: Path, raw: bytes, options: ReadOptions) -> PlainTable:
    try:
        text, encoding = decode(raw, options.encoding)
    except UnknownEncoding as exc:
        raise FileErrors([FileError(file, 0, "", exc.args[0])]) from None
    if encoding not in ("utf-8", "cp1252"):
        options.notes.append(str(FileError(file, 0, "", f"read as {encoding}")))
    delimiter = _delimiter(text)
    rows = list(_parse(file, text, delimiter))
    if not rows:
        raise FileErrors([FileError(file, 0, "", "is empty")])
    return PlainTable(file, "", rows, delimiter)


def _delimiter(text: str) -> str:
    """The delimiter under which some row has most known headings, or else most cells."""

    def fitness(delimiter: str) -> tuple[int, int]:
        rows: list[list[str]] = []
        with suppress(csv.Error):
            for _line, cells in zip(range(HEADER_ROWS), _reader(text, delimiter), strict=False):
                rows.append(cells[:MAX_COLUMNS])
        scores = (columns_known(cells) for cells in rows)
        return max(scores, default=0), max(map(len, rows), default=0)

    def columns_known(cells: list[str]) -> int:
        return sum(columns.is_known(cell) for cell in cells)

    return max(DELIMITERS, key=fitness)


def _reader(text: str, delimiter: str) -> Any:
    csv.field_size_limit(MAX_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _parse(file: Path, text: str, delimiter: str) -> Iterator[Numbered]:
    """Yield rows with the line that each begins on."""
    reader, line = _reader(text, delimiter), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as exc:
        reason = f"is not CSV: {exc} (the row begins on line {line})"
        raise FileErrors([FileError(file, reader.line_num, "", reason)]) from None

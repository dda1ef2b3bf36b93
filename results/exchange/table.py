"""Read CSV files of varying dialect: columns are found by name, in any case and order."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ftfy import fix_encoding

from results.arithmetic import InvalidNumber, clean_text, read_count
from results.exchange.errors import FileError, FileErrors

#: Our names of columns, by their names in newer editions.
ALIASES = {
    "ons_code": "ons_id",
    "pcon_code": "ons_id",
    "constituency": "constituency_name",
    "candidate_first_name": "firstname",
    "first_name": "firstname",
    "candidate_surname": "surname",
    "candidate_gender": "gender",
    "electoral_commission_party_id": "ec_party_id",
    "electoral_commission_adjunct_party_id": "ec_adjunct_party_id",
    "dc_person_id": "democracy_club_id",
    "democracy_club_person_id": "democracy_club_id",
    "brx": "brexit",
    "apni": "alliance",
    "rejected_votes": "invalid_votes",
}
#: Most characters of a cell, as its field in the database allows.
MAX_LENGTH = 200
MAX_LENGTHS = {
    "constituency_name": 160,
    "post_label": 160,
    "region_name": 80,
    "nuts1": 80,
    "country_name": 80,
    "ons_id": 20,
}
#: Characters that no name contains and no XML feed may contain.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufffe\uffff]")
#: A file with a longer cell is refused as a whole.
MAX_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with its line number; cells by our names of the columns."""

    file: Path
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """Return the cell; empty if the column is missing. Raises FileErrors if it is too long."""
        value = self.cells.get(column, "")
        most = MAX_LENGTHS.get(column, MAX_LENGTH)
        if len(value) > most:
            raise FileErrors([self.error(column, f"is longer than {most} characters")])
        return value

    def required(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise FileErrors([self.error(column, "is empty")])
        return value

    def count(self, column: str) -> int | None:
        """Read a whole number with any grouping of thousands; None if the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        try:
            return read_count(re.sub(r"\.0+$", "", value))
        except InvalidNumber:
            raise FileErrors([self.error(column, f"“{value}” is not a whole number")]) from None

    def required_count(self, column: str) -> int:
        self.required(column)
        return self.count(column) or 0

    def error(self, column: str, error: str) -> FileError:
        return FileError(self.file, self.line, column, error)


class Table:
    """A CSV file, read into memory at once. Raises FileErrors for any other file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        text = _decoded(file)
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        csv.field_size_limit(MAX_CELL)
        try:
            header = next(reader, None)
            if not header:
                raise FileErrors([FileError(file, 0, "", "is empty")])
            self.columns = [column_name(name) for name in header]
            self.rows = list(self._read(reader))
        except csv.Error as exc:
            raise FileErrors([FileError(file, reader.line_num, "", f"is not CSV: {exc}")]) from None

    def _read(self, reader: Any) -> Iterator[Row]:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.columns):
                reason = f"has {len(cells)} cells, the header {len(self.columns)}"
                raise FileErrors([FileError(self.file, reader.line_num, "", reason)])
            tidied = map(tidy, cells)
            yield Row(self.file, reader.line_num, dict(zip(self.columns, tidied, strict=True)))

    def has(self, *columns: str) -> bool:
        return set(columns) <= set(self.columns)

    def require_columns(self, *columns: str) -> None:
        missing = [column for column in columns if column not in self.columns]
        if missing:
            raise FileErrors(
                [FileError(self.file, 1, name, "column is missing") for name in missing]
            )


def column_name(header: str) -> str:
    """Return our name of a column: “Electoral Commission party ID” is `ec_party_id`."""
    plain = re.sub(r"[^a-z0-9]+", "_", tidy(header).lower()).strip("_")
    return ALIASES.get(plain, plain)


def tidy(cell: str) -> str:
    """Strip a cell of extra blanks and invisible characters, and repair its encoding."""
    return _collapse_blanks(clean_text(CONTROLS.sub("", fix_encoding(_collapse_blanks(cell)))))


def _collapse_blanks(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()


def _decoded(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as exc:
        raise FileErrors([FileError(file, 0, "", f"cannot be read: {exc.strerror}")]) from None
    if b"\0" in raw:
        raise FileErrors([FileError(file, 0, "", "is not a text file")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")

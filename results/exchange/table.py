"""A CSV file as other people write them: columns found by name, whatever the case or the order."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from results.arithmetic import InvalidNumber, clean_text, read_count
from results.exchange.errors import FileError, FileErrors

#: Newer editions' names of the columns we read, by the name that we use.
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
#: What is stored of a cell has room for so many characters.
LONGEST_TEXT = 200
LONGEST = {
    "constituency_name": 160,
    "post_label": 160,
    "region_name": 80,
    "nuts1": 80,
    "country_name": 80,
    "ons_id": 20,
}
#: Characters that no name has, and that no feed may carry.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufffe\uffff]")
#: A file whose longest cell is longer than this is not one of ours.
LONGEST_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; cells by our names for the columns."""

    file: Path
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell, tidied; empty where the column or the cell is."""
        value = self.cells.get(column, "")
        longest = LONGEST.get(column, LONGEST_TEXT)
        if len(value) > longest:
            raise FileErrors([self.error(column, f"is longer than {longest} characters")])
        return value

    def needed(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise FileErrors([self.error(column, "is empty")])
        return value

    def count(self, column: str) -> int | None:
        """A whole number, however its thousands are grouped; None where the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        try:
            return read_count(re.sub(r"\.0+$", "", value))
        except InvalidNumber:
            raise FileErrors([self.error(column, f"“{value}” is not a whole number")]) from None

    def needed_count(self, column: str) -> int:
        self.needed(column)
        return self.count(column) or 0

    def error(self, column: str, error: str) -> FileError:
        return FileError(self.file, self.line, column, error)


class Table:
    """A whole file, read at once. Raises BadFile for what is not a table of ours."""

    def __init__(self, file: Path) -> None:
        self.file = file
        text = _decoded(file)
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        csv.field_size_limit(LONGEST_CELL)
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
                found = f"has {len(cells)} cells, the header {len(self.columns)}"
                raise FileErrors([FileError(self.file, reader.line_num, "", found)])
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
    """“Electoral Commission party ID” → “ec_party_id”."""
    plain = re.sub(r"[^a-z0-9]+", "_", tidy(header).lower()).strip("_")
    return ALIASES.get(plain, plain)


def tidy(cell: str) -> str:
    """A cell without stray blanks and without what cannot be seen; empty where nothing can."""
    return _blank_once(clean_text(CONTROLS.sub("", _decoded_twice(_blank_once(cell)))))


def _decoded_twice(cell: str) -> str:
    """The cell with UTF-8 that was read as Latin-1 put right."""
    if re.search("[ÃÂâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]", cell):
        for encoding in ("cp1252", "latin-1"):
            try:
                return cell.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
    return cell


def _blank_once(cell: str) -> str:
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

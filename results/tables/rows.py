"""Split pasted text, or a small file uploaded with a form, into rows."""

import csv
from collections.abc import Sequence

from django.utils.translation import gettext as _

from results.tables.encodings import UnknownEncoding, decode
from results.tables.workbook import UnreadableWorkbook, is_workbook, read_sheets

#: Most bytes of a file in a form; one of 3,000 rows has a tenth of it.
MAX_FILE_BYTES = 2_000_000
TAB = "\t"


class UnreadableFile(ValueError):
    """Raised for a file without a readable table; `args[0]` has what is wrong and what to do."""


def split_rows(text: str) -> tuple[str, list[list[str]]]:
    """Return the delimiter of a pasted table and the cells of each of its lines.

    A spreadsheet pastes tabs. Without any, the delimiter is the semicolon if most lines have one,
    else the comma. Quotation marks around a cell are removed. Blank lines stay, as no cells.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    filled = [line for line in lines if line.strip()]
    delimiter = ","
    if any(TAB in line.strip() for line in filled):
        delimiter = TAB
    elif sum(";" in line for line in filled) * 2 > len(filled):
        delimiter = ";"
    return delimiter, [_cells(line, delimiter) for line in lines]


def _cells(line: str, delimiter: str) -> list[str]:
    if not line.strip():
        return []
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, skipinitialspace=delimiter != TAB)
    except (csv.Error, ValueError):
        cells = line.split(delimiter)
    return [cell.strip() for cell in cells]


def join_rows(rows: Sequence[Sequence[str]]) -> str:
    """Join rows to text as a spreadsheet pastes it, which `split_rows` can split again."""
    plain = ([" ".join(cell.split()) for cell in row] for row in rows)
    return "".join(TAB.join(row).rstrip() + "\n" for row in plain)


def text_of_file(raw: bytes) -> str:
    """Return a CSV file or the first sheet of an xlsx workbook as text for `split_rows`.

    Raises UnreadableFile.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise UnreadableFile(_("The file is larger than 2 MB: leave only the table in it."))
    if is_workbook(raw):
        return _text_of_workbook(raw)
    try:
        text, _encoding = decode(raw)
    except UnknownEncoding:
        raise UnreadableFile(
            _("This is no table that can be read: save it as CSV (UTF-8) or as xlsx.")
        ) from None
    _delimiter, rows = split_rows(text)
    return join_rows(rows)


def _text_of_workbook(raw: bytes) -> str:
    try:
        sheets = read_sheets(raw)
    except UnreadableWorkbook as exc:
        first = exc.errors[0]
        cell = f"{first.column}{first.line}" if first.line and first.column else ""
        words = {"where": f" ({cell})" if cell else "", "error": first.error}
        raise UnreadableFile(_("The file%(where)s %(error)s.") % words) from None
    if not sheets:
        raise UnreadableFile(_("The file has no sheet with values."))
    rows: list[list[str]] = []
    for number, cells in sheets[0].rows:
        rows += [[]] * (number - len(rows) - 1)
        rows.append(list(cells))
    return join_rows(rows)

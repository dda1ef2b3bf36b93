"""Read sheets of xlsx workbooks as rows of text, with bounds on the unpacked size."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeAlias

#: Most bytes of an unpacked workbook; the largest official ones have a tenth of this.
MAX_UNPACKED = 200_000_000
MAX_PARTS = 2_000
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
#: Blank rows after which a sheet counts as ended: deleted rows often leave a million of them.
MAX_BLANK_ROWS = 1_000

Numbered: TypeAlias = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its rows with their numbers, without empty rows."""

    name: str
    rows: Sequence[Numbered]


@dataclass(frozen=True, slots=True)
class CellError:
    """An error in a workbook. `line` counts from 1; 0 means the whole workbook."""

    error: str
    line: int = 0
    column: str = ""
    sheet: str = ""


class UnreadableWorkbook(ValueError):
    """Raised for bytes that are no readable workbook. `errors` has every error."""

    def __init__(self, *errors: CellError) -> None:
        self.errors = errors
        super().__init__("; ".join(each.error for each in errors))


def is_workbook(raw: bytes) -> bool:
    return raw.startswith(b"PK\x03\x04")


def read_sheets(raw: bytes) -> list[Sheet]:
    """Read every visible sheet that has values.

    Raises UnreadableWorkbook for a file that is no xlsx workbook, unpacks to more than the bounds,
    or has a formula without the value that a spreadsheet program stores beside it.
    """
    # Imported late, since it takes a tenth of a second that other processes need not spend.
    from openpyxl import load_workbook

    _check_size(raw)
    try:
        values = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        formulas = load_workbook(io.BytesIO(raw), read_only=True)
        try:
            return [
                sheet
                for table in values.worksheets  # not charts that have a sheet of their own
                if table.sheet_state == "visible"
                and (sheet := _read(table.title, table, formulas[table.title])).rows
            ]
        finally:
            values.close()
            formulas.close()
    except UnreadableWorkbook:
        raise
    except Exception as exc:  # openpyxl raises many kinds for damaged files
        reason = f"is no workbook that can be read ({type(exc).__name__}): save it as xlsx again"
        raise UnreadableWorkbook(CellError(reason)) from None


def _check_size(raw: bytes) -> None:
    """Check the size before unpacking, because a few kilobytes of zip may unpack to gigabytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            infos = parts.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        reason = "is a damaged zip file: save the table as xlsx or CSV again"
        raise UnreadableWorkbook(CellError(reason)) from None
    names = {info.filename for info in infos}
    if "[Content_Types].xml" not in names:
        raise UnreadableWorkbook(CellError(_what_it_is(names)))
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        reason = "unfolds to more than 200 MB: save the one sheet with the results as CSV"
        raise UnreadableWorkbook(CellError(reason))


def _what_it_is(names: set[str]) -> str:
    """What a zip file without a workbook of Excel is, by the names of its parts."""
    program = ""
    if {"mimetype", "content.xml"} <= names:  # OpenDocument, of other programs as well
        program = "LibreOffice"
    elif any(name.endswith(".iwa") for name in names):
        program = "Numbers"
    if program:
        return f"is a workbook of {program}: save the table as xlsx or CSV"
    return "is a zip file, and no xlsx workbook: unpack it, or save the table as xlsx or CSV"


def _read(name: str, values: Any, formulas: Any) -> Sheet:
    from openpyxl.utils import get_column_letter  # late, as in `read_sheets`

    errors: list[CellError] = []
    rows: list[Numbered] = []
    for number, (cells, sources) in enumerate(_pairs(values, formulas), start=1):
        if number - (rows[-1][0] if rows else 0) > MAX_BLANK_ROWS:
            break
        for at, (value, source) in enumerate(zip(cells, sources, strict=False), start=1):
            if value is None and source is not None:
                reason = "is a formula without its value: open the file in Excel and save it"
                errors.append(CellError(reason, number, get_column_letter(at), name))
        texts = [_as_text(value) for value in cells]
        if any(texts):
            rows.append((number, texts))
        if number >= MAX_ROWS:
            reason = f"has {MAX_ROWS} rows or more: leave only the results in it"
            raise UnreadableWorkbook(CellError(reason, number, sheet=name))
    if errors:
        raise UnreadableWorkbook(*errors)
    return Sheet(name, rows)


def _pairs(values: Any, formulas: Any) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    bounds = {"max_row": MAX_ROWS, "max_col": MAX_COLUMNS, "values_only": True}
    for sheet in (values, formulas):
        # The stored dimensions may be wrong; without them, rows have their actual length.
        sheet.reset_dimensions()
    return zip(values.iter_rows(**bounds), formulas.iter_rows(**bounds), strict=False)


def _as_text(value: Any) -> str:
    """Return a cell's value as in a CSV file; dates are ISO, whatever the sheet shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == time(0)
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)

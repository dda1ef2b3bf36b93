"""Read sheets of an xlsx file, with its errors as those of a file."""

from pathlib import Path

from results.exchange.errors import FileError, FileErrors
from results.tables import workbook
from results.tables.workbook import Sheet


def read_sheets(file: Path, raw: bytes) -> list[Sheet]:
    """Read every visible sheet that has values. Raises FileErrors for what cannot be read."""
    try:
        return workbook.read_sheets(raw)
    except workbook.UnreadableWorkbook as exc:
        raise FileErrors(
            [FileError(file, each.line, each.column, each.error, each.sheet) for each in exc.errors]
        ) from None

"""Read tables in tests, from text or from the odd files in tests/exchange/odd/."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from results.exchange import commons_library as library
from results.exchange.elections import UK_ZONE
from results.exchange.options import ReadOptions

ODD = Path(__file__).parent / "odd"


def read(*files: Path, **options: Any) -> tuple[library.Edition, list[str]]:
    """Return the edition that the files make, and the notes on what was skipped."""
    reading = ReadOptions(**options)
    return library.read(files, UK_ZONE, reading), reading.notes


def write(folder: Path, content: str | bytes, name: str = "results.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder: Path, **sheets: list[list[Any]]) -> Path:
    """Write an xlsx file with these sheets of rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "results.xlsx"
    book.save(path)
    return path

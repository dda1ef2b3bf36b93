"""Copies of the Commons Library's tables with some of their seats."""

import csv
from collections.abc import Callable
from pathlib import Path

Row = dict[str, str]


def rows_of(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def with_rows(folder: Path, source: Path, keep: Callable[[Row], bool]) -> Path:
    """A copy of a table in a folder, with the rows to keep."""
    rows = rows_of(source)
    path = folder / source.name
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(row for row in rows if keep(row))
    return path


def is_unusual(row: Row) -> bool:
    """Whether a constituency of 2017 is of Scotland or Northern Ireland, or its winner unusual.

    Of 650 there are 101 such: the Speaker's, the independent's, and all that were won or lost by
    any but the two largest parties. No party has a majority of them, as of all.
    """
    regions = ("Scotland", "Northern Ireland")
    ordinary = ("Con hold", "Lab hold", "Lab gain from Con")
    return row["region_name"] in regions or row["result"] not in ordinary

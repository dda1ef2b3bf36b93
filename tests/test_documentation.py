"""The Markdown files of the repository."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import ROOT

FILES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
#: The bar between two cells; one with a backslash before it belongs to the cell.
BAR = re.compile(r"(?<!\\)\|")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_tables_are_well_formed(file: Path) -> None:
    """One heading, one row of dashes under it, and as many cells in every row."""
    for number, lines in tables(file.read_text(encoding="utf-8")):
        heading, *rows = [[cell.strip() for cell in BAR.split(line)][1:-1] for line in lines]
        where = f"the table in line {number}"
        assert rows, where
        assert [set(cell) <= set(":-") for cell in rows[0]] == [True] * len(heading), where
        for row in rows[1:]:
            assert len(row) == len(heading), f"{where}: {row}"
            assert row != heading, f"{where} repeats its heading"
            assert not all(set(cell) <= set(":-") for cell in row), f"{where}: dashes between rows"


def tables(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each table, with the number of its first line. Code blocks have none."""
    code = False
    numbered = []
    for number, line in enumerate(text.splitlines(), start=1):
        code ^= line.lstrip().startswith("```")
        numbered.append((number, line.strip() if not code else ""))
    for is_table, lines in itertools.groupby(numbered, key=lambda row: row[1].startswith("|")):
        if is_table:
            rows = list(lines)
            yield rows[0][0], [line for _number, line in rows]

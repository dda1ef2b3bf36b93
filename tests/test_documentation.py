"""The Markdown files of the repository."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_names_targets_and_commands_that_there_are(file: Path) -> None:
    """Of make, of manage.py, and modules that `python -m` runs."""
    text = file.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][a-z0-9.-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z][a-z0-9.-]*)", text)) <= set(targets)
    commands = re.findall(r"manage\.py ([a-z]\w+)", text)
    assert set(commands) <= set(get_commands())
    for module in re.findall(r"python3? -m ((?:tests|bench)[\w.]*)", text):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_names_files_that_there_are(file: Path) -> None:
    """Paths below the folders of the code, but for the briefing, which is an example."""
    text = file.read_text(encoding="utf-8")
    code = r"`((?:results|electiondesk|tests|static|templates|bench|locale)/[\w./-]+)`"
    named = {path for path in re.findall(code, text) if "briefing" not in path}
    assert not {path for path in named if not (ROOT / path).exists()}


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

"""Tables whose columns are found by name, with rows of text, counts and dates."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from results.arithmetic import InvalidNumber, clean_text, read_count
from results.exchange import row_kinds
from results.exchange.columns import COUNTS, NOTIONAL, field_of, is_of_notional
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.headings import Headings, find_headings
from results.exchange.options import ReadOptions
from results.exchange.plain_table import DELIMITERS, PlainTable, read_plain_tables
from results.models.contest_lookup import plain_name

T = TypeVar("T")

#: Most characters of a cell, as its field in the database allows.
MAX_LENGTH = 200
MAX_LENGTHS = {
    "constituency_name": 160,
    "constituency_name_cy": 160,
    "party_name_cy": 120,
    "region_name": 80,
    "country_name": 80,
    "organisation_name": 160,
    "ons_id": 20,
}
#: Characters that no name contains and no XML feed may contain.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufffe\uffff]")
#: Cells that say that there is no figure.
NO_FIGURE = frozenset({"-", "–", "—", "n/a", "na", "n.a.", "none", "..", ".", "not known", "x"})
#: Our exports put an apostrophe before these, so that spreadsheets take none for a formula.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
#: Fields that a table with merged cells has only in the first row of each area.
NAMED_ONCE = ("constituency_name", "ons_id", "organisation_name", "seats", "election_date")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with its line number; cells by our names of the columns.

    `headings` are the file's names of columns by ours.
    """

    file: Path
    line: int
    cells: dict[str, str]
    sheet: str = ""
    headings: dict[str, str] | None = None

    def text(self, column: str) -> str:
        """Return the cell; empty if the column is missing. Raises FileErrors if it is too long."""
        name = column if column in self.cells else field_of(column)
        value = self.cells.get(name, "")
        most = MAX_LENGTHS.get(name, MAX_LENGTH)
        if len(value) > most:
            raise FileErrors([self.error(column, f"is longer than {most} characters")])
        return value

    def required(self, column: str) -> str:
        value = self.text(column)
        if not value:
            raise FileErrors([self.error(column, "is empty")])
        return value

    def one_of(self, column: str, choices: Mapping[T, Sequence[str]], what: str) -> T:
        """Return the choice that has the cell's name; for an empty cell, the only one there is.

        `what` names the kind of the choices in the error.
        """
        name = self.text(column)
        found = [
            each
            for each, names in choices.items()
            if not name or plain_name(name) in map(plain_name, names)
        ]
        if len(found) == 1:
            return found[0]
        known = ", ".join(f"“{names[0]}”" for names in choices.values())
        reason = f"“{name}” is no {what} of this election" if name else "is empty"
        raise FileErrors([self.error(column, f"{reason}: give one of {known}")])

    def count(self, column: str) -> int | None:
        """Read a whole number with any grouping of thousands; None if the cell has no figure."""
        value = self.text(column)
        if not value or value.casefold() in NO_FIGURE:
            return None
        try:
            return read_count(re.sub(r"\.0+$", "", value))
        except InvalidNumber as exc:
            reason = f"“{value}” is not a whole number{_WHY.get(exc.code, _without_mark(value))}"
            raise FileErrors([self.error(column, reason)]) from None

    def required_count(self, column: str) -> int:
        self.required(column)
        count = self.count(column)
        if count is None:
            reason = f"“{self.text(column)}” is not a whole number; write 0 if it is none"
            raise FileErrors([self.error(column, reason)])
        return count

    def percentage(self, column: str) -> Decimal | None:
        """Read a percentage of at most two decimals; None if the cell has none as announced.

        One with more decimals has been worked out by somebody.
        """
        match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,2})?) ?%?", self.text(column))
        value = Decimal(match[1]) if match else None
        return value if value is not None and value <= 100 else None

    def flag(self, column: str) -> bool | None:
        """Read yes or no as files write them; None if the cell is empty. Raises FileErrors."""
        value = self.text(column).casefold().strip(" .*")
        if not value and not self.text(column):
            return None
        if value in _YES or (not value and self.text(column)):
            return True
        if value in _NO:
            return False
        raise FileErrors([self.error(column, f"“{self.text(column)}” is neither yes nor no")])

    def error(self, column: str, error: str) -> FileError:
        heading = (self.headings or {}).get(field_of(column), column)
        return FileError(self.file, self.line, heading, error, self.sheet)


_YES = frozenset({"yes", "y", "true", "t", "1", "elected", "winner", "won", "e", "x", "✓", "✔"})
_NO = frozenset(
    {"no", "n", "false", "f", "0", "-", "not elected", "unsuccessful", "lost", "defeated", "n/a"}
)
_WHY = {
    "decimal": ": votes have no decimals",
    "percent": ": it is a percentage, and votes are asked for",
    "negative": ": it is below 0",
    "grouping": ": its thousands are not grouped in threes",
    "too_long": ": it has too many digits",
}


def _without_mark(text: str) -> str:
    """What to write in place of a figure with the mark of a footnote; empty for other text."""
    figure = re.fullmatch(r"([0-9][0-9, ]*?) ?(?:[*†‡§¶#^]+|[\[(]\w{1,3}[\])])", text)
    return f": write {figure[1]}, without the mark of the footnote" if figure else ""


class Table:
    """A table, read into memory at once. Raises FileErrors, or FileQuestions, if it cannot be read.

    `columns` are our names of the columns, in order; a column that is none of ours has the plain
    form of its heading.
    """

    def __init__(
        self,
        file: Path,
        options: ReadOptions | None = None,
        *,
        plain_table: PlainTable | None = None,
        extra: dict[str, str] | None = None,
    ) -> None:
        self.file = file
        self.options = options or ReadOptions()
        if plain_table is None:
            tables = read_plain_tables(file, self.options)
            plain_table = tables[0]
        self.plain = plain_table
        self.sheet = plain_table.sheet
        self.headings: Headings = find_headings(plain_table, self.options, extra or {})
        self.columns = self.headings.fields
        self.title = " ".join(
            cell
            for _line, cells in plain_table.rows[: self.headings.above]
            for cell in cells
            if cell
        )
        self.rows = self._fill_down(list(self._read()))

    @property
    def notional_by(self) -> str:
        """Where the table is marked as notional: “name or title”, or a heading; else "".

        A column that says it of each row does not say it of all.
        """
        if NOTIONAL in f"{self.file.name} {self.title} {self.sheet}".lower():
            return "name or title"
        figures = zip(self.headings.texts, self.columns, strict=False)
        return next(
            (f"“{text}”" for text, name in figures if name in COUNTS and is_of_notional(text)), ""
        )

    def has(self, *columns: str) -> bool:
        return {field_of(column) for column in columns} <= set(self.columns)

    def require_columns(self, *columns: str) -> None:
        """Raise FileQuestions for columns that the table does not have, with guesses."""
        guessed = self.headings.require([field_of(column) for column in columns])
        for row in self.rows:
            row.cells.update({name: row.cells.get(old, "") for name, old in guessed.items()})

    def rename(self, old: str, new: str) -> None:
        """Assign the column of field `old` to field `new`."""
        self.headings.rename(old, new)
        for row in self.rows:
            row.cells[new] = row.cells.pop(old)

    def note(self, line: int, text: str) -> None:
        """Remember something that a preview is to say about how the file was read."""
        self.options.notes.append(str(self.plain.error(line, "", text)))

    def _read(self) -> Iterator[Row]:
        """Yield the rows of results, note the others. Raises FileErrors for all broken rows."""
        for line, cells in self.plain.rows[: self.headings.above]:
            self.note(line, f"title, skipped: {_shown(cells)}")
        collected = Collected()
        rows = self.plain.rows[self.headings.first_row :]
        lengths = Counter(len(cells) for _line, cells in rows)
        usual = lengths.most_common(1)[0][0] if lengths else 0
        header = len(self.plain.rows[self.headings.above][1]) if self.headings.first_row else 0
        self.width = max(len(self.columns), usual, header)
        last = max((at for at, (_line, cells) in enumerate(rows) if _filled(cells) > 1), default=-1)
        for at, (line, cells) in enumerate(rows):
            with collected:
                if not self._is_skipped(line, cells, trailing=at > last):
                    yield self._row(line, cells)
        collected.raise_if_any()

    def _is_skipped(self, line: int, cells: Sequence[str], *, trailing: bool) -> bool:
        """Note and skip a row that is a repeated heading or a note below the table."""
        if row_kinds.is_heading_again(cells, self.headings.texts):
            self.note(line, "the headings again, skipped")
            return True
        first = tidy(cells[0])
        alone = _filled(cells) == 1 and len(self.columns) > 2 and any(map(str.isalpha, first))
        if alone and len(cells) == 1:
            self._check_delimiter(line, cells[0])
        if alone and (
            trailing or row_kinds.begins_like_a_note(first) or row_kinds.is_figure(first)
        ):
            self.note(line, f"note, skipped: {_shown(cells)}")
            return True
        return False

    def _check_delimiter(self, line: int, cell: str) -> None:
        for other in DELIMITERS.replace(self.plain.delimiter, "") if self.plain.delimiter else "":
            if cell.count(other) >= max(len(self.columns) - 2, 2):
                reason = (
                    f"separates its cells by “{other}”, the headings by “{self.plain.delimiter}”"
                )
                raise FileErrors([self.plain.error(line, "", reason)])

    def _row(self, line: int, cells: Sequence[str]) -> Row:
        """A row whose missing last cells are empty. Raises FileErrors for one that is too long.

        Empty cells beyond the headings are the spreadsheet’s if most rows have them; in one row
        they are a sign that a separator within a cell has moved the others.
        """
        if any(cell.strip() for cell in cells[len(self.columns) :]) or len(cells) > self.width:
            reason = (
                f"has {len(cells)} cells, the header {len(self.columns)}: a cell with a "
                "separator in it needs quotation marks"
            )
            raise FileErrors([self.plain.error(line, "", reason)])
        padded = [*cells[: len(self.columns)], *[""] * (len(self.columns) - len(cells))]
        longest = max(padded, key=len)
        if len(longest) > 10_000:
            raise FileErrors([self.plain.error(line, "", "has a cell of over 10,000 characters")])
        texts = {name: tidy(padded[at]) for name, at in self.headings.positions.items()}
        return Row(self.file, line, texts, self.sheet, self.headings.shown)

    def _fill_down(self, rows: list[Row]) -> list[Row]:
        """Skip totals, then name areas in every row of a table that names each only once."""
        rows = [row for row in rows if not self._is_total(row)]
        if not (self.has("votes") or self.has("party_name")):
            return rows
        if self.has("ballot"):
            for region in ("region_name", "electoral_region"):
                self._repeat(_of_regions(rows, region), region, [region], "region")
        # A regional list without a name is of its region, not of the constituency above it.
        for is_list in (False, True):
            some = [each for each in rows if _is_of_lists(each) is is_list]
            self._repeat(some, "constituency_name", NAMED_ONCE, "area")
        return rows

    def _repeat(self, rows: Sequence[Row], column: str, filled: Sequence[str], what: str) -> None:
        """Repeat columns down to the next cell of `column`, if that has each name once."""
        names = [row.cells[column] for row in rows if row.cells.get(column)]
        is_named_once = len(names) == len(set(names)) < len(rows)
        if not names or not rows[0].cells[column] or not is_named_once:
            return
        self.note(
            rows[0].line, f"each {what} is named once: the rows below it are taken to be of it"
        )
        above: dict[str, str] = {}
        for row in rows:
            if row.cells[column]:
                above = {name: row.cells.get(name, "") for name in filled}
            row.cells.update(
                {
                    name: text
                    for name, text in above.items()
                    if name in row.cells and not row.cells[name]
                }
            )

    def _is_total(self, row: Row) -> bool:
        """Whether a row is a total or a figure, without code and party; adds a note then."""
        cells = row.cells
        if any(
            cells.get(name) for name in ("ons_id", "person_id", "ballot_paper_id", "ec_party_id")
        ):
            return False
        who = cells.get("person_name") or cells.get("surname") or ""
        where = cells.get("constituency_name", "")
        first = next((text for text in cells.values() if text), "")
        by_candidate = "person_name" in cells or "surname" in cells
        if by_candidate and not cells.get("party_name") and row_kinds.is_figure(who or where):
            kind = "figure among the candidates"
        elif row_kinds.is_total(who or where or first) and not cells.get("party_name"):
            kind = "total"
        else:
            return False
        self.note(row.line, f"{kind}, skipped: {_shown(list(cells.values()))}")
        return True


def read_tables(file: Path, options: ReadOptions) -> list[Table]:
    """Read each table of a file: more than one only where several sheets were asked for."""
    return [
        Table(file, options, plain_table=plain_table)
        for plain_table in read_plain_tables(file, options)
    ]


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _shown(cells: Sequence[str]) -> str:
    return " | ".join(text for cell in cells if (text := tidy(cell)))[:100]


# Most cells of a large table say what others say: a party, a region, nothing.
@lru_cache(maxsize=4096)
def tidy(cell: str) -> str:
    """Strip a cell of extra blanks and invisible characters, and repair its encoding."""
    # Late, because only what reads a table needs it: it takes long to import.
    from ftfy import fix_encoding

    text = _collapse_blanks(clean_text(CONTROLS.sub("", fix_encoding(_collapse_blanks(cell)))))
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS else text


def _collapse_blanks(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()


def _is_of_lists(row: Row) -> bool:
    return row_kinds.is_of_lists(row.cells.get("ballot", ""))


def _of_regions(rows: Sequence[Row], column: str) -> Sequence[Row]:
    """The rows that a region named once may stand for: those of lists alone, if it has no others.

    Constituencies below all lists, without regions, are not of the last list's region.
    """
    named: list[list[Row]] = [[]]
    for row in rows:
        if row.cells.get(column):
            named.append([])
        named[-1].append(row)
    has_lists_alone = any(all(map(_is_of_lists, some)) for some in named[1:])
    return [row for row in rows if _is_of_lists(row)] if has_lists_alone else rows

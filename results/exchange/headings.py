"""Find a table's headings and the fields they stand for, and ask where they do not say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from results.exchange import columns, layouts
from results.exchange.errors import Choice, FileErrors, FileQuestions, Question
from results.exchange.options import ReadOptions
from results.exchange.plain_table import HEADER_ROWS, PlainTable, header_score, is_figure

#: Rows of the table that a question shows.
SHOWN_ROWS = 3
#: Key of `ReadOptions.columns` that accepts the guessed headings.
GUESSED = "guessed"
DESCRIPTION = "party_description_text"
#: Fields that no reader uses, so that two columns for one of them raise no question.
UNUSED = frozenset({"county_name", "source", "second_party", "result", "status"})


@dataclass(slots=True)
class Headings:
    """The headings of a table's columns, and the fields that they stand for.

    `positions` are columns by field; `shown` are headings by field, where they differ. `above`
    counts the rows of a title, and `first_row` those up to the first row of data.
    """

    table: PlainTable
    options: ReadOptions
    texts: list[str]
    above: int
    first_row: int
    positions: dict[str, int] = field(default_factory=dict)
    has_names: bool = True
    shown: dict[str, str] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)

    def require(self, names: Iterable[str]) -> dict[str, str]:
        """Return fields that were guessed, if allowed, with their previous names.

        Raises FileQuestions for fields without a column, unless an answer says so.
        """
        guessed: dict[str, str] = {}
        missing = [
            name
            for name in names
            if name not in self.positions and self.options.columns.get(name) != ""
        ]
        if GUESSED in self.options.columns:
            for name in missing:
                if guess := self._guess(name, missing):
                    guessed[name] = self._assign(name, self.texts.index(guess))
            missing = [name for name in missing if name not in self.positions]
        if missing:
            raise FileQuestions([self._which_column(name, missing) for name in missing])
        return guessed

    def rename(self, old: str, new: str) -> None:
        """Assign the column of field `old` to field `new`."""
        self._assign(new, self.positions[old])

    @property
    def free(self) -> list[str]:
        """Headings that stand for neither a field nor a party."""
        return [
            text
            for at, text in enumerate(self.texts)
            if text
            and columns.field_of(text) not in columns.FIELDS
            and not columns.party_of(text)
            and self.fields[at] not in columns.FIELDS
        ]

    def _guess(self, name: str, missing: Sequence[str]) -> str | None:
        """The likeliest column of a field; a table of ballot papers has descriptions of parties."""
        description = self.positions.get(DESCRIPTION)
        if name == "party_name" and description is not None:
            return self.texts[description]
        alike = [each for each in missing if (each in columns.COUNTS) == (name in columns.COUNTS)]
        return columns.guess(name, self._fitting(name), only_one_missing=len(alike) == 1)

    def _fitting(self, name: str) -> list[str]:
        """Free headings above figures, if the field is a figure; else those above words."""
        rows = [cells for _line, cells in self.table.rows[self.first_row :][:HEADER_ROWS]]
        wanted = name in columns.COUNTS
        return [
            text
            for text in self.free
            if wanted == any(is_figure(cell) for cell in _cells(rows, self.texts.index(text)))
        ]

    def _assign(self, name: str, at: int) -> str:
        earlier = self.fields[at]
        if self.positions.get(earlier) == at:
            del self.positions[earlier]
        self.positions[name] = at
        self.fields[at] = name
        self.shown[name] = self.texts[at]
        return earlier

    def _which_column(self, name: str, missing: Sequence[str]) -> Question:
        label = columns.LABELS.get(name, name.replace("_", " "))
        reason = f"column is missing: which has {label}?"
        fitting = self._fitting(name)
        guess = self._guess(name, missing)
        if not fitting and guess is None:
            reason += " No other column may be it: add one to the file"
        choices = [
            _choice(name, text) for text in dict.fromkeys([*fitting, *filter(None, [guess])])
        ]
        if name == "votes" and "elected" in self.positions:
            choices.append(Choice(option='--columns "votes="', label="only the winners are known"))
        return self._ask(name, name, reason, choices, _choice(name, guess) if guess else None)

    def _ask(
        self, name: str, column: str, reason: str, choices: Sequence[Choice], guess: Choice | None
    ) -> Question:
        rows = [cells for _line, cells in self.table.rows[self.first_row :][:SHOWN_ROWS]]
        line = self.table.rows[self.above][0]
        return Question(
            about=self.table.error(line, column, reason),
            name=name,
            choices=choices,
            guess=guess,
            headings=self.texts,
            rows=rows,
        )


def _cells(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [cells[at] for cells in rows if at < len(cells)]


def _choice(name: str, heading: str) -> Choice:
    return Choice(option=f'--columns "{name}={heading}"', label=f"“{heading}”")


def find_headings(table: PlainTable, options: ReadOptions, extra: Mapping[str, str]) -> Headings:
    """Find the row of headings and match it. `extra` are headings that only this reader knows.

    Raises FileQuestions for a table without headings, and where two columns are one field.
    """
    above = _header_row(table)
    if above is None:
        headings = _without_headings(table, options)
    else:
        texts = [_tidy(cell) for cell in table.rows[above][1]]
        while texts and not texts[-1]:
            texts.pop()
        headings = Headings(table, options, texts, above, above + 1)
    _match(headings, extra)
    return headings


def _tidy(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.replace("\ufeff", "")).strip()


def _header_row(table: PlainTable) -> int | None:
    """The row with the most known headings; None if the table begins with data."""
    scores = [header_score(cells) for _line, cells in table.rows[:HEADER_ROWS]]
    if max(scores) >= 2:
        return scores.index(max(scores))
    first = [cell for cell in table.rows[0][1] if cell.strip()]
    return None if any(cell.strip().isdigit() or _CODE.fullmatch(cell) for cell in first) else 0


_CODE = re.compile(r"[EWSN]\d{8}")


BY_NUMBER = "by number, for each column needed"


def _without_headings(table: PlainTable, options: ReadOptions) -> Headings:
    """Headings of the guessed layout, or numbers if columns are given by number."""
    width = max(len(cells) for _line, cells in table.rows)
    numbers = [f"column {at}" for at in range(1, width + 1)]
    headings = Headings(table, options, numbers, 0, 0, has_names=False)
    layout = layouts.recognise([cells for _line, cells in table.rows])
    if layout and GUESSED in options.columns:
        headings.texts = list(layout.columns)
    elif not options.columns:
        guess = Choice(option=f"--columns {GUESSED}", label=layout.name) if layout else None
        number = Choice(option=_by_number(table, width), label=BY_NUMBER)
        reason = "has no headings: which column is which?"
        question = headings._ask(
            "headings", "", reason, [guess, number] if guess else [number], guess
        )
        raise FileQuestions([question])
    return headings


def _by_number(table: PlainTable, width: int) -> str:
    """The option that names the votes by number: the last column of whole numbers only."""
    cells = [cells for _line, cells in table.rows]
    numeric = [at for at in range(width) if _are_numbers(_cells(cells, at))]
    return f'--columns "votes={(numeric or [width - 1])[-1] + 1}"'


def _are_numbers(texts: Sequence[str]) -> bool:
    plain = [text.strip().replace(",", "") for text in texts]
    return all(text.isdigit() or not text for text in plain) and any(plain)


def _match(headings: Headings, extra: Mapping[str, str]) -> None:
    """Fill `fields`, `positions` and `shown`; ask if two columns stand for one field."""
    answers = _answers(headings)
    plain = [columns.plain(text) for text in headings.texts]
    for at, text in enumerate(headings.texts):
        name = columns.field_of(text)
        if columns.plain(text) in columns.YIELDING:
            theirs, other = columns.YIELDING[columns.plain(text)]
            if theirs in plain:
                name = other if other not in plain else ""
        headings.fields.append(answers.get(at, _extra(headings, name, extra)))
        if at not in answers and headings.fields[at] in answers.values():
            headings.fields[at] = f"other_{at}"  # an answer named another column for this field
    questions = []
    for name in dict.fromkeys(filter(None, headings.fields)):
        found = [at for at, other in enumerate(headings.fields) if other == name]
        if len(found) > 1 and _matters(name, headings, found):
            questions.append(_repeated(headings, name, found))
        headings.positions[name] = found[0]
        headings.shown[name] = headings.texts[found[0]]
    if questions:
        raise FileQuestions(questions)


def _extra(headings: Headings, name: str, extra: Mapping[str, str]) -> str:
    """The field of a name that only this kind of file uses, unless another column has it.

    “Name” is the candidate’s where the area has a column, the area’s in a table of areas; in any
    other it is asked for.
    """
    known = {columns.field_of(text) for text in headings.texts}
    area, who = "constituency_name", {"surname", "person_name"}
    by_default = name
    if area in known and not known & who:
        by_default = "person_name"
    elif area in known or known & {"electorate", "valid_votes", "ons_id", *who}:
        by_default = area
    wanted = extra.get(name, by_default if name == "name" else name)
    taken = any(columns.field_of(text) == wanted for text in headings.texts)
    return name if name != wanted and taken else wanted


def _answers(headings: Headings) -> dict[int, str]:
    """Fields of columns given in answers, by position. Raises FileErrors for unknown columns."""
    found: dict[int, str] = {}
    plain = [columns.plain(text) for text in headings.texts]
    for name, heading in headings.options.columns.items():
        if name == GUESSED or not heading:
            continue
        if columns.plain(heading) in plain:
            found[plain.index(columns.plain(heading))] = columns.field_of(name)
        elif (
            (at := _number(heading)) is not None
            and at < len(plain)
            and _takes_number(headings, name)
        ):
            found[at] = columns.field_of(name)
    return found


def _takes_number(headings: Headings, name: str) -> bool:
    """Whether a column number applies to this table rather than to another read with it."""
    return not headings.has_names or any(
        columns.field_of(text) == columns.field_of(name) for text in headings.texts
    )


def _number(text: str) -> int | None:
    """A column’s position by number from 1, or by letters as spreadsheets have them."""
    if re.fullmatch(r"[0-9]{1,4}", text):
        return int(text) - 1
    if re.fullmatch(r"[A-Z]{1,2}", text):
        first, *second = (ord(letter) - ord("A") for letter in text)
        return (first + 1) * 26 + second[0] if second else first
    return None


def _matters(name: str, headings: Headings, found: Sequence[int]) -> bool:
    """Whether columns for one field are used, and differ in some row."""
    if name in UNUSED or (name not in columns.FIELDS and columns.party_of(name) is None):
        return False
    if len({columns.plain(headings.texts[at]) for at in found}) < len(found):
        return True
    rows = headings.table.rows[headings.first_row :]
    return any(
        len({cells[at].strip() for at in found if at < len(cells)}) > 1 for _line, cells in rows
    )


def _repeated(headings: Headings, name: str, found: Sequence[int]) -> Question:
    texts = [headings.texts[at] for at in found]
    where = " and ".join(f"{at + 1} (“{headings.texts[at]}”)" for at in found)
    reason = f"is there more than once, in columns {where}: which is to be read?"
    choices = [
        Choice(
            option=f'--columns "{name}={at + 1}"', label=f"column {at + 1}, “{headings.texts[at]}”"
        )
        for at in found
    ]
    return headings._ask(name, texts[0], reason, choices, None)


def unknown_answers(options: ReadOptions, tables: Sequence[Headings]) -> FileErrors | None:
    """Errors for columns given in answers that no table has; None without any."""
    errors = []
    for name, heading in options.columns.items():
        if name == GUESSED or not heading:
            continue
        if not any(columns.field_of(name) in table.positions for table in tables):
            known = ", ".join(f"“{text}”" for text in tables[0].texts if text)
            reason = f"there is no column “{heading}”; there are {known}"
            errors.append(tables[0].table.error(0, name, reason))
    return FileErrors(errors) if errors else None

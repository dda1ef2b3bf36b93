"""Errors in a file that is loaded, and questions about it, with file, line and column."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileError:
    """One error in a file. `line` counts from 1, 0 is the whole file; `sheet` is of a workbook."""

    file: Path
    line: int
    column: str
    error: str
    sheet: str = ""

    def __str__(self) -> str:
        if self.sheet:
            row = f", row {self.line}" if self.line else ""
            location = f"{self.file}, sheet “{self.sheet}”{row}"
        else:
            location = f"{self.file}:{self.line}" if self.line else str(self.file)
        return ": ".join(part for part in (location, self.column, self.error) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question: `option` is the command's option that gives it."""

    option: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that a file leaves open, as data that a command prints and a page can render.

    `name` is what is asked for: a field of `columns.FIELDS`, `sheet` or `dates`. `rows` are the
    first rows, under `headings`. `guess` is the likeliest of `choices`, or None.
    """

    about: FileError
    name: str
    choices: Sequence[Choice]
    guess: Choice | None = None
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())

    def __str__(self) -> str:
        return self.as_text()

    def as_text(self, *, with_rows: bool = True) -> str:
        """Text for a terminal; without the rows after another question about the same table."""
        lines = [str(self.about)]
        if self.headings and with_rows:
            lines += _as_table(self.headings, self.rows)
        if self.guess:
            lines.append(f"  Answer with {self.guess.option}  if it is {self.guess.label}.")
        others = [choice for choice in self.choices if choice != self.guess]
        if others:
            lines.append(f"  {'Or' if self.guess else 'Answer with'} {_listed(others)}.")
        return "\n".join(lines)


#: How much of a file a question shows on a terminal.
MAX_CHOICES, MAX_COLUMNS, MAX_CELL = 12, 40, 40


def _listed(choices: Sequence[Choice]) -> str:
    shown = [f"{choice.option} ({choice.label})" for choice in choices[:MAX_CHOICES]]
    return ", ".join(shown) + (", …" if len(choices) > MAX_CHOICES else "")


def _as_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "  " + " | ".join(cell[:MAX_CELL] for cell in _filled(row)[:MAX_COLUMNS])
        for row in (headings, *rows)
    ]


def _filled(row: Sequence[str]) -> Sequence[str]:
    """The row up to its last non-empty cell: sheets are wider than their tables."""
    width = max((at for at, cell in enumerate(row, start=1) if cell.strip()), default=0)
    return row[:width]


def questions_as_text(questions: Sequence[Question]) -> str:
    """The questions with the first rows of each table once."""
    shown: list[tuple[Path, str]] = []
    texts = []
    for question in questions:
        table = (question.about.file, question.about.sheet)
        texts.append(question.as_text(with_rows=table not in shown))
        shown.append(table)
    return "\n".join(texts)


def counted(number: int, noun: str, plural: str = "") -> str:
    """“1 seat”, “2 seats”; `plural` is the noun's own, if it has one."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


class FileErrors(Exception):
    """A file cannot be loaded, and nothing of it has been. `errors` lists all its errors."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


class FileQuestions(FileErrors):
    """A file can be loaded once its `questions` are answered; `errors` states them in short."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__([question.about for question in questions])


class Collected:
    """Collects errors and questions of several rows or files, raised in its `with` block."""

    def __init__(self) -> None:
        self.errors: list[FileError] = []
        self.questions: list[FileQuestions] = []

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, exc: BaseException | None, traceback: object) -> bool:
        if isinstance(exc, FileErrors):
            self.add(exc)
            return True
        return False

    def add(self, exc: FileErrors) -> None:
        if isinstance(exc, FileQuestions):
            self.questions.append(exc)
        else:
            self.errors += exc.errors

    def raise_if_any(self) -> None:
        """Raise FileErrors, or FileQuestions if there are only questions."""
        if self.errors:
            raise FileErrors([*self.errors, *(e for asked in self.questions for e in asked.errors)])
        if self.questions:
            raise FileQuestions([q for asked in self.questions for q in asked.questions])

"""Errors in a file that is loaded, with file, line and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileError:
    """One error. `line` counts from 1; 0 is the file as a whole."""

    file: Path
    line: int
    column: str
    error: str

    def __str__(self) -> str:
        location = f"{self.file}:{self.line}" if self.line else str(self.file)
        return ": ".join(part for part in (location, self.column, self.error) if part)


class FileErrors(Exception):
    """A file cannot be loaded; nothing of it has been. `errors` has all that is wrong with it."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))

"""What is wrong with a file, and where: file, line, column and fault, for whoever must mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileError:
    """One fault. ``line`` counts from 1 as an editor does; 0 is the file as a whole."""

    file: Path
    line: int
    column: str
    error: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.column}: {self.error}" if self.column else f"{place}: {self.error}"


class FileErrors(Exception):
    """A file that cannot be loaded. Nothing of it has been."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))

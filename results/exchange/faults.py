"""What is wrong with a file, and where: file, line, column and fault, for whoever must mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``line`` counts from 1 as an editor does; 0 is the file as a whole."""

    file: Path
    line: int
    column: str
    fault: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.column}: {self.fault}" if self.column else f"{place}: {self.fault}"


class BadFile(Exception):
    """A file that cannot be loaded. Nothing of it has been."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))

"""Extract the commands of a documentation page, by section."""

import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"#+ (?P<title>.+)")
REASON = re.compile(r"<!-- not run: (?P<reason>.+) -->")


@dataclass(frozen=True)
class Block:
    """A fenced block of commands; `not_run` says why a test cannot run it, or is empty."""

    section: str
    line: int
    commands: str
    not_run: str


def blocks(page: Path) -> list[Block]:
    """Every fenced block of `page`, in order."""
    fenced: list[Block] = []
    section, reason, start = "", "", 0
    collected: list[str] | None = None
    for number, line in enumerate(page.read_text().splitlines(), start=1):
        if line.strip().startswith("```"):
            if collected is None:
                collected, start = [], number + 1
            else:
                fenced.append(Block(section, start, _dedented(collected), reason))
                collected, reason = None, ""
        elif collected is not None:
            collected.append(line)
        elif heading := HEADING.fullmatch(line):
            section = heading["title"]
        elif why := REASON.fullmatch(line.strip()):
            reason = why["reason"]
    return fenced


def _dedented(lines: list[str]) -> str:
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines) + "\n"

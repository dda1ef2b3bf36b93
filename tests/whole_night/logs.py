"""What the processes and nginx have logged as warnings and errors, but for what is explained."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from tests.whole_night.production import Production

LOUD = {"WARNING", "ERROR", "CRITICAL"}
#: What may be logged, and why.
EXPLAINED: dict[str, str] = {}


def unexplained(production: Production) -> Counter[str]:
    """Each unexplained line by the process, without its numbers, and how often it was written."""
    found: Counter[str] = Counter()
    for name, server in production.processes.items():
        found.update(f"{name}: {line}" for line in _loud(server.output()))
    return found


def _loud(log: str) -> Iterator[str]:
    for line in log.splitlines():
        text = _words(line)
        if text and not any(re.search(pattern, text) for pattern in EXPLAINED):
            yield text


def _words(line: str) -> str:
    """The words of a line that a person should look at; empty for any other."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line.strip()
    if not isinstance(entry, dict) or entry.get("level") not in LOUD:
        return ""
    more = str(entry.get("exception") or entry.get("exc_info") or "").strip()
    last = more.splitlines()[-1] if more else ""
    return f"{entry['level']} {entry.get('logger')} {entry.get('message')} {last}".strip()


def statuses(production: Production) -> Counter[str]:
    """nginx's answers of 5xx, by the first parts of the path."""
    log = production.nginx.folder / "access.log"
    found: Counter[str] = Counter()
    for line in log.read_text().splitlines():
        match = re.search(r'"(\w+) ([^" ]*)" (5\d\d|499) ', line)
        if match:
            path = "/".join(match[2].split("?")[0].split("/")[:3])
            found[f"{match[3]} {match[1]} {path}"] += 1
    return found

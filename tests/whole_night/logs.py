"""What the processes have logged as warnings and errors, but for what is explained."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from tests.whole_night.production import Production

LOUD = {"WARNING", "ERROR", "CRITICAL"}
#: What may be logged, and why.
EXPLAINED = {
    r"django\.request Unprocessable Entity: /api/": "the agency is asked for a reason",
    r"daphne\.server Application instance .* took too long": "a phone left while it was answered",
    r"channels_redis\.pubsub Unexpected exception .*ConnectionError": "Redis restarts",
    r"channel layer away": "Redis restarts",
    r"not sent: .*; hubs poll": "Redis restarts, or a process that stops ends its event loop",
    r"psycopg\.pool discarding closed connection": "PostgreSQL restarts",
    r"psycopg\.pool error connecting": "PostgreSQL restarts",
    r"could not read the (log|audit trail)": "PostgreSQL restarts",
    r"could not (check the session|store how many readers)": "PostgreSQL restarts",
    r"no tasks are done until the database answers": "PostgreSQL restarts",
    r"^Serving the desk on ": "a process starts",
    r"no close of poll is published until the database answers": "PostgreSQL restarts",
    r"Internal Server Error: .*(terminating connection|server closed|while processing the request)":
        "PostgreSQL restarts",
    r"Internal Server Error: .*(the database system is|Connection refused)": "PostgreSQL restarts",
}  # fmt: skip


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
            yield re.sub(r"0x[0-9a-f]+", "0x…", text)


def _words(line: str) -> str:
    """The words of a line that a person should look at; empty for any other."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line.strip()
    if not isinstance(entry, dict) or entry.get("level") not in LOUD:
        return ""
    more = str(entry.get("exception") or "").strip()
    last = more.splitlines()[-1].strip() if more else ""
    return f"{entry['level']} {entry.get('logger')} {entry.get('message')} {last}".strip()


def statuses(production: Production) -> Counter[str]:
    """nginx's answers of 5xx, and requests whose clients left, by the beginning of the path."""
    log = production.nginx.folder / "access.log"
    found: Counter[str] = Counter()
    for line in log.read_text().splitlines():
        match = re.search(r'"(\w+) ([^" ]*)" (5\d\d|499) ', line)
        if match:
            path = "/".join(match[2].split("?")[0].split("/")[:3])
            found[f"{match[3]} {match[1]} {path}"] += 1
    return found

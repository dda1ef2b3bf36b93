"""What the processes have logged as warnings and errors, but for what is explained."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.whole_night.production import CROWD_LEAVES, KILLS, Production, Stage

LOUD = {"WARNING", "ERROR", "CRITICAL"}
#: A line belongs to what was done to the processes if it is written so long after that.
AFTER_SECONDS = 60.0
DEPLOY, REDIS, POSTGRES = {"deploy"}, {"Redis restarts"}, {"PostgreSQL restarts"}
STARTS = DEPLOY | KILLS
ANY = STARTS | REDIS | POSTGRES
ALWAYS: set[str] = set()


@dataclass(frozen=True)
class Line:
    """A line that a person should look at; `at` is in seconds of the epoch, None if unknown."""

    at: float | None
    text: str


#: What may be written, and which stages of the night explain it; ALWAYS needs none.
DESK = {
    # The agency is asked for a reason.
    r"django\.request Unprocessable Entity: /api/": ALWAYS,
    # A phone left while it was answered.
    r"daphne\.server Application instance .* took too long": ALWAYS,
    r"channels_redis\.pubsub Unexpected exception .*ConnectionError": REDIS,
    r"channel layer away": REDIS,
    # A process that stops ends its event loop.
    r"not sent: .*; hubs poll": REDIS | STARTS,
    r"psycopg\.pool discarding closed connection": POSTGRES,
    r"psycopg\.pool error connecting": POSTGRES,
    r"could not read the (log|audit trail)": POSTGRES,
    r"could not (check the session|store how many readers)": POSTGRES,
    # The worker, and each thread that polls for what is due.
    r" until the database answers": POSTGRES,
    r"^Serving the desk on ": ALWAYS,
    r"Service Unavailable: .*(terminating connection|server closed|while processing the request)":
        POSTGRES,
    # Of the query after the one that was cut, in an “if” of two conditions: Django takes it for
    # false.
    r"Service Unavailable: .*the connection is closed": POSTGRES,
    r"Service Unavailable: .*(the database system is|Connection refused)": POSTGRES,
}  # fmt: skip
NGINX = {
    r"connect\(\) failed \(111: .* to upstream": STARTS,
    # A phone without a signal answers no ping: after two intervals its socket is dropped.
    r"recv\(\) failed \(104: .* proxying upgraded connection.* \"GET /count/socket/ ": ALWAYS,
    # A reader who leaves answers a ping that was sent before: the answer comes after the close, at
    # which the process has closed the connection. The reader is gone, and loses nothing.
    r"recv\(\) failed \(104: .* proxying upgraded connection.* \"GET /live/": STARTS
    | {CROWD_LEAVES},
    r"(recv\(\) failed|upstream prematurely closed|no live upstreams)": STARTS,
    r"upstream server temporarily disabled": STARTS,
    # A process answered 503 to a copy that was being made again while it was served.
    r"connect\(\) to unix:/last-copy-only failed": POSTGRES,
}
POSTGRES_LOG = {
    # The tests ask for a database at each start.
    r'ERROR:  database "desk" already exists': POSTGRES,
    r"FATAL:  terminating connection due to administrator command": POSTGRES,
    r"FATAL:  the database system is shutting down": POSTGRES,
    # It is asked until it is ready.
    r"FATAL:  the database system is starting up": ALWAYS,
}
REDIS_LOG = {
    r"(Redis is (starting|now ready to exit)|Redis version=|Configuration loaded|Server initialized"
    r"|User requested shutdown)": ALWAYS,
    # Of the machine, which Redis asks to be set up in another way.
    r"WARNING Memory overcommit must be enabled": ALWAYS,
}


def unexplained(production: Production) -> Counter[str]:
    """Each unexplained line by the process, without what is its own, and how often it came."""
    found: Counter[str] = Counter()
    logs = [(name, _loud(server.output()), DESK) for name, server in production.processes.items()]
    logs += [
        ("nginx", _of_nginx(production), NGINX),
        ("PostgreSQL", _of_postgres(production), POSTGRES_LOG),
        ("Redis", _of_redis(production), REDIS_LOG),
    ]
    for name, lines, explained in logs:
        for line in lines:
            if not _is_explained(line, explained, production.stages):
                found[f"{name}: {_general(line.text)}"] += 1
    return found


def _is_explained(line: Line, explained: dict[str, set[str]], stages: list[Stage]) -> bool:
    for pattern, causes in explained.items():
        if re.search(pattern, line.text):
            return not causes or line.at is None or _is_within(line.at, causes, stages)
    return False


def _is_within(at: float, causes: set[str], stages: list[Stage]) -> bool:
    """Whether this moment, of whole seconds, is in or soon after one of these stages."""
    return any(
        name in causes and began - 1 <= at <= ended + AFTER_SECONDS for began, ended, name in stages
    )


def _general(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x…", text.split(", client: ")[0])[:400]


# --- The logs of each kind -----------------------------------------------------------------------


def _loud(log: str) -> Iterator[Line]:
    for line in log.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict):
            if line.strip():
                yield Line(None, line.strip())
        elif entry.get("level") in LOUD:
            yield Line(datetime.fromisoformat(entry["at"]).timestamp(), _words(entry))


def _words(entry: dict[str, object]) -> str:
    more = str(entry.get("exception") or "").strip()
    last = more.splitlines()[-1].strip() if more else ""
    return f"{entry['level']} {entry.get('logger')} {entry.get('message')} {last}".strip()


def _of_nginx(production: Production) -> Iterator[Line]:
    for line in (production.nginx.folder / "error.log").read_text().splitlines():
        at = datetime.strptime(line[:19], "%Y/%m/%d %H:%M:%S").astimezone().timestamp()
        text = re.sub(r"^\d+#\d+: (\*\d+ )?", "", line[20:].split("] ", 1)[1])
        yield Line(at, text)


def _of_postgres(production: Production) -> Iterator[Line]:
    for line in production.postgres.output().splitlines():
        match = re.match(r"(\S+ \S+) GMT \[\d+\] ((WARNING|ERROR|FATAL|PANIC):.*)", line)
        if match:
            yield Line(datetime.fromisoformat(f"{match[1]}+00:00").timestamp(), match[2])


def _of_redis(production: Production) -> Iterator[Line]:
    for line in production.redis.output().splitlines():
        match = re.search(r" # (.*)", line)
        if match:
            yield Line(None, match[1])


def statuses(production: Production) -> Counter[str]:
    """nginx's answers of 5xx, and requests whose clients left, by the beginning of the path."""
    return Counter(f"{status} {what}" for _at, status, what in _answers(production))


def errors_at_rest(production: Production) -> Counter[str]:
    """The answers of 5xx while nothing was done to the processes: nobody should have had one."""
    return Counter(
        f"{status} {what}"
        for at, status, what in _answers(production)
        if status != "499" and not _is_within(at, ANY, production.stages)
    )


def _answers(production: Production) -> Iterator[tuple[float, str, str]]:
    log = production.nginx.folder / "access.log"
    for line in log.read_text().splitlines():
        match = re.search(r'\[([^\]]*)\].* "(\w+) ([^" ]*)" (5\d\d|499) ', line)
        if match:
            at = datetime.strptime(match[1], "%d/%b/%Y:%H:%M:%S %z").timestamp()
            path = "/".join(match[3].split("?")[0].split("/")[:3])
            yield at, match[4], f"{match[2]} {path}"

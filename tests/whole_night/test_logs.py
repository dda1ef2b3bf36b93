"""The judge of a whole night's logs: a warning is explained by what was done at that time."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from results.desk.close_of_poll import CloseOfPollThread
from results.desk.polling_thread import PollingThread
from results.desk.worker_status import WorkerReport
from results.push.follower import PushFollower
from results.webhooks.follower import WebhookFollower
from tests.whole_night.logs import errors_at_rest, unexplained
from tests.whole_night.production import CROWD_LEAVES

#: When Redis and PostgreSQL are restarted, and a process for writers killed: seconds of the epoch.
STAGES = [(1_000.0, 1_001.0, "Redis restarts"), (2_000.0, 2_006.0, "writers 1 is killed")]
STAGES += [(3_000.0, 3_001.0, "PostgreSQL restarts")]
REFUSED = "connect() failed (111: Connection refused) while connecting to upstream"


def night(folder: Path, **logs: str) -> Any:
    """A night's processes as the judge reads them, by the text of their logs."""
    for name in ("access", "error"):
        (folder / f"{name}.log").write_text(logs.get(name, ""))
    written = {
        name: SimpleNamespace(output=partial(logs.get, name, ""))
        for name in ("desk", "postgres", "redis")
    }
    return SimpleNamespace(
        processes={"readers 1": written["desk"]},
        nginx=SimpleNamespace(folder=folder),
        postgres=written["postgres"],
        redis=written["redis"],
        stages=STAGES,
    )


def entry(at: str, message: str, level: str = "WARNING") -> str:
    return json.dumps({"at": at, "level": level, "logger": "results.live", "message": message})


@pytest.mark.parametrize(
    ("at", "explained"),
    [("1970-01-01T00:16:41+0000", True), ("1970-01-01T00:33:21+0000", False)],
)
def test_explains_a_warning_only_by_what_was_done_then(
    tmp_path: Path, at: str, explained: bool
) -> None:
    found = unexplained(night(tmp_path, desk=entry(at, "channel layer away")))
    assert bool(found) is not explained


@pytest.mark.parametrize("thread", [CloseOfPollThread, WorkerReport, PushFollower, WebhookFollower])
def test_explains_that_each_thread_waits_for_the_database(
    tmp_path: Path, thread: type[PollingThread]
) -> None:
    words = f"{thread.does} until the database answers: server closed the connection unexpectedly"
    assert thread.does
    assert not unexplained(night(tmp_path, desk=entry("1970-01-01T00:50:01+0000", words)))
    assert unexplained(night(tmp_path, desk=entry("1970-01-01T00:16:41+0000", words)))


def test_reports_a_warning_that_nothing_explains(tmp_path: Path) -> None:
    at = "1970-01-01T00:16:41+0000"
    log = "\n".join([entry(at, "a page is 3 MB"), entry(at, "all is well", "INFO")])
    assert unexplained(night(tmp_path, desk=log)) == {
        "readers 1: WARNING results.live a page is 3 MB": 1
    }


def local_time(seconds: float) -> str:
    """A moment as nginx writes it in its log of errors, without a zone."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y/%m/%d %H:%M:%S")


def test_reports_what_the_services_have_written(tmp_path: Path) -> None:
    found = unexplained(
        night(
            tmp_path,
            error="\n".join(f"{local_time(at)} [error] 7#7: *3 {REFUSED}" for at in (2_001, 3_600)),
            postgres="1970-01-01 00:16:41.5 GMT [7] ERROR:  deadlock detected\n"
            "1970-01-01 00:16:41.5 GMT [7] LOG:  checkpoint starting: time",
            redis="7:M 01 Jan 1970 00:16:41.000 # Out Of Memory allocating 7 bytes",
        )
    )
    assert found == {
        f"nginx: {REFUSED}": 1,
        "PostgreSQL: ERROR:  deadlock detected": 1,
        "Redis: Out Of Memory allocating 7 bytes": 1,
    }


def test_a_phone_that_answers_no_ping_is_dropped_at_any_time(tmp_path: Path) -> None:
    dropped = (
        f"{local_time(3_600)} [error] 7#7: *3 recv() failed (104: Connection reset by peer) while "
        'proxying upgraded connection, server: desk.example, request: "GET {} HTTP/1.1"'
    )
    log = "\n".join(dropped.format(path) for path in ("/count/socket/", "/live/ge/"))
    ((line, times),) = unexplained(night(tmp_path, error=log)).items()
    assert line.startswith("nginx: recv() failed (104")
    assert times == 1


def test_a_reader_who_leaves_with_the_crowd_may_answer_a_ping(tmp_path: Path) -> None:
    reset = (
        "{} [error] 7#7: *3 recv() failed (104: Connection reset by peer) while "
        'proxying upgraded connection, server: desk.example, request: "GET /live/ge/ HTTP/1.1"'
    )
    log = "\n".join(reset.format(local_time(at)) for at in (2_900, 3_001))
    production = night(tmp_path, error=log)
    assert unexplained(production).total() == 2
    production.stages = [*STAGES, (3_000.0, 3_000.5, CROWD_LEAVES)]
    assert unexplained(production).total() == 1


def test_reports_errors_while_nothing_was_done(tmp_path: Path) -> None:
    lines = (
        f'127.0.0.1 [01/Jan/1970:{at} +0000] 7 "GET {path}" {status} 7 0.1 -'
        for at, path, status in (
            ("00:33:25", "/ge/", 502),
            ("01:00:00", "/ge/leeds/?a=b", 500),
            ("01:00:00", "/ge/", 499),
        )
    )
    assert errors_at_rest(night(tmp_path, access="\n".join(lines))) == {"500 GET /ge/leeds": 1}

"""Background tasks, under the shipped settings and commands."""

import os
import select
import signal
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from electiondesk.worker import MOST_ATTEMPTS, DeskWorker
from tests.processes import START_SECONDS
from tests.seeds import tasks
from tests.servers import Server


class ShippedDesk(Server):
    settings = "electiondesk.settings"

    def does(self, name: str) -> int:
        """Enqueue a task and wait until it is done; return the process that did it."""
        file = self.folder / name
        self.seed(tasks.enqueue, name, str(file))
        self.wait_until(lambda: file.exists() and file.read_text().isdigit())
        return int(file.read_text())

    def begins(self, name: str) -> int:
        """Enqueue a task and wait until it has begun; return the process that does it."""
        file = self.folder / name
        self.seed(tasks.enqueue, name, str(file))
        self.wait_until(lambda: file.exists() and file.read_text().endswith("\n"))
        return int(file.read_text())


def ends(pid: int) -> bool:
    """Whether a process that is no child of the test ends soon."""
    descriptor = os.pidfd_open(pid)
    try:
        return bool(select.select([descriptor], [], [], START_SECONDS)[0])
    finally:
        os.close(descriptor)


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: bytes) -> ShippedDesk:
    (tmp_path / "desk.sqlite3").write_bytes(migrated_sqlite)
    return ShippedDesk(tmp_path)


def test_serve_keeps_a_worker_that_does_each_task_and_ends_with_it(
    desk: ShippedDesk, tmp_path: Path
) -> None:
    with desk:
        worker = desk.does("leave_pid")
        desk.wait_until(lambda: desk.readiness()[1]["worker"] == "ok")
        assert desk.process is not None
        assert worker != desk.process.pid
        # Its worker dies in the middle; the next one does the task again.
        assert desk.does("die_once") != worker
        second = int((tmp_path / "die_once").read_text())
        desk.wait_until(lambda: desk.seed(tasks.statuses) == ["SUCCESSFUL", "SUCCESSFUL"])
        desk.process.send_signal(signal.SIGKILL)
        assert ends(second)


def test_worker_that_is_told_to_end_leaves_its_task_to_the_next(
    desk: ShippedDesk, tmp_path: Path
) -> None:
    with desk:
        first = desk.begins("take_long")
        os.kill(first, signal.SIGTERM)
        assert ends(first)
        desk.wait_until(lambda: desk.seed(tasks.statuses) == ["SUCCESSFUL"])
        assert len((tmp_path / "take_long").read_text().split()) == 2
        # The first attempt's election was rolled back: its slug is unique.
        assert desk.seed(tasks.elections) == ["loaded"]


def test_worker_ends_in_the_middle_of_a_task_when_its_server_is_killed(
    desk: ShippedDesk, tmp_path: Path
) -> None:
    with desk:
        worker = desk.begins("take_long")
        assert desk.process is not None
        desk.process.send_signal(signal.SIGKILL)
        assert ends(worker)
    assert desk.seed(tasks.statuses) == ["READY"]
    assert desk.seed(tasks.elections) == []


def test_server_without_a_worker_publishes_the_close_of_poll_and_says_that_it_is_missing(
    tmp_path: Path, migrated_sqlite: bytes
) -> None:
    desk = ShippedDesk(tmp_path, options=("--no-worker",))
    (tmp_path / "desk.sqlite3").write_bytes(migrated_sqlite)
    desk.seed(tasks.create_night_past_its_close)
    with desk:
        desk.wait_until(lambda: "<h1>Polls have closed</h1>" in desk.get("/ge/"))
        desk.wait_until_ready()
        assert desk.readiness()[1]["worker"] == "missing"
        assert desk.seed(tasks.closes) == 1


def test_roles_with_processes_of_their_own_start_no_worker(
    make_desk: Callable[..., Server],
) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}
    with make_desk(environment=environment, options=("--role", "writers")) as desk:
        assert desk.process is not None
        threads = Path(f"/proc/{desk.process.pid}/task").glob("*/children")
        assert [child for path in threads for child in path.read_text().split()] == []


@pytest.mark.django_db
def test_worker_deletes_sessions_that_have_ended() -> None:
    """They hold who was signed in, and forms that waited for a sign-in."""
    for name, hours in (("ended", -1), ("open", 1)):
        ends = timezone.now() + timedelta(hours=hours)
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
    DeskWorker()._do_waiting()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


@pytest.mark.django_db
def test_idle_worker_only_reads() -> None:
    """The package's own asks under an exclusive lock, which results would wait for on SQLite."""
    worker = DeskWorker()
    worker._do_waiting()  # the first also forgets what was done long ago
    with CaptureQueriesContext(connection) as queries:
        worker._do_waiting()
    assert len(queries) == 2
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


@pytest.mark.django_db
def test_task_that_kills_its_worker_is_given_up() -> None:
    here = f"{socket.gethostname()[:40]}:999999999"
    task = DBTaskResult.objects.create(
        task_path="tests.seeds.tasks.die_once",
        args_kwargs={"args": [], "kwargs": {}},
        status="RUNNING",
        run_after=get_date_max(),
        backend_name="default",
        worker_ids=[here] * MOST_ATTEMPTS,
    )
    DeskWorker()._do_waiting()
    task.refresh_from_db()
    assert (task.status, "died 3 times" in task.traceback) == ("FAILED", True)

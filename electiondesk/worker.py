"""Run background tasks: one process, which waits for rows of the queue and does them in order.

`manage.py work` is the process. `manage.py serve` keeps one running beside a server of all roles;
deploy/ has a unit of its own.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from electiondesk.lifecycle.timeouts import (
    TASK_CLEAN_UP_SECONDS,
    TASK_POLL_SECONDS,
    TASK_RETRY_SECONDS,
)
from results.desk.close_of_poll import CloseOfPollThread
from results.desk.polling_thread import PollingConnection
from results.desk.worker_status import WorkerReport
from results.push.follower import PushFollower
from results.webhooks.follower import WebhookFollower

logger = logging.getLogger(__name__)

#: Attempts of a task whose worker dies each time, after which it has failed.
MOST_ATTEMPTS = 3
#: How long finished tasks are kept.
RETENTION = timedelta(days=7)
_FORGET_EVERY_SECONDS = 3600.0


class WorkerDiedError(Exception):
    """A task ended its worker each time that it was tried."""


class WorkerStopped(SystemExit):
    """The worker was told to end. Raised in the middle of its task, which rolls back."""


class _Attempt:
    """The row of a task that is being done, which waits again if the worker is stopped.

    The package's worker stores whatever exception ends a task as its failure.
    """

    def __init__(self, task: DBTaskResult[Any, Any]) -> None:
        self._task = task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)

    def set_failed(self, exc: BaseException) -> None:
        if not isinstance(exc, WorkerStopped):
            self._task.set_failed(exc)
            return
        logger.warning("task %s is done by the next worker", self._task.task_path)
        self._task.status = TaskResultStatus.READY
        self._task.worker_ids = self._task.worker_ids[:-1]  # it did not die of it
        self._task.save(update_fields=["status", "worker_ids"])
        raise exc


class DeskWorker(Worker):
    """The queue's worker, which takes no lock while there is nothing to do.

    The package's own asks under an exclusive transaction each second: on SQLite, that is the lock
    which reporters' results wait for. It ends at a signal, in the middle of a task as well: the
    next worker does that again. With `until_closed` it also ends once its standard input is closed,
    which happens however the process that started it ends.
    """

    def __init__(self, *, until_closed: bool = False) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:40]}:{os.getpid()}",
            excluded_queue_names=[],
        )
        self._until_closed = until_closed
        self._forgotten_at = -_FORGET_EVERY_SECONDS

    def work(self) -> None:
        """Do what is waiting, then wait for more, until a signal."""
        self.configure_signals()
        WorkerReport(self.worker_id).start()
        CloseOfPollThread().start()
        WebhookFollower().start()
        PushFollower().start()
        if self._until_closed:  # Ctrl-C reaches the server as well, which closes the input
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            threading.Thread(target=_end_when_closed, name="closed-input", daemon=True).start()
        seconds, kept = 0.0, PollingConnection()
        while True:
            time.sleep(seconds)
            failed = True
            try:
                self._do_waiting()
                seconds, failed = TASK_POLL_SECONDS, False
            except DatabaseError as exc:
                logger.warning("no tasks are done until the database answers: %s", exc)
                seconds = TASK_RETRY_SECONDS
            finally:
                kept.release(failed=failed)

    def _do_waiting(self) -> None:
        """Do all tasks that are waiting; those of a dead worker first. Raises DatabaseError."""
        self._take_back()
        if DBTaskResult.objects.ready().filter(backend_name=self.backend_name).exists():
            self.run()
        now = time.monotonic()
        if now - self._forgotten_at >= _FORGET_EVERY_SECONDS:
            self._forgotten_at = now
            self._forget()

    def _forget(self) -> None:
        """Delete tasks that were done long ago, and sessions that have ended: they hold forms."""
        done = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - RETENTION)
        ended = Session.objects.filter(expire_date__lt=timezone.now())
        for rows in (done, ended):
            if rows.exists():
                rows.delete()

    def _take_back(self) -> None:
        """Requeue tasks of this machine's dead workers, or fail those tried too often."""
        for task in DBTaskResult.objects.running():
            worker = task.worker_ids[-1] if task.worker_ids else ""
            if not self._is_dead(worker):
                continue
            if len(task.worker_ids) >= MOST_ATTEMPTS:
                task.set_failed(WorkerDiedError(f"its worker died {len(task.worker_ids)} times"))
                continue
            logger.warning("task %s is done again: worker %s died", task.task_path, worker)
            task.status = TaskResultStatus.READY
            task.save(update_fields=["status"])

    def _is_dead(self, worker: str) -> bool:
        """Whether a worker of this machine is dead; this one counts, as it is between tasks."""
        machine, _, pid = worker.rpartition(":")
        if machine != self.worker_id.rpartition(":")[0] or not pid.isdigit():
            return False
        return int(pid) == os.getpid() or not _is_worker(int(pid))

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        super().run_task(_Attempt(db_task_result))  # type: ignore[arg-type]

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End now. What a task changed is rolled back, for which it has a few seconds.

        The exception may be lost, as in a destructor: the alarm ends the process then.
        """
        self.reset_signals()
        signal.setitimer(signal.ITIMER_REAL, TASK_CLEAN_UP_SECONDS)
        raise WorkerStopped(0)


def _end_when_closed() -> None:
    """Wait for the end of standard input, and end this process as SIGTERM does."""
    # Not by `sys.stdin`, whose lock would be held when the process ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _is_worker(pid: int) -> bool:
    """Whether the process is a worker, since its number may be another's after a restart."""
    try:
        os.kill(pid, 0)
        return b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except ProcessLookupError:
        return False
    except OSError:  # another user's, or a system without /proc
        return True

"""Run background tasks: one process, which waits for rows of the queue and does them in order.

`manage.py work` is the process. `manage.py serve` keeps one running beside a server of all roles;
deploy/ has a unit of its own.
"""

import logging
import os
import select
import signal
import socket
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import FrameType

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from electiondesk.lifecycle.timeouts import TASK_POLL_SECONDS, TASK_RETRY_SECONDS
from results.desk.close_of_poll import CloseOfPollThread
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


class DeskWorker(Worker):
    """The queue's worker, which takes no lock while there is nothing to do.

    The package's own asks under an exclusive transaction each second: on SQLite, that is the lock
    which reporters' results wait for. With `until_closed` it ends once its standard input is
    closed, which happens however the process that started it ends.
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
        """Do what is waiting, then wait for more, until a signal or the closed input."""
        self.configure_signals()
        WorkerReport(self.worker_id).start()
        CloseOfPollThread().start()
        WebhookFollower().start()
        PushFollower().start()
        if self._until_closed:  # Ctrl-C reaches the server as well, which closes the input
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        seconds = 0.0
        while self.running and not self._is_closed(seconds):
            try:
                self._do_waiting()
                seconds = TASK_POLL_SECONDS
            except DatabaseError as exc:
                logger.warning("no tasks are done until the database answers: %s", exc)
                seconds = TASK_RETRY_SECONDS
            finally:
                close_old_connections()

    def _do_waiting(self) -> None:
        """Do all tasks that are waiting; those of a dead worker first. Raises DatabaseError."""
        self._take_back()
        if DBTaskResult.objects.ready().filter(backend_name=self.backend_name).exists():
            self.run()
        now = time.monotonic()
        if now - self._forgotten_at >= _FORGET_EVERY_SECONDS:
            self._forgotten_at = now
            old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - RETENTION)
            if old.exists():
                old.delete()

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

    def _is_closed(self, seconds: float) -> bool:
        """Wait so long; return whether the input was closed meanwhile."""
        if not self._until_closed:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return bool(ready)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End after the task that is being done; at once between tasks, or at a second signal."""
        if not self.running:
            self.reset_signals()
            sys.exit(1)
        self.running = False
        if not self.running_task:
            sys.exit(0)


def _is_worker(pid: int) -> bool:
    """Whether the process is a worker, since its number may be another's after a restart."""
    try:
        os.kill(pid, 0)
        return b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except ProcessLookupError:
        return False
    except OSError:  # another user's, or a system without /proc
        return True

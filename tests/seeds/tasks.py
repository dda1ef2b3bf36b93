"""Background tasks of the tests, which leave a file behind."""

import os
import signal
from pathlib import Path

from django_tasks import task
from django_tasks_db.models import DBTaskResult


@task()
def leave_pid(path: str) -> None:
    """Write the process that does the task."""
    Path(path).write_text(str(os.getpid()))


@task()
def die_once(path: str) -> None:
    """End its worker the first time, as when a machine is switched off."""
    file = Path(path)
    if not file.exists():
        file.write_text("begun")
        os.kill(os.getpid(), signal.SIGKILL)
    file.write_text(str(os.getpid()))


def enqueue(name: str, path: str) -> None:
    {"leave_pid": leave_pid, "die_once": die_once}[name].enqueue(path)


def statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))

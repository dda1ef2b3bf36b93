"""Background tasks of the tests, which leave a file behind, and a night for the worker."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from results.models import Bulletin, Election
from tests import nights


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


@task()
def take_long(path: str) -> None:
    """Take for ever inside a transaction the first time, as a long load does; note each worker."""
    file = Path(path)
    earlier = file.read_text() if file.exists() else ""
    with transaction.atomic():
        nights.election(slug="loaded")
        file.write_text(f"{earlier}{os.getpid()}\n")
        if not earlier:
            threading.Event().wait()


def enqueue(name: str, path: str) -> None:
    {"leave_pid": leave_pid, "die_once": die_once, "take_long": take_long}[name].enqueue(path)


def create_night_past_its_close() -> None:
    """An election whose polls closed a minute ago, which no bulletin says."""
    close = timezone.now() + timedelta(hours=1)
    nights.islington_north(nights.election(polls_close=close, date=close.date()))
    Election.objects.update(polls_close=timezone.now() - timedelta(minutes=1))


def closes() -> int:
    return Bulletin.objects.filter(kind=Bulletin.Kind.CLOSE).count()


def statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def elections() -> list[str]:
    return list(Election.objects.values_list("slug", flat=True))

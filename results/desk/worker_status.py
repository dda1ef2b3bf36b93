"""Report that the worker for background tasks runs, every 20 seconds, and read the reports."""

from django.conf import settings
from django.utils import timezone

from results.desk.polling_thread import PollingThread
from results.models import ReaderCount
from results.models.reader_count import WORKER

REPORT_SECONDS = 20.0


class WorkerReport(PollingThread):
    """Thread of the worker that reports that it runs, also during a long task."""

    does = "nobody is told that the worker runs"
    every = REPORT_SECONDS

    def __init__(self, worker: str) -> None:
        super().__init__(name="worker-report")
        self._process = f"{WORKER}{worker}"

    def poll(self) -> None:
        ReaderCount.report(self._process, {})


def needs_worker() -> bool:
    """Whether tasks are queued in the database, rather than run where they are enqueued."""
    return bool(settings.TASKS["default"]["BACKEND"] == "django_tasks_db.DatabaseBackend")


def worker_status() -> str:
    """Return `ok`, `missing` or, if none is needed, `none`. One query. Raises DatabaseError."""
    if not needs_worker():
        return "none"
    return "ok" if ReaderCount.has_worker(timezone.now()) else "missing"

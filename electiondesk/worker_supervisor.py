"""Supervisor of the worker for background tasks, beside a server of all roles.

Its standard input is a pipe that this process holds open and writes nothing to. The kernel closes
it however this process ends, and the worker ends then.
"""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from electiondesk.lifecycle.timeouts import LONGEST_PAUSE_SECONDS, RESTART_PAUSE_SECONDS
from results.desk.worker_status import needs_worker

logger = logging.getLogger(__name__)

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
#: A worker that ran this long did not fail at once: the next one starts after the short pause.
HEALTHY_AFTER_SECONDS = 60.0


def start() -> None:
    """Start a worker, and another whenever it ends, from a thread of this process.

    Without the queue in the database there is nothing for it to do.
    """
    if needs_worker():
        threading.Thread(target=_supervise, name="worker-supervisor", daemon=True).start()


def _supervise() -> None:
    pause = RESTART_PAUSE_SECONDS
    while True:
        started = time.monotonic()
        returncode = _run()
        lasted = time.monotonic() - started
        pause = RESTART_PAUSE_SECONDS if lasted > HEALTHY_AFTER_SECONDS else pause * 2
        pause = min(pause, LONGEST_PAUSE_SECONDS)
        logger.error("the worker ended (%s): another starts in %.0f s", returncode, pause)
        time.sleep(pause)


def _run() -> int:
    """Run one worker to its end, and return what it returned."""
    command = [sys.executable, str(MANAGE), "work", "--until-closed"]
    # Closed in every other child of this process, as the supervisor's servers: an open copy of the
    # pipe's end would keep the worker alive.
    with subprocess.Popen(command, stdin=subprocess.PIPE) as worker:  # noqa: S603 - our own
        return worker.wait()

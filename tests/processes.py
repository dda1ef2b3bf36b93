"""Start, await and end child processes, whose output goes to a log file."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

#: Longer than any takes beside the rest of the suite: it bounds the wait for what never starts.
START_SECONDS = 90.0
POLL_SECONDS = 0.02


def listens(port: int) -> bool:
    """Whether something accepts connections on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class ChildProcess:
    """A process that a test starts, signals and stops, as often as it likes.

    Subclasses implement `command` and `is_ready`.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether the process that was started does its work."""
        raise NotImplementedError

    def popen_options(self) -> Mapping[str, Any]:
        """Return further arguments of `subprocess.Popen`."""
        return {}

    def start(self) -> None:
        """Start the process and return when it is ready."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command(), stdout=output, stderr=output, **self.popen_options()
            )
        self.wait_until(self.is_ready)

    def wait_until(self, condition: Callable[[], bool], *, seconds: float = START_SECONDS) -> None:
        """Return once `condition` holds.

        Raises RuntimeError with the log if the process ends first, or after `seconds`.
        """
        assert self.process is not None
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if condition():
                return
            time.sleep(POLL_SECONDS)
        raise RuntimeError(f"a process ended, or did not get ready:\n{self.output()}")

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Signal the process, also if it is stopped by SIGSTOP, and wait for its end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(timeout=START_SECONDS)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def output(self) -> str:
        """Return everything that the process has written."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

"""A clean copy of the project's files, in which documented commands are run."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.needs import ROOT
from tests.processes import START_SECONDS, ChildProcess, listens

#: A bare machine also downloads and installs the pinned packages in this time.
SET_UP_SECONDS = 600
#: Variables that are passed on. Others may change the desk's settings.
PASSED_ON = ("PATH", "LANG", "HOME", "http_proxy", "https_proxy", "no_proxy")


class Checkout:
    """A copy in `folder` of the files that git knows or would add."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        # Without it pip compiles four thousand modules, of which a desk imports a fourth.
        pip["PIP_NO_COMPILE"] = "1"
        self.environment = {**passed_on, **pip, "XDG_STATE_HOME": str(folder.with_suffix(".state"))}
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def run(self, command: str) -> str:
        """Run a shell command; return its output. Raises RuntimeError if it fails."""
        completed = subprocess.run(
            ["bash", "-ec", command], cwd=self.folder, env=self.environment, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SET_UP_SECONDS,
        )  # fmt: skip
        if completed.returncode:
            raise RuntimeError(f"{command}\n{completed.stdout}\n{completed.stderr}")
        return completed.stdout

    @contextmanager
    def serving(self, command: str, port: int) -> Iterator[None]:
        """Run a shell command that serves on `port`; interrupt it at the end as Ctrl-C does."""
        process = ShellCommand(self, command, port)
        try:
            process.start()
            yield
        finally:
            process.interrupt()


class ShellCommand(ChildProcess):
    """A command of a shell in a checkout, with the processes that it starts."""

    def __init__(self, checkout: Checkout, command: str, port: int) -> None:
        super().__init__(checkout.log)
        self.checkout, self.script, self.port = checkout, command, port

    def command(self) -> list[str]:
        # A run of the tests in a shell's background would hand down that SIGINT is ignored.
        return ["env", "--default-signal=INT", "bash", "-ec", self.script]

    def popen_options(self) -> Mapping[str, Any]:
        return {
            "cwd": self.checkout.folder,
            "env": self.checkout.environment,
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
        }

    def is_ready(self) -> bool:
        return listens(self.port)

    def wait_until(self, condition: Callable[[], bool], *, seconds: float = SET_UP_SECONDS) -> None:
        super().wait_until(condition, seconds=seconds)

    def interrupt(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=START_SECONDS)

"""A clean copy of the project's files, in which its documented commands are run."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.backing import listens, wait_until
from tests.needs import ROOT

#: A bare machine also downloads and installs the pinned packages in this time.
SET_UP_SECONDS = 600
#: Variables that a shell has anyway; whatever would change the desk's settings is left out.
KEPT = ("PATH", "LANG", "HOME", "http_proxy", "https_proxy", "no_proxy")


class Checkout:
    """The files that git knows or would add, in `folder`, with nothing made from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        self.environment = {**kept, **pip, "XDG_STATE_HOME": str(folder.with_suffix(".state"))}
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def run(self, line: str) -> str:
        """Run a shell's line to its end; raises RuntimeError with what it printed when it fails."""
        done = subprocess.run(
            ["bash", "-ec", line], cwd=self.folder, env=self.environment, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SET_UP_SECONDS,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{line}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    @contextmanager
    def serving(self, line: str, port: int) -> Iterator[None]:
        """Run a line that serves on `port`; at the end it is interrupted as by Ctrl-C."""
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                ["bash", "-ec", line], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        try:
            wait_until(lambda: listens(port), process, self.log, seconds=SET_UP_SECONDS)
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)

"""A desk as operators run it: a server process, a database of its own, management commands."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, TypeVar, cast

from electiondesk import launcher
from tests.needs import ROOT
from tests.ports import free_port
from tests.processes import START_SECONDS, ChildProcess, listens
from tests.seeds.worker import SeedWorker

P = ParamSpec("P")
T = TypeVar("T")


class Server(ChildProcess):
    """A desk: a folder, a database, and a server process on a port that stays the same.

    It is started by `manage.py serve`, with `options` and `program` as `--server`; another
    `application` than the desk's own is started with the launcher's command line. Without
    `database_url` it uses SQLite in `folder`, without `redis_url` the in-memory channel layer.
    `environment` adds or replaces variables.
    `open_files` is the soft and the hard limit of open files.
    """

    application = launcher.APPLICATION
    #: The shipped settings with quick password hashing; `tests/acceptance` replaces it.
    settings = "tests.settings"
    running: ClassVar[set["Server"]] = set()
    #: Servers with a process of any kind, for `close`.
    opened: ClassVar[set["Server"]] = set()

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        redis_url: str = "",
        program: launcher.ServerChoice = "daphne",
        environment: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
        open_files: tuple[int, int] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        super().__init__(folder / f"server-{self.port}.log")
        self.program = program
        self.options = options
        self.open_files = open_files
        self._seeds: SeedWorker | None = None
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": self.settings,
            "HOME": str(folder),
            "SECRET_KEY": "the-same-for-every-server-of-a-test-and-of-no-use-elsewhere",
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'desk.sqlite3'}",
            "REDIS_URL": redis_url,
            "MEDIA_ROOT": str(folder / "media"),
            "PYTEST_XDIST_WORKER": os.environ.get("PYTEST_XDIST_WORKER", "test"),
            **(environment or {}),
        }

    # --- Commands -----------------------------------------------------------------------------

    def manage(
        self, *arguments: str | Path, check: bool = True, stdin: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run `manage.py` on this desk's database. Raises RuntimeError if it fails."""
        return self._run(ROOT / "manage.py", *arguments, check=check, stdin=stdin)

    def run_module(
        self, module: str, *arguments: str | Path, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        """Run `python -m module` on this desk's database. Raises RuntimeError if it fails."""
        return self._run("-m", module, *arguments, check=check)

    def _run(
        self, *arguments: str | Path, check: bool, stdin: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        completed = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and completed.returncode:
            raise RuntimeError(f"{arguments} failed:\n{completed.stdout}\n{completed.stderr}")
        return completed

    def seed(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of `tests.seeds` on this desk's database, in a process of its own.

        Arguments and result are passed as JSON. Raises RuntimeError with the traceback.
        """
        if self._seeds is not None and self._seeds.environment != self.environment:
            self._seeds.close()
            self._seeds = None
        if self._seeds is None:
            self.opened.add(self)
            self._seeds = SeedWorker(self.environment)
        name = f"{function.__module__}.{function.__qualname__}"
        return cast(T, self._seeds.call(name, args, kwargs))

    # --- The process --------------------------------------------------------------------------

    def command(self) -> list[str]:
        if self.application != launcher.APPLICATION:
            return launcher.command(
                launcher.ServerOptions(
                    server=launcher.choose_server(self.program, self.environment.get("ROLE", "")),
                    port=self.port,
                    application=self.application,
                )
            )
        serve = [sys.executable, str(ROOT / "manage.py"), "serve"]
        if self.open_files is not None:
            soft, hard = self.open_files
            serve = ["prlimit", f"--nofile={soft}:{hard}", *serve]
        return [*serve, "--port", str(self.port), "--server", self.program, *self.options]

    def popen_options(self) -> Mapping[str, Any]:
        return {"env": self.environment, "cwd": ROOT}

    def is_ready(self) -> bool:
        return listens(self.port)

    def start(self) -> None:
        """Start the server and return when it answers at /healthz."""
        self.running.add(self)
        self.opened.add(self)
        super().start()
        urllib.request.urlopen(self.url("/healthz"), timeout=START_SECONDS).close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.running.discard(self)
        super().stop(number)

    def close(self) -> None:
        """End the server's process and the seeds' one."""
        self.opened.discard(self)
        self.kill()
        if self._seeds is not None:
            self._seeds.close()
            self._seeds = None

    def restart(self) -> None:
        self.stop()
        self.start()

    # --- Addresses ----------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return self.origin + path

    def socket_url(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> str:
        """Return the page at `path` as text. Raises HTTPError for a bad status."""
        with urllib.request.urlopen(self.url(path), timeout=START_SECONDS) as response:
            text: str = response.read().decode()
        return text

    def wait_until_ready(self) -> None:
        """Return once /readyz answers 200: pages are still rendered after the start."""
        self.wait_until(lambda: self.readiness()[0] == 200)

    def readiness(self) -> tuple[int, dict[str, Any]]:
        """The status and the content of /readyz."""
        try:
            return 200, json.loads(self.get("/readyz"))
        except urllib.error.HTTPError as answer:
            return answer.code, json.loads(answer.read())

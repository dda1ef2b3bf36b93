"""The desk as people run it: a real server process, its own database, commands beside it."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import ClassVar, ParamSpec, Self, TypeVar, cast

from electiondesk import launcher
from tests.backing import START_SECONDS, listens, wait_until
from tests.needs import ROOT
from tests.ports import free_port
from tests.seeds.worker import SeedWorker

P = ParamSpec("P")
T = TypeVar("T")


class Server:
    """One desk: a folder, a database, and a server process on a port that stays the same.

    `database_url` and `redis_url` empty: SQLite in `folder`, in-memory layer. `program` is
    "daphne" or "uvicorn"; `options` are `manage.py serve`'s. `environment` adds variables or
    replaces them. Started by `manage.py serve`, as people start it; another `application` than
    the desk's own is run with the launcher's command line. `open_files` is the soft and the hard
    limit that it starts with.
    """

    application = launcher.APPLICATION
    #: The shipped settings but for the hashing of passwords; `tests/acceptance` replaces it.
    settings = "tests.settings"
    running: ClassVar[set["Server"]] = set()
    #: Those with a process of any kind, which `close` ends.
    opened: ClassVar[set["Server"]] = set()

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        redis_url: str = "",
        program: launcher.ServerName = "daphne",
        environment: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
        open_files: tuple[int, int] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.program = program
        self.options = options
        self.open_files = open_files
        self.process: subprocess.Popen[bytes] | None = None
        self._seeds: SeedWorker | None = None
        self.log = folder / f"server-{self.port}.log"
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
        """Run `manage.py` on this desk's database; what it said is in .stdout and .stderr.

        Raises RuntimeError with all it said when it fails and `check` is on.
        """
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            env=self.environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f"manage.py {arguments} failed:\n{done.stdout}\n{done.stderr}")
        return done

    def python(self, code: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a few lines in this desk's shell, for what no command seeds."""
        return self.manage("shell", "--verbosity", "0", "--command", code, check=check)

    def seed(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of `tests.seeds` on this desk's database, in a process beside the server.

        Arguments and result are such as JSON can say. Raises RuntimeError with the traceback.
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

    def _command(self) -> list[str]:
        if self.application != launcher.APPLICATION:
            return launcher.command(
                launcher.ServerOptions(
                    server=self.program, port=self.port, application=self.application
                )
            )
        serve = [sys.executable, str(ROOT / "manage.py"), "serve"]
        if self.open_files is not None:
            soft, hard = self.open_files
            serve = ["prlimit", f"--nofile={soft}:{hard}", *serve]
        return [*serve, "--port", str(self.port), "--server", self.program, *self.options]

    def start(self) -> None:
        """Start the server and return when it answers at /healthz."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self._command(), env=self.environment, cwd=ROOT, stdout=output, stderr=output
            )
        self.running.add(self)
        self.opened.add(self)
        wait_until(lambda: listens(self.port), self.process, self.log)
        urllib.request.urlopen(self.url("/healthz"), timeout=START_SECONDS).close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End the process and wait for its end; SIGKILL gives it no say."""
        self.running.discard(self)
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(timeout=START_SECONDS)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def close(self) -> None:
        """End the process, and the one of the seeds."""
        self.opened.discard(self)
        self.kill()
        if self._seeds is not None:
            self._seeds.close()
            self._seeds = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    # --- Addresses ----------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return self.origin + path

    def socket_url(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> str:
        """The page at `path`, as text; raises urllib's HTTPError for a bad status."""
        with urllib.request.urlopen(self.url(path), timeout=START_SECONDS) as response:
            text: str = response.read().decode()
        return text

    def output(self) -> str:
        """Everything the server has written to its log."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

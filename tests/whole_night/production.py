"""The site as docs/deploy.md sets it up: nginx over TLS, two processes for each role, a worker."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from tests.acceptance.processes import MEGABYTE, resident
from tests.backing import Postgres, Redis
from tests.needs import ROOT
from tests.nginx import NAME, Nginx
from tests.servers import Server

#: As the systemd units say (`RestartSec`).
RESTART_SECONDS = 1.0
#: Until then a process fills its caches.
WARM_SECONDS = 60.0
#: When something was done to the processes, from and until, in seconds of the epoch; and what.
Stage = tuple[float, float, str]
#: The stages in which a process is killed.
KILLS = {"writers 1 is killed", "readers 2 is killed"}
CROWD_LEAVES = "the crowd leaves"
NEXT_RELEASE = "tests.whole_night.next_release"
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "electiondesk.settings",
    "DEBUG": "0",
    "SECRET_KEY": "a-key-of-fifty-characters-or-more-for-this-night-and-for-no-other-use",
    "ALLOWED_HOSTS": NAME,
    "CSRF_TRUSTED_ORIGINS": f"https://{NAME}",
    # Clients have other addresses of the loopback network than nginx, which is at its first.
    "TRUSTED_PROXIES": "127.0.0.1/32",
    # The editors' browsers have no app for codes.
    "SECOND_FACTOR": "0",
}


class Worker(Server):
    """The process for background tasks."""

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), "work"]

    def is_ready(self) -> bool:
        return True

    def start(self) -> None:
        self.opened.add(self)
        # It answers no requests.
        super(Server, self).start()


class Production:
    """The processes of the site by name; `stages` is what was done to them, and when.

    `late` are those that had to be killed in the deploy.
    """

    def __init__(self, folder: Path, static_root: Path, *, connections: int) -> None:
        self.folder = folder
        self.postgres, self.redis = Postgres(), Redis()
        self._static_root, self._connections = static_root, connections
        self.processes: dict[str, Server] = {}
        self.stages: list[Stage] = []
        self.late: list[str] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.postgres)
            stack.enter_context(self.redis)
            for role in ("readers", "writers"):
                for number in (1, 2):
                    self._add(Server, f"{role} {number}", "--role", role)
            self._add(Worker, "worker")
            for server in self.processes.values():
                stack.callback(server.close)
            ports = [server.port for server in self.processes.values()][:4]
            self.nginx = Nginx(ports, self._static_root, connections=self._connections)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()

    def _add(self, kind: type[Server], name: str, *options: str) -> None:
        folder = self.folder / name.replace(" ", "-")
        folder.mkdir(parents=True)
        self.processes[name] = kind(
            folder,
            database_url=self.postgres.url,
            redis_url=self.redis.url,
            program="auto",
            options=options,
            environment={
                **SETTINGS,
                "STATIC_ROOT": str(self._static_root),
                "MEDIA_ROOT": str(self.folder / "media"),
            },
        )

    @property
    def desk(self) -> Server:
        """The server whose database management commands and seed functions use."""
        return self.processes["writers 1"]

    def start(self) -> None:
        for server in self.processes.values():
            server.start()
        self._stack.enter_context(self.nginx)

    def keep_logs(self) -> None:
        """Copy the logs whose folders go with their processes beside the others."""
        for name in ("access.log", "error.log"):
            shutil.copy(self.nginx.folder / name, self.folder / f"nginx-{name}")
        shutil.copy(self.postgres.log, self.folder / "postgres.log")
        shutil.copy(self.redis.log, self.folder / "redis.log")

    # --- What is done to it ---------------------------------------------------------------------

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        began = time.time()
        try:
            yield
        finally:
            self.stages.append((began, time.time(), name))

    def deploy(self) -> None:
        """Restart every process under another release, in the order of docs/deploy.md."""
        with self._stage("deploy"):
            for name in ("worker", *(each for each in self.processes if each != "worker")):
                server = self.processes[name]
                server.environment["DJANGO_SETTINGS_MODULE"] = NEXT_RELEASE
                self._stop(name)
                server.start()

    def _stop(self, name: str) -> None:
        """Stop a process; as systemd does, kill it if it has not ended in time."""
        try:
            self.processes[name].stop()
        except subprocess.TimeoutExpired:
            self.late.append(name)
            self.processes[name].kill()

    def restart_redis(self) -> None:
        with self._stage("Redis restarts"):
            self.redis.stop()
            self.redis.start()

    def restart_postgres(self) -> None:
        with self._stage("PostgreSQL restarts"):
            self.postgres.stop()
            self.postgres.start()

    def kill(self, name: str) -> None:
        """Kill a process; it is started again as systemd does."""
        with self._stage(f"{name} is killed"):
            self.processes[name].kill()
            time.sleep(RESTART_SECONDS)
            self.processes[name].start()

    def note_that_the_crowd_leaves(self) -> None:
        """Nothing is done to the processes, but all sockets close within seconds."""
        with self._stage(CROWD_LEAVES):
            pass

    # --- What it costs --------------------------------------------------------------------------

    def memory(self) -> dict[str, tuple[int, float]]:
        """The process id and the resident megabytes of each process that runs.

        The id is 0 for one that started less than WARM_SECONDS ago: it is not at its size yet.
        """
        found = {}
        for name, server in self.processes.items():
            process = server.process
            if process is not None and process.poll() is None:
                age = time.time() - os.stat(f"/proc/{process.pid}").st_ctime
                size = resident(process.pid) / MEGABYTE
                found[name] = (process.pid if age >= WARM_SECONDS else 0, size)
        return found

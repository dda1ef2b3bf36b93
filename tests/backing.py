"""PostgreSQL and Redis servers of the tests' own: on loopback, in a folder that goes when they do.

`python -m tests.backing COMMAND…` runs a command with both in its DATABASE_URL and REDIS_URL.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tests.needs import REQUIRED, Missing, program
from tests.ports import free_port

START_SECONDS = 30.0


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(
    answers: Callable[[], bool],
    process: "subprocess.Popen[bytes]",
    log: Path,
    *,
    seconds: float = START_SECONDS,
) -> None:
    """Return once `answers`; raise RuntimeError with the log when the process never will."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if answers():
            return
        time.sleep(0.02)
    raise RuntimeError(f"a server did not start:\n{log.read_text(errors='replace')}")


class Backing:
    """A server process that a test may stop, freeze, kill and start again on the same port."""

    url: str

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="electiondesk-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str | Path]:
        raise NotImplementedError

    @property
    def user(self) -> int | None:
        """Another user to run as, by number."""
        return None

    def answers(self) -> bool:
        return listens(self.port)

    def start(self) -> None:
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command(), stdout=output, stderr=output, user=self.user, cwd=self.folder
            )
        wait_until(self.answers, self.process, log)

    def send(self, number: signal.Signals) -> None:
        """SIGSTOP freezes a Redis (its connections stay open) until SIGCONT."""
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is a quick and orderly stop for both servers; SIGKILL is not orderly."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(timeout=START_SECONDS)

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
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Backing):
    """A cluster of its own. PostgreSQL refuses to run as root, so root lends it a user."""

    def __init__(self) -> None:
        self.initdb = program(
            "initdb", package="postgresql", folders="/usr/lib/postgresql/*/bin"
        ).resolve()
        super().__init__()
        self.url = f"postgres://desk:desk@127.0.0.1:{self.port}/desk"
        if self.user is not None:
            os.chown(self.folder, self.user, -1)
        self._create_cluster()

    @property
    def user(self) -> int | None:
        if os.getuid() != 0:
            return None
        try:
            return pwd.getpwnam("postgres").pw_uid
        except KeyError:
            return pwd.getpwnam("nobody").pw_uid

    def _create_cluster(self) -> None:
        cluster = self.folder / "cluster"
        subprocess.run(
            [self.initdb, "--auth=trust", "--username=desk", "--encoding=UTF8", "--no-sync",
             "--locale=C.UTF-8", "-D", cluster],
            check=True, capture_output=True, user=self.user, cwd=self.folder,
        )  # fmt: skip

    def command(self) -> list[str | Path]:
        # No fsync: these tests kill the server, never the machine.
        return [
            self.initdb.with_name("postgres"), "-D", self.folder / "cluster", "-k", self.folder,
            "-h", "127.0.0.1", "-p", str(self.port), "-F", "-c", "max_connections=100",
        ]  # fmt: skip

    def answers(self) -> bool:
        """It listens before it answers, and answers no before it answers yes."""
        try:
            psycopg.connect(self.maintenance).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        super().start()
        self.create_database("desk", exist_ok=True)

    @property
    def maintenance(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=desk dbname=postgres"

    def create_database(
        self, name: str, *, template: str = "template1", exist_ok: bool = False
    ) -> str:
        """A new database, empty or a copy of another that nobody is using; returns its URL."""
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            try:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
            except psycopg.errors.DuplicateDatabase:
                if not exist_ok:
                    raise
        return self.url.rsplit("/", 1)[0] + f"/{name}"

    def drop_connections(self) -> int:
        """End every other connection from the server's side; returns how many there were."""
        ending = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            row = connection.execute(ending).fetchone()
        assert row is not None
        return int(row[0])


class Redis(Backing):
    """Nothing is kept over a restart, as with a Redis that lost its disk."""

    def __init__(self) -> None:
        self.program = program("redis-server", package="redis-server")
        super().__init__()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str | Path]:
        return [
            self.program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "",
            "--appendonly", "no", "--dir", self.folder,
        ]  # fmt: skip


def main(command: list[str]) -> int:
    """Run `command` on PostgreSQL and Redis: those given by the environment, else our own."""
    environment = dict(os.environ)
    with ExitStack() as stack:
        for name, kind in [("DATABASE_URL", Postgres), ("REDIS_URL", Redis)]:
            if environment.get(name):
                continue
            try:
                environment[name] = stack.enter_context(kind()).url
            except Missing as reason:
                print(f"skipped on PostgreSQL and Redis: {reason}", file=sys.stderr)
                return 1 if REQUIRED else 0
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

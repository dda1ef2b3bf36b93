"""PostgreSQL and Redis servers for tests: on loopback, each in a temporary folder.

`python -m tests.backing COMMAND…` runs a command with both in its DATABASE_URL and REDIS_URL.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.needs import REQUIRED, Missing, program
from tests.ports import free_port
from tests.processes import ChildProcess, listens


class Backing(ChildProcess):
    """A server that a test may stop, freeze (SIGSTOP), kill and start again on the same port."""

    url: str

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="electiondesk-"))
        super().__init__(self.folder / "log")
        self.port = free_port()

    @property
    def user(self) -> int | None:
        """User id to run as, if not this process's."""
        return None

    def popen_options(self) -> Mapping[str, Any]:
        return {"user": self.user, "cwd": self.folder}

    def is_ready(self) -> bool:
        return listens(self.port)

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop the server. SIGINT is quick and orderly for both servers, SIGKILL is not orderly."""
        super().stop(number)

    def __exit__(self, *exc_info: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Backing):
    """A PostgreSQL cluster; root runs it as another user, since PostgreSQL refuses root."""

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

    def is_ready(self) -> bool:
        """Whether it accepts sessions: it listens, and refuses them, some time before that."""
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
        """Create a database, empty or a copy of an unused one; return its URL."""
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            try:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
            except psycopg.errors.DuplicateDatabase:
                if not exist_ok:
                    raise
        return self.url.rsplit("/", 1)[0] + f"/{name}"

    def set_read_only(self, url: str, *, on: bool) -> None:
        """Let new connections only read, as services do whose disk is full; end the present ones.

        So does a server that another one has replaced.
        """
        database = sql.Identifier(url.rpartition("/")[2])
        state = sql.SQL("on" if on else "off")
        statement = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            connection.execute(statement.format(database, state))
        self.drop_connections()

    def drop_connections(self) -> int:
        """Terminate every other connection; return how many there were."""
        query = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def other_database(url: str, name: str) -> Iterator[str]:
    """A new, empty database `name` on the server of a database's `url`; yields the URL of it."""
    quoted = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


class Redis(Backing):
    """A Redis without persistence: it is empty after a restart."""

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
    """Run `command` with PostgreSQL and Redis of the environment, or with temporary ones."""
    environment = dict(os.environ)
    with ExitStack() as stack:
        for name, kind in [("DATABASE_URL", Postgres), ("REDIS_URL", Redis)]:
            if environment.get(name):
                continue
            try:
                environment[name] = stack.enter_context(kind()).url
            except Missing as exc:
                print(f"skipped on PostgreSQL and Redis: {exc}", file=sys.stderr)
                return 1 if REQUIRED else 0
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

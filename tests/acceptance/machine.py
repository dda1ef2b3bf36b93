"""A private copy of this machine, on which documentation is followed as it is written.

The copy has its own files (whatever is written stays in memory), its own loopback interface and
its own processes. So users, databases and services of the system are made as on a real server,
with the real paths and ports, and are gone at the end.

Where no copy can be made (in a container without rights, for example) and the machine may be
changed for good, DEPLOY_ON_THIS_MACHINE=1 has everything done on the machine itself.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.needs import ROOT, Missing, program

PYTHON = "/usr/bin/python3"
SYSTEMCTL = Path(__file__).with_name("systemctl.py")
#: As Debian gives it to root.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NEW_NETWORK = 0x40000000
#: Bounds a script that never ends.
COMMAND_SECONDS = 600


class Machine:
    """The copy; `shown` are folders that it sees as they are, and cannot change."""

    def __init__(self, *shown: Path, environment: Mapping[str, str] | None = None) -> None:
        _require_debian_and_root()
        self._shown = (ROOT, *shown)
        self._folder = Path(tempfile.mkdtemp(prefix="electiondesk-machine-"))
        self.environment = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **(environment or {})}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Make the copy, with a `systemctl` that stands in for systemd.

        Raises Missing where this machine does not allow it.
        """
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL",  # nothing is left of it when the tests are killed
             "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
             PYTHON, Path(__file__).with_name("init.py"), self._folder, *self._shown],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            _said, errors = self._process.communicate()
            raise Missing(
                f"no private copy of this machine can be made ({errors.strip()});"
                " DEPLOY_ON_THIS_MACHINE=1 allows to change this one for good"
            )
        self._stand_in()

    def _stand_in(self) -> None:
        """Put the stand-in for `systemctl` before the real one, which needs a running systemd."""
        if self.run("test -d /run/systemd/system", check=False).returncode:
            self.run(f"install -m 755 {SYSTEMCTL} /usr/local/sbin/systemctl")

    @property
    def pid(self) -> int:
        """The copy's first process, as this machine numbers it."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return int(children.read_text().split()[0])

    def run(self, script: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a script by root's shell in the copy; its output and errors are in .stdout.

        Raises AssertionError with all it said when it fails and `check` is on.
        """
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        done = subprocess.run(
            [*self._inside(), "env", "-i", "--chdir=/", *variables, "bash", "-euo", "pipefail"],
            input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=COMMAND_SECONDS,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{script}\n{done.stdout}"
        return done

    def _inside(self) -> list[str]:
        """The command line that runs another in the copy."""
        return ["nsenter", "--target", str(self.pid), "--mount", "--net", "--pid", "--root"]

    def read(self, path: str) -> str:
        return self.run(f"cat {path}").stdout

    def write(self, path: str, text: str) -> None:
        self.run(f"cat > {path} <<'END-OF-FILE'\n{text}\nEND-OF-FILE\n")

    def program(self, name: str) -> Path:
        """A program of this machine's that uses the copy's loopback interface."""
        script = self._folder.with_suffix(f".{name}")
        script.write_text(f'#!/bin/sh\nexec nsenter --target {self.pid} --net {name} "$@"\n')
        script.chmod(0o755)
        return script

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        """Let this thread connect on the copy's loopback interface; a socket stays connected."""
        with Path("/proc/thread-self/ns/net").open() as ours:
            with Path(f"/proc/{self.pid}/ns/net").open() as theirs:
                _enter(theirs.fileno())
            try:
                yield
            finally:
                _enter(ours.fileno())

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)
        for script in self._folder.parent.glob(f"{self._folder.name}.*"):
            script.unlink()

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


class ThisMachine(Machine):
    """The machine itself, changed for good."""

    def start(self) -> None:
        self._stand_in()

    def _inside(self) -> list[str]:
        return []

    def program(self, name: str) -> Path:
        return program(name, package=name)

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        yield


def machine(*shown: Path, environment: Mapping[str, str] | None = None) -> Machine:
    """A copy, or this machine where the environment allows it to be changed.

    Raises Missing where the documentation's commands cannot be followed.
    """
    allowed = os.environ.get("DEPLOY_ON_THIS_MACHINE") == "1"
    kind = ThisMachine if allowed else Machine
    return kind(*shown, environment=environment)


def _require_debian_and_root() -> None:
    """Raise Missing where the documentation's commands cannot be followed."""
    release = Path("/etc/os-release")
    if not release.exists() or 'VERSION_ID="12"' not in release.read_text():
        raise Missing("this is not Debian 12, which docs/deploy.md is written for")
    if os.getuid() != 0:
        raise Missing("only root can make users and services (run these tests as root)")
    for name, package in {
        "unshare": "util-linux", "ip": "iproute2", "nginx": "nginx", "redis-server": "redis-server",
        "pg_ctlcluster": "postgresql", "adduser": "adduser", "git": "git", "curl": "curl",
    }.items():  # fmt: skip
        program(name, package=package, folders="/usr/sbin")


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(namespace, NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "setns")

"""A private copy of this machine, on which the documentation is followed literally.

The copy has files of its own (in memory), a loopback interface of its own and processes of its own.
Users, databases and services are created as on a real server, with the real paths and ports, and
are gone at the end.

Where no copy can be made (in a container without privileges, for example) and the machine may be
changed for good, DEPLOY_ON_THIS_MACHINE=1 runs everything on the machine itself.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.needs import ROOT, Missing, program
from tests.processes import ChildProcess

PYTHON = "/usr/bin/python3"
SYSTEMCTL = Path(__file__).with_name("systemctl.py")
#: As Debian gives it to root.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NEW_NETWORK = 0x40000000
#: Most seconds that a script may take.
COMMAND_SECONDS = 600


class Machine(ChildProcess):
    """The copy; `shown` are folders that it sees unchanged and cannot write to."""

    def __init__(self, *shown: Path, environment: Mapping[str, str] | None = None) -> None:
        _require_debian_and_root()
        self._shown = (ROOT, *shown)
        self._folder = Path(tempfile.mkdtemp(prefix="electiondesk-machine-"))
        super().__init__(self._folder.with_suffix(".log"))
        self.environment = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **(environment or {})}

    def command(self) -> list[str | Path]:
        return [
            "setpriv", "--pdeathsig", "KILL",  # it ends with the tests, also when they are killed
            "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child",
            PYTHON, Path(__file__).with_name("init.py"), self._folder, *self._shown,
        ]  # fmt: skip

    def is_ready(self) -> bool:
        return "ready\n" in self.output()

    def start(self) -> None:
        """Create the copy, with a script in place of `systemctl`.

        Raises Missing where this machine does not allow it.
        """
        try:
            super().start()
        except RuntimeError as exc:
            raise Missing(
                f"no private copy of this machine can be made ({exc});"
                " DEPLOY_ON_THIS_MACHINE=1 allows to change this one for good"
            ) from None
        self._stand_in()

    def _stand_in(self) -> None:
        """Install the script before the real `systemctl`, which needs a running systemd."""
        if self.run("test -d /run/systemd/system", check=False).returncode:
            self.run(f"install -m 755 {SYSTEMCTL} /usr/local/sbin/systemctl")

    @property
    def pid(self) -> int:
        """Process id, on this machine, of the copy's first process."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    def run(self, script: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a shell script as root in the copy; its errors are in .stdout too.

        Raises AssertionError with the output if it fails and `check` is on.
        """
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        completed = subprocess.run(
            [*self._inside(), "env", "-i", "--chdir=/", *variables, "bash", "-euo", "pipefail"],
            input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=COMMAND_SECONDS,
        )  # fmt: skip
        assert not check or completed.returncode == 0, f"{script}\n{completed.stdout}"
        return completed

    def _inside(self) -> list[str]:
        """Return the beginning of a command line that runs in the copy."""
        return ["nsenter", "--target", str(self.pid), "--mount", "--net", "--pid", "--root"]

    def read(self, path: str) -> str:
        return self.run(f"cat {path}").stdout

    def write(self, path: str, text: str) -> None:
        self.run(f"cat > {path} <<'END-OF-FILE'\n{text}\nEND-OF-FILE\n")

    def program(self, name: str) -> Path:
        """Return a program of this machine that uses the copy's loopback interface."""
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

    def stop(self, number: signal.Signals = signal.SIGKILL) -> None:
        super().stop(number)
        shutil.rmtree(self._folder, ignore_errors=True)
        for file in self._folder.parent.glob(f"{self._folder.name}.*"):
            file.unlink()


class ThisMachine(Machine):
    """The machine itself, changed permanently."""

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
    """Return a copy, or this machine if the environment allows to change it. Raises Missing."""
    allowed = os.environ.get("DEPLOY_ON_THIS_MACHINE") == "1"
    kind = ThisMachine if allowed else Machine
    return kind(*shown, environment=environment)


def _require_debian_and_root() -> None:
    """Raise Missing where the documented commands cannot be run."""
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

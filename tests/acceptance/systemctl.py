#!/usr/bin/python3
"""Stand in for systemd where it does not run: start units by what their own files say.

Supports what the documentation and Debian's PostgreSQL, Redis and nginx need of services:
Type, User, WorkingDirectory, Environment, EnvironmentFile, the Exec lines, LimitNOFILE, UMask,
TimeoutStopSec, StateDirectory, RuntimeDirectory, ProtectSystem, ReadWritePaths and PrivateTmp.
Timers are enabled and not run. Needs nothing but the standard library, and root.
"""

import contextlib
import fnmatch
import os
import pwd
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

FOLDERS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
STATE = Path("/run/systemctl")
START_SECONDS = 60.0
LOOK_SECONDS = 0.05


class UnitError(Exception):
    """Why a unit did not start."""


class Unit:
    """A unit and the settings of its file, in which a name may stand several times."""

    def __init__(self, name: str) -> None:
        self.name = name if "." in name.rpartition("@")[2] else f"{name}.service"
        stem, _dot, suffix = self.name.rpartition(".")
        prefix, at, self.instance = stem.partition("@")
        file = f"{prefix}{at}.{suffix}"
        files = [path for folder in FOLDERS if (path := Path(folder, file)).exists()]
        if not files:
            raise UnitError(f"Unit {self.name} could not be found.")
        self.file = files[0]
        self.settings = self._read()
        self.pid_record = STATE / f"{self.name}.pid"
        self.log = STATE / f"{self.name}.log"

    def _read(self) -> dict[str, list[str]]:
        settings: dict[str, list[str]] = {}
        for line in self.file.read_text().replace("\\\n", " ").splitlines():
            name, equals, value = line.partition("=")
            if equals and not line.startswith(("#", ";")):
                settings.setdefault(name.strip(), []).append(self._expanded(value.strip()))
        return settings

    def _expanded(self, value: str) -> str:
        for specifier, text in {
            "%i": self.instance,
            "%I": self.instance.replace("-", "/"),
            "%%": "%",
        }.items():
            value = value.replace(specifier, text)
        return value

    def get(self, name: str, default: str = "") -> str:
        return self.settings.get(name, [default])[-1]

    # --- Its process --------------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        """The main process, while it runs."""
        file = Path(self.get("PIDFile") or self.pid_record)
        try:
            pid = int(file.read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid

    def start(self) -> None:
        if self.pid is not None or (
            self.get("Type") == "oneshot" and not self.settings["ExecStart"]
        ):
            return
        for command in self.settings.get("ExecStartPre", []):
            self._run(command)
        kind = self.get("Type", "simple")
        for command in self.settings["ExecStart"]:
            if kind in ("forking", "oneshot"):
                self._run(command)
            else:
                self._spawn(command)

    def stop(self) -> None:
        pid = self.pid
        if pid is None:
            return
        if self.settings.get("ExecStop"):
            for command in self.settings["ExecStop"]:
                self._run(command)
        else:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + (_seconds(self.get("TimeoutStopSec", "90s")) or 90)
        while self.pid == pid:
            if time.monotonic() > deadline:
                os.killpg(pid, signal.SIGKILL)
            time.sleep(LOOK_SECONDS)

    def reload(self) -> None:
        for command in self.settings["ExecReload"]:
            self._run(command)

    def _run(self, command: str) -> None:
        """Run a command to its end. Raises UnitError when it fails and does not begin with "-"."""
        with self.log.open("ab") as log:
            completed = subprocess.run(
                self._argv(command), env=self._environment(), cwd=self._folder(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=self._prepare, check=False,
            )  # fmt: skip
        if completed.returncode and not command.startswith("-"):
            raise UnitError(
                f"{self.name}: {command}: exit code {completed.returncode}\n{self.log.read_text()}"
            )

    def _spawn(self, command: str) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self._argv(command), env=self._environment(), cwd=self._folder(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=self._prepare, start_new_session=True,
            )  # fmt: skip
        if not self.get("PIDFile"):
            self.pid_record.write_text(str(process.pid))
            return
        deadline = time.monotonic() + START_SECONDS
        while self.pid is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise UnitError(f"{self.name} did not start\n{self.log.read_text()}")
            time.sleep(LOOK_SECONDS)

    # --- Environment and arguments ------------------------------------------------------------

    def _folder(self) -> str:
        return self.get("WorkingDirectory") or "/"

    def _environment(self) -> dict[str, str]:
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        user = self.get("User")
        if user:
            environment |= {"USER": user, "HOME": pwd.getpwnam(user).pw_dir}
        for row in self.settings.get("Environment", []):
            environment |= dict(word.split("=", 1) for word in shlex.split(row))
        for name in self.settings.get("EnvironmentFile", []):
            for row in Path(name).read_text().splitlines():
                if row.strip() and not row.startswith(("#", ";")):
                    key, _equals, value = row.partition("=")
                    environment[key] = value.strip()
        return environment

    def _argv(self, command: str) -> list[str]:
        environment = self._environment()
        words = shlex.split(command.lstrip("-@:+!"))
        for name, value in environment.items():
            words = [word.replace("${" + name + "}", value) for word in words]
        user = self.get("User")
        if user:
            words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words]
        if self.get("ProtectSystem") == "strict" and self.file.is_relative_to("/etc"):
            words = ["unshare", "--mount", "sh", "-euc", self._sandbox(), "sh", *words]
        return words

    def _sandbox(self) -> str:
        """What makes everything read-only but the folders that the unit names, then goes on."""
        writable = [f"/var/lib/{name}" for name in self.get("StateDirectory").split()]
        for line in self.settings.get("ReadWritePaths", []):
            for path in line.split():
                if not path.startswith("-") or Path(path[1:]).exists():
                    writable.append(path.lstrip("-"))
        mounts = [f"mount --bind {path} {path}" for path in writable]
        mounts += ["mount -o remount,bind,ro /", "mount -o remount,bind,ro /run"]
        if self.get("PrivateTmp") in ("yes", "true"):
            mounts += ["mount -t tmpfs tmpfs /tmp"]
        folder = shlex.quote(self._folder())
        return "; ".join([*mounts, f"cd {folder}", 'exec "$@"'])

    def _prepare(self) -> None:
        """Set the child process up, before it executes the command."""
        os.umask(int(self.get("UMask", "0022"), 8))
        if limit := int(self.get("LimitNOFILE") or 0):
            # Root may not raise the hard limit in every container.
            _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            with contextlib.suppress(ValueError, PermissionError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, hard), hard))
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        for kind, base in (("StateDirectory", "/var/lib"), ("RuntimeDirectory", "/run")):
            for name in self.get(kind).split():
                folder = Path(base, name)
                folder.mkdir(mode=int(self.get(f"{kind}Mode", "0755"), 8), exist_ok=True)
                shutil.chown(folder, self.get("User") or "root", self.get("User") or "root")


def _seconds(text: str) -> float:
    units = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return float(number or 0) * units.get(text[len(number) :] or "s", 1)


def _known(pattern: str) -> list[str]:
    """The units that have been started, for a name with a wildcard."""
    names = [file.name.removesuffix(".log") for file in STATE.glob("*.log")]
    return [name for name in names if fnmatch.fnmatch(name, f"{pattern}*")]


def _do(verb: str, name: str, *, now: bool) -> None:
    unit = Unit(name)
    if verb == "enable":
        if "[Install]" not in unit.file.read_text():
            raise UnitError(f"{unit.name} has no [Install] section: it cannot be enabled.")
        verb = "start" if now else ""
    if unit.name.endswith(".timer"):
        _do("", f"{unit.name.removesuffix('.timer')}.service", now=False)  # it must exist
        return
    if verb in ("stop", "restart"):
        unit.stop()
    if verb in ("start", "restart"):
        unit.start()
    if verb == "reload":
        unit.reload()
    if verb == "is-active" and unit.pid is None:
        raise UnitError("inactive")


def main(arguments: list[str]) -> int:
    STATE.mkdir(exist_ok=True)
    words = [word for word in arguments if not word.startswith("--")]
    verb, names = words[0], words[1:]
    if verb not in ("daemon-reload", "enable", "start", "stop", "restart", "reload", "is-active"):
        print(f"this stand-in for systemctl does not know {verb}", file=sys.stderr)
        return 1
    try:
        for pattern in names:
            for name in _known(pattern) if "*" in pattern else [pattern]:
                _do(verb, name, now="--now" in arguments)
    except UnitError as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

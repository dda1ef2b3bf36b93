"""Carry out deploy/Dockerfile on a private copy of this machine.

The base image is Debian 12 with Python 3.11, as the copy is. Instructions are carried out in
order; those of the second stage act on the same files, with Debian's nginx.
"""

import json
import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.machine import Machine
from tests.needs import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"


@dataclass
class Stage:
    """One image: its name, its instructions, and what they have set so far."""

    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)


def stages() -> dict[str, Stage]:
    """The stages of the Dockerfile, by name."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.startswith("#")]
    stages_by_name: dict[str, Stage] = {}
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _blank, rest = line.partition(" ")
        if word == "FROM":
            stage = Stage(rest.split()[-1])
            stages_by_name[stage.name] = stage
        elif word:
            stage.instructions.append((word, rest.strip()))
    return stages_by_name


def ignored() -> list[str]:
    """The patterns of what is not sent to the engine."""
    lines = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Image:
    """A stage as it is carried out on a machine; `context` is the repository's folder."""

    def __init__(self, machine: Machine, stage: Stage, context: Path) -> None:
        self.machine, self.stage, self.context = machine, stage, context

    def build(self) -> None:
        for word, rest in self.stage.instructions:
            getattr(self, f"_{word.lower()}")(rest)

    def run(self, argv: list[str], *, background: str = "", **environment: str) -> str:
        """Run a command as a container of the image would; `background` names its log."""
        user, group = self.stage.user.split(":")
        words = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *argv]
        command = shlex.join(words)
        if background:
            command = f"nohup {command} > {background} 2>&1 &"
        return self._in_folder(command, environment)

    def _in_folder(self, command: str, environment: dict[str, str]) -> str:
        variables = {**self.stage.environment, **environment}
        exports = "".join(f"export {name}={shlex.quote(v)}\n" for name, v in variables.items())
        return self.machine.run(f"{exports}cd {self.stage.folder}\n{command}\n").stdout

    # --- Instructions -------------------------------------------------------------------------

    def _run(self, rest: str) -> None:
        self._in_folder(rest, {})

    def _workdir(self, rest: str) -> None:
        self.stage.folder = rest
        self.machine.run(f"mkdir -p {rest}")

    def _copy(self, rest: str) -> None:
        """From the context, or from the stage before, whose files are here already."""
        *sources, target = rest.split()
        if sources[0].startswith("--from="):
            self._in_folder(f"mkdir -p {target} && cp -r {sources[1]}/. {target}", {})
        elif sources == ["."]:
            self._in_folder(f"cp -r {self.context}/. {target}", {})
            for pattern in ignored():
                self._forget(pattern)
        else:
            files = " ".join(f"{self.context}/{source}" for source in sources)
            self._in_folder(f"cp {files} {target}", {})

    def _forget(self, pattern: str) -> None:
        """What the context leaves out; the environment that an earlier step made stays."""
        if pattern.startswith("**/"):
            name = shlex.quote(pattern[3:])
            self._in_folder(f"find . -path ./.venv -prune -o -name {name} -exec rm -r {{}} +", {})
        elif pattern != ".venv":
            self._in_folder(f"rm -rf ./{pattern}", {})

    def _env(self, rest: str) -> None:
        self.stage.environment |= dict(word.split("=", 1) for word in shlex.split(rest))

    def _user(self, rest: str) -> None:
        self.stage.user = rest

    def _expose(self, rest: str) -> None:
        assert rest == "8000"

    def _healthcheck(self, rest: str) -> None:
        self.stage.healthcheck = json.loads(rest.partition("CMD ")[2])

    def _cmd(self, rest: str) -> None:
        self.stage.command = json.loads(rest)


def interpolated(value: str, variables: dict[str, str]) -> str:
    """A value of compose.yaml with `${NAME:?}` and `${NAME:-}` filled in."""
    return re.sub(r"\$\{(\w+):[?-]\}", lambda match: variables.get(match[1], ""), value)


def lint(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)

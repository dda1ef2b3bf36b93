"""Follow docs/deploy.md on a private copy of this machine.

Every command is run as it is written. What the copy has instead of a server on the internet:

- its name is in /etc/hosts, and curl believes the self-signed certificate;
- apt finds the packages that are installed already, and pip those that were downloaded before;
- the repository to clone is a folder with the files of this checkout;
- `systemctl` is a stand-in that reads the units' own files, where systemd does not run.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tests.acceptance.checkout import Checkout
from tests.acceptance.documentation import Block, blocks
from tests.acceptance.machine import machine
from tests.acceptance.wheels import wheels
from tests.needs import ROOT
from tests.tls import Site

PAGE = ROOT / "docs" / "deploy.md"
NAME = "desk.example"
#: As Debian's packages leave a server: their services run.
SERVER = f"""
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*
echo "127.0.0.1 {NAME}" >> /etc/hosts
systemctl start postgresql@15-main redis-server nginx
"""
CERTIFICATE = "/etc/ssl/election-desk/fullchain.pem"


class Deployment:
    """A server on which the steps of the page have been followed."""

    def __init__(self, folder: Path) -> None:
        self.repository = Checkout(folder / "repository").folder
        self._git("init", "--quiet", "--initial-branch=main")
        self.commit("The release to deploy")
        packages = wheels()
        self.machine = machine(
            self.repository,
            packages,
            environment={
                "PIP_CONFIG_FILE": "/dev/null",
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(packages),
                "CURL_CA_BUNDLE": CERTIFICATE,
            },
        )
        self._certificate = folder / "fullchain.pem"
        self.output = ""

    def _git(self, *arguments: str) -> None:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@desk.example"]
        subprocess.run(["git", *identity, *arguments], cwd=self.repository, check=True)

    def commit(self, message: str) -> None:
        """Make what is in the repository's folder its newest release."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)

    def follow(self, chosen: Iterable[Block]) -> str:
        """Paste blocks into one shell, whose variables are those of step 1."""
        names = next(block for block in blocks(PAGE) if block.section == "1. Names")
        values = f"NAME={NAME}\nREPOSITORY={self.repository}\n"
        script = "".join(
            f'echo "== docs/deploy.md, line {block.line}, after $SECONDS s"\n{block.commands}'
            for block in chosen
            if not block.not_run and block != names
        )
        return self.machine.run(values + script).stdout

    @property
    def site(self) -> Site:
        return Site(NAME, self._certificate, network=self.machine.network)

    def __enter__(self) -> Self:
        self.machine.start()
        try:
            self.machine.run(SERVER)
            self.output = self.follow(steps())
            self._certificate.write_text(self.machine.read(CERTIFICATE))
        except BaseException:
            self.machine.stop()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.machine.stop()


def steps() -> list[Block]:
    """The numbered steps of the page."""
    return [block for block in blocks(PAGE) if block.section[:1].isdigit()]


def section(title: str) -> list[Block]:
    return [block for block in blocks(PAGE) if block.section == title]

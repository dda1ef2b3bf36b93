"""Run a module of the tests on a desk's own database, in a process beside the server."""

import subprocess
import sys

from tests.needs import ROOT
from tests.servers import Server


def run_module(
    desk: Server, module: str, *arguments: str, check: bool = True
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m module arguments` with the desk's environment.

    Raises RuntimeError with all it printed when it fails and `check` is on.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={"DJANGO_SETTINGS_MODULE": "electiondesk.settings", **desk.environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise RuntimeError(f"{module} {arguments} failed:\n{done.stdout}\n{done.stderr}")
    return done

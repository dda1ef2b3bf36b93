"""The supervisor of several server processes is told to stop while it starts one of them."""

import subprocess
import sys

import pytest

from tests.needs import ROOT
from tests.processes import START_SECONDS

#: Runs two children, which end with its own standard input; the first of three ends at once. The
#: signal comes when the child with the number of the first argument has started.
SUPERVISE = """
import os, signal, subprocess, sys

from electiondesk import launcher

at, started, start = int(sys.argv[1]), 0, subprocess.Popen

def start_and_stop(_argv, **options):
    global started
    started += 1
    code = "pass" if (started, at) == (1, 3) else "import sys; sys.stdin.read()"
    child = start([sys.executable, "-c", code], **options)
    if started == at:
        os.kill(os.getpid(), signal.SIGTERM)
    return child

launcher.subprocess.Popen = start_and_stop
launcher.run(launcher.ServerOptions(port=0, processes=2))
"""


@pytest.mark.parametrize("child", [1, 2, 3])
def test_ends_every_child_it_has_started(child: int) -> None:
    """The third takes the place of the first, which has ended by itself."""
    command = [sys.executable, "-c", SUPERVISE, str(child)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as supervisor:
        assert supervisor.stdin is not None
        try:
            # It waits for its children: those that were told to end.
            assert supervisor.wait(timeout=START_SECONDS) == 0
        finally:
            supervisor.stdin.close()

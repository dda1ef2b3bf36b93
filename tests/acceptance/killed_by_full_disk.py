"""Run a management command that is killed by the first write that does not fit.

`prlimit --fsize=BYTES python -m tests.acceptance.killed_by_full_disk COMMAND…`. Python ignores the
signal, so that a write fails instead; here it kills, as a power cut would.
"""

import signal
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    execute_from_command_line(["manage.py", *sys.argv[1:]])

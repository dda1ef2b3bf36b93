"""End a management command on SIGTERM as on Ctrl-C, so that it cleans up after itself."""

import signal
import sys
import threading


def exit_on_sigterm() -> None:
    """Make SIGTERM raise SystemExit, so that `finally` blocks run and temporary files go."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))

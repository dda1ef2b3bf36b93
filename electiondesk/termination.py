"""End a management command by SIGTERM as Ctrl-C ends it: what it has begun is cleaned up."""

import signal
import sys
import threading
from types import FrameType


def end_orderly() -> None:
    """Let SIGTERM raise SystemExit, so that temporary files are removed."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)

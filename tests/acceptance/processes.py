"""Memory of a running process, from /proc."""

import re
from pathlib import Path

MEGABYTE = 1024 * 1024


def forget_peak(pid: int) -> None:
    """Start the peak of resident memory again at what is resident now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak(pid: int) -> int:
    """Bytes that were resident at the most since `forget_peak`."""
    return _bytes(pid, "VmHWM")


def resident(pid: int) -> int:
    return _bytes(pid, "VmRSS")


def _bytes(pid: int, name: str) -> int:
    match = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert match is not None
    return int(match[1]) * 1024

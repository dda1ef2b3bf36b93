"""A disk of some megabytes, in memory, and how it gets full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import needs

MEGABYTE = 1024 * 1024


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[Path]:
    """A new folder on a disk of its own. Needs root."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        needs.skip_for("a small disk can only be mounted by root")
    # Where the server of a database is another user's.
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Fill the disk to the last byte with one file."""
    size = MEGABYTE
    with path.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2

"""Create files and folders that only this user can read, and write them to disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from electiondesk.backup.errors import BackupError

#: Mode of a copy of the database, which holds password hashes and keys of second factors.
PRIVATE = 0o600


@contextmanager
def private_folder(parent: Path, name: str) -> Iterator[Path]:
    """Create a temporary folder in `parent` that only this user can read."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent)  # mode 700
    except OSError as exc:
        raise BackupError(f"{parent} cannot be written to: {exc.strerror}.") from None
    with folder as path:
        yield Path(path)


def create_private(path: Path) -> BinaryIO:
    """Open a new file for writing. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    return cast(BinaryIO, os.fdopen(descriptor, "wb"))


def write_to_disk(path: Path) -> None:
    """Return when a file, or a folder's list of names, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

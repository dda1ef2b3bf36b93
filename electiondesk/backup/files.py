"""Files that only this user can read, from their first byte on, and that are whole or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from electiondesk.backup.errors import BackupError

#: Password hashes and the keys of second factors are in every copy of a desk's database.
PRIVATE = 0o600


@contextmanager
def private_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder in ``parent`` for this user alone, removed with everything in it at the end."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent)  # mode 700
    except OSError as exc:
        raise BackupError(f"{parent} cannot be written to: {exc.strerror}.") from None
    with folder as place:
        yield Path(place)


def create_private(path: Path) -> BinaryIO:
    """Open a new file for writing; FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    return cast(BinaryIO, os.fdopen(descriptor, "wb"))


def write_to_disk(path: Path) -> None:
    """Return when the file, or a folder's list of names, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

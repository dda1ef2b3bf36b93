"""Pack and unpack a backup file: a tar.gz of `about.json`, the database and the pictures."""

import errno
import gzip
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from electiondesk.backup.errors import BackupError
from electiondesk.backup.files import PRIVATE, create_private

ABOUT, MEDIA = "about.json", "media"
#: Level of gzip. Pictures are compressed already, and the default of 9 takes twice as long.
COMPRESSION = 6
#: Most bytes of `about.json` that are read: it is a few kilobytes, unless it is hostile.
MAX_ABOUT = 10_000_000

UNREADABLE = (OSError, EOFError, zlib.error, tarfile.TarError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup that was read to its end, with its database in a file of its own."""

    about: dict[str, Any]
    database: Path | None
    pictures: int
    #: Links in place of pictures, which earlier releases packed.
    left_out: list[str] = field(default_factory=list)


def pack(
    file: Path, about: dict[str, Any], database: Path, media: Iterable[tuple[str, Path]]
) -> int:
    """Write a backup to a new `file`; return the number of pictures in it."""
    pictures = 0
    with (
        create_private(file) as raw,
        tarfile.open(fileobj=raw, mode="w:gz", compresslevel=COMPRESSION) as packed,
    ):
        text = json.dumps(about, indent=1).encode()
        packed.addfile(_member(ABOUT, len(text)), io.BytesIO(text))
        _add(packed, database.name, database)
        for name, path in media:
            _add(packed, f"{MEDIA}/{name}", path)
            pictures += 1
    return pictures


def _add(packed: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as content:
        member = packed.gettarinfo(arcname=name, fileobj=content)
        # Pack a hard link to another file of the backup as a file.
        size = os.fstat(content.fileno()).st_size
        member.type, member.linkname, member.size = tarfile.REGTYPE, "", size
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        packed.addfile(member, content)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, PRIVATE
    return member


def unpack(file: Path, work: Path, database: str) -> Unpacked:
    """Read the whole of `file`; put its member `database` into the folder `work`.

    Raises BackupError for a file that is truncated, damaged or no backup.
    """
    about: dict[str, Any] | None = None
    database_file: Path | None = None
    pictures, left_out = 0, []
    with _members(file, work) as members:
        for member, content in members:
            if member.name == ABOUT and content is not None:
                about = _about(content.read(MAX_ABOUT))
            elif member.name == database and content is not None:
                database_file = work / database
                with create_private(database_file) as target:
                    shutil.copyfileobj(content, target)
            elif member.name == MEDIA or member.name.startswith(f"{MEDIA}/"):
                pictures += member.isfile()
                if not (member.isfile() or member.isdir()):
                    left_out.append(member.name)
    if about is None:
        raise BackupError(f"{file} is not a backup of a desk.")
    return Unpacked(about, database_file, pictures, left_out)


@contextmanager
def pictures_in(file: Path, work: Path) -> Iterator[Iterator[tuple[str, IO[bytes], int]]]:
    """Yield the pictures of a backup, as (name, content, size in bytes)."""
    with _members(file, work) as members:
        yield (
            (member.name.removeprefix(f"{MEDIA}/"), content, member.size)
            for member, content in members
            if content is not None and member.name.startswith(f"{MEDIA}/")
        )


Member = tuple[tarfile.TarInfo, IO[bytes] | None]


@contextmanager
def _members(file: Path, work: Path) -> Iterator[Iterator[Member]]:
    try:
        with gzip.open(file, "rb") as raw, tarfile.open(fileobj=raw, mode="r:") as packed:
            yield _checked(packed)
            # The checksum is at the very end, after the last member.
            while raw.read(1_000_000):
                pass
    except UNREADABLE as exc:
        if getattr(exc, "errno", None) in NO_ROOM:
            raise BackupError(f"There is no room to unpack {file} in {work.parent}.") from None
        said = getattr(exc, "strerror", None) or exc  # without the name and the error's number
        raise BackupError(f"{file} cannot be read: {said}.") from None


def _checked(packed: tarfile.TarFile) -> Iterator[Member]:
    """Yield each member, files with their content; raise for a name that leads outside."""
    for member in packed:
        if member.isfile() or member.isdir():
            _refuse_outside(member.name)
        yield member, packed.extractfile(member) if member.isfile() else None


def _refuse_outside(name: str) -> None:
    """Raise ReadError for a name that leads outside the folder that a backup is unpacked in.

    `tarfile.data_filter` would do, but the Python 3.11.2 of Debian 12 does not have it.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise tarfile.ReadError(f"{name!r} would be written outside its folder")


def _about(text: bytes) -> dict[str, Any]:
    try:
        about: Any = json.loads(text)
    except (ValueError, RecursionError):
        about = None
    if not isinstance(about, dict) or not {"engine", "made_at"} <= about.keys():
        raise BackupError("This file is not a backup of a desk.")
    return about

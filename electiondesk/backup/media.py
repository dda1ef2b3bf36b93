"""The pictures under MEDIA_ROOT: found for a backup, written by a restore, and those that lack."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage

from electiondesk.backup.errors import BackupError
from results.live.pictures import path_of
from results.models import WIDTHS, Notice, Photo, ReviewItem

#: Of pictures, as Django's storage creates them.
READABLE = 0o644


def media_root() -> Path:
    return Path(settings.MEDIA_ROOT)


def media_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file under ``root`` by its relative name; symbolic links are followed.

    Raises BackupError for what cannot be packed as a file: a link that leads nowhere or back into
    a folder above it, a device, a pipe, a folder that cannot be read.
    """
    if root.is_dir():
        yield from _files_in(root, "", frozenset())
    elif root.is_symlink() or root.exists():
        raise BackupError(f"MEDIA_ROOT, {root}, is no folder.")


def _files_in(
    folder: Path, prefix: str, above: frozenset[tuple[int, int]]
) -> Iterator[tuple[str, Path]]:
    found = folder.stat()
    here = (found.st_dev, found.st_ino)
    if here in above:
        raise BackupError(f"{folder} is a link to a folder that it is in.")
    try:
        names = sorted(os.listdir(folder))
    except OSError as exc:
        raise BackupError(f"{folder} cannot be read: {exc.strerror}.") from None
    for name in names:
        path = folder / name
        try:
            mode = path.stat().st_mode
        except OSError as exc:
            raise BackupError(f"{path} cannot be packed: {exc.strerror}.") from None
        if stat.S_ISDIR(mode):
            yield from _files_in(path, f"{prefix}{name}/", above | {here})
        elif stat.S_ISREG(mode):
            yield f"{prefix}{name}", path
        else:
            raise BackupError(f"{path} cannot be packed: it is neither a file nor a folder.")


def write_picture(root: Path, name: str, content: IO[bytes], size: int) -> None:
    """Write a file of a backup under ``root``, whole or not at all.

    One that is there already with the same size is left alone: a picture never changes under its
    name.
    """
    path = root / name
    if path.is_file() and path.stat().st_size == size:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as written:
        shutil.copyfileobj(content, written)
    part.chmod(READABLE)
    part.replace(path)


def pictures_named() -> set[str]:
    """The files, relative to MEDIA_ROOT, of every picture that the database names."""
    offered = ReviewItem.objects.filter(kind=ReviewItem.Kind.PHOTO).values_list(
        "content__name", flat=True
    )
    names = {
        *Photo.objects.values_list("name", flat=True),
        *Notice.objects.values_list("name", flat=True),
        *(name for name in offered if name),
    }
    return {path_of(name, width) for name in names for width in WIDTHS}


def pictures_missing() -> list[str]:
    """Files that the database names and MEDIA_ROOT does not hold."""
    return sorted(name for name in pictures_named() if not default_storage.exists(name))

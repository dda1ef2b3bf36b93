"""Pictures under MEDIA_ROOT: list them, write restored ones, find missing ones."""

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

#: Mode of pictures, as Django's storage creates them.
READABLE = 0o644


def media_root() -> Path:
    return Path(settings.MEDIA_ROOT)


def media_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield relative name and path of every file under `root`; symbolic links are followed.

    Raises BackupError for what cannot be packed: a broken link, a link to a folder above it, a
    device, a pipe, a folder or a file that cannot be read.
    """
    try:
        is_folder = root.is_dir()
    except OSError as exc:
        raise BackupError(f"MEDIA_ROOT, {root}, cannot be read: {exc.strerror}.") from None
    if is_folder:
        yield from _files_in(root, "", frozenset())
    elif root.is_symlink() or root.exists():
        raise BackupError(f"MEDIA_ROOT, {root}, is no folder.")


def _files_in(
    folder: Path, prefix: str, above: frozenset[tuple[int, int]]
) -> Iterator[tuple[str, Path]]:
    status = folder.stat()
    here = (status.st_dev, status.st_ino)
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
            if not os.access(path, os.R_OK):
                raise BackupError(f"{path} cannot be read by this user.")
            yield f"{prefix}{name}", path
        else:
            raise BackupError(f"{path} cannot be packed: it is neither a file nor a folder.")


def write_picture(root: Path, name: str, content: IO[bytes], size: int) -> None:
    """Write a picture of a backup under `root`, completely or not at all.

    An existing file of the same size is left alone: a picture never changes under its name.
    """
    path = root / name
    if path.is_file() and path.stat().st_size == size:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as target:
        shutil.copyfileobj(content, target)
    part.chmod(READABLE)
    part.replace(path)


def pictures_named() -> set[str]:
    """Return the files, relative to MEDIA_ROOT, of every picture that the database names."""
    queued = ReviewItem.objects.filter(kind=ReviewItem.Kind.PHOTO).values_list(
        "content__name", flat=True
    )
    names = {
        *Photo.objects.values_list("name", flat=True),
        *Notice.objects.values_list("name", flat=True),
        *(name for name in queued if name),
    }
    return {path_of(name, width) for name in names for width in WIDTHS}


def pictures_missing() -> list[str]:
    """Return the files that the database names and MEDIA_ROOT does not hold."""
    return sorted(name for name in pictures_named() if not default_storage.exists(name))

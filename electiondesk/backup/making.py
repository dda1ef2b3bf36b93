"""Make a backup: the database as it was at one moment, and the pictures that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from electiondesk import release
from electiondesk.backup import archive, media
from electiondesk.backup.contents import FORMAT, Contents, key_mark
from electiondesk.backup.engine import Engine, engine
from electiondesk.backup.errors import BackupError
from electiondesk.backup.files import private_folder, write_to_disk


@dataclass(frozen=True, slots=True)
class Made:
    size: int
    contents: Contents | None
    pictures: int
    #: Pictures that the database names and MEDIA_ROOT does not hold.
    missing: list[str]


def back_up(file: Path, *, with_media: bool = True) -> Made:
    """Write a backup to ``file``, which appears only when it is whole and on the disk.

    Raises BackupError, and leaves nothing behind, where anything cannot be packed.
    """
    file = file.absolute()
    if file.exists():
        raise BackupError(f"{file} is there already.")
    used = engine()
    with private_folder(file.parent, file.name) as work:
        try:
            return _make(file, work, used, with_media=with_media)
        except OSError as exc:
            raise BackupError(f"{file} cannot be written: {exc}.") from None


def _make(file: Path, work: Path, used: Engine, *, with_media: bool) -> Made:
    # The database first: a picture is stored before the database names it, so every picture that
    # the copy names is there when the pictures are read.
    made_at = timezone.now()
    database = work / used.file_name
    contents = used.dump(database)
    about: dict[str, Any] = {
        "format": FORMAT,
        "engine": used.name,
        "made_at": made_at.isoformat(),
        "release": release.VERSION,
        "code": release.fingerprint(),
        "key": key_mark(),
        "media": with_media,
        "contents": contents.to_json() if contents else None,
    }
    missing = _missing_pictures() if with_media else []
    unfinished = work / "backup"
    files: Iterator[tuple[str, Path]] = iter(())
    if with_media:
        files = media.media_files(media.media_root())
    pictures = archive.pack(unfinished, about, database, files)
    write_to_disk(unfinished)
    if file.exists():
        raise BackupError(f"{file} is there already.")
    unfinished.rename(file)
    write_to_disk(file.parent)
    return Made(file.stat().st_size, contents, pictures, missing)


def _missing_pictures() -> list[str]:
    """Raises BackupError where MEDIA_ROOT holds none of the pictures: it is another folder."""
    try:
        named, missing = media.pictures_named(), media.pictures_missing()
    except DatabaseError:
        return []  # a database that is to be migrated
    if missing and len(missing) == len(named):
        raise BackupError(
            f"MEDIA_ROOT, {media.media_root()}, holds none of the {len(named)} files of pictures "
            "that the database names. Set MEDIA_ROOT, or back up --without-media."
        )
    return missing

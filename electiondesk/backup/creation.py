"""Make a backup: the database as of one moment, and the pictures that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from electiondesk import release
from electiondesk.backup import archive, media
from electiondesk.backup.contents import FORMAT, Contents, secret_key_hash
from electiondesk.backup.engine import Engine, engine
from electiondesk.backup.errors import BackupError
from electiondesk.backup.files import private_folder, write_to_disk

#: How the name of a backup ends: any other end would be of another format.
NAME_ENDS = (".tar.gz", ".tgz")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made; `size` in bytes, `pictures` the number of files."""

    size: int
    contents: Contents | None
    pictures: int
    #: Pictures that the database names and MEDIA_ROOT does not hold.
    missing: list[str]


def back_up(file: Path, *, with_media: bool = True) -> Backup:
    """Write a backup to `file`, which appears only when it is complete and on disk.

    Raises BackupError, and leaves nothing behind, if anything cannot be packed.
    """
    file = file.absolute()
    if not file.name.endswith(NAME_ENDS):
        raise BackupError(
            f"A backup is a {NAME_ENDS[0]} file."
            f" Give {file.name} a name that ends in {NAME_ENDS[0]}."
        )
    if file.exists():
        raise BackupError(f"{file} is there already.")
    database_engine = engine()
    with private_folder(file.parent, file.name) as work:
        try:
            return _make(file, work, database_engine, with_media=with_media)
        except OSError as exc:
            raise BackupError(f"{file} cannot be written: {exc}.") from None


def _make(file: Path, work: Path, database_engine: Engine, *, with_media: bool) -> Backup:
    # The database first: a picture is stored before the database names it, so that every picture
    # named in the copy exists when the pictures are read.
    made_at = timezone.now()
    database = work / database_engine.file_name
    contents = database_engine.dump(database)
    about: dict[str, Any] = {
        "format": FORMAT,
        "engine": database_engine.name,
        "made_at": made_at.isoformat(),
        "release": release.VERSION,
        "code": release.fingerprint(),
        "key": secret_key_hash(),
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
    return Backup(file.stat().st_size, contents, pictures, missing)


def _missing_pictures() -> list[str]:
    """Return missing pictures. Raises BackupError if all are: MEDIA_ROOT is another folder."""
    try:
        named, missing = media.pictures_named(), media.pictures_missing()
    except DatabaseError:
        return []  # the database is not migrated yet
    if missing and len(missing) == len(named):
        list(media.media_files(media.media_root()))  # raises, if they only cannot be read
        raise BackupError(
            f"MEDIA_ROOT, {media.media_root()}, holds none of the {len(named)} files of pictures "
            "that the database names. Set MEDIA_ROOT, or back up --without-media."
        )
    return missing

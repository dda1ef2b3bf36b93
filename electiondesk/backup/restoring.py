"""Restore a backup: everything is read, checked and prepared before anything is replaced."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from electiondesk import release
from electiondesk.backup import archive, media
from electiondesk.backup.contents import Contents, key_mark
from electiondesk.backup.discarded import Discarded, discarded_by
from electiondesk.backup.engine import Engine, engine
from electiondesk.backup.errors import BackupError
from electiondesk.backup.files import private_folder
from electiondesk.backup.making import back_up
from results import desk
from results.models import Election

#: Asks whoever restores, or raises BackupError.
Consent = Callable[[datetime, Discarded], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    made_at: datetime
    discarded: Discarded
    #: Where what was here is kept; None where there was nothing, or nobody wanted it.
    safety_copy: Path | None
    #: Pictures that the restored database names and MEDIA_ROOT does not hold.
    missing: list[str] = field(default_factory=list)
    #: Members of the backup that are no files, as earlier releases packed symbolic links.
    left_out: list[str] = field(default_factory=list)
    another_key: bool = False


def restore(
    file: Path, *, consent: Consent, with_media: bool = True, safety_copy: bool = True
) -> Restored:
    """Replace this desk by the one in ``file``. Raises BackupError, having changed nothing.

    Pictures are added to those that are here. ``consent`` is asked once it is known what is lost.
    """
    used = engine()
    with private_folder(used.scratch_folder(), "restore") as work:
        try:
            return _restore(file, work, used, consent, with_media, safety_copy)
        except OSError as exc:
            raise BackupError(f"{file} cannot be restored: {exc}.") from None


def _restore(
    file: Path, work: Path, used: Engine, consent: Consent, with_media: bool, safety_copy: bool
) -> Restored:
    unpacked = archive.unpack(file, work, used.file_name)
    about = unpacked.about
    made_at = _made_at(about)
    database = _database(file, unpacked, used)
    _refuse_newer(used.migrations_in(database))
    kept = _contents(about)
    discarded = discarded_by(kept, made_at) if used.is_there() else Discarded()
    if discarded.needs_consent:
        consent(made_at, discarded)
    replacement = used.prepare(database, partial(_finish, about))
    if with_media:
        _write_pictures(file, work)
    copy = _keep_what_is_here(file) if safety_copy and discarded.needs_consent else None
    now = discarded_by(kept, made_at) if used.is_there() else Discarded()
    if len(now.publications) != len(discarded.publications):
        raise BackupError(
            "More was published meanwhile: stop the processes that write, and restore again."
        )
    replacement.commit()
    return Restored(
        made_at=made_at,
        discarded=discarded,
        safety_copy=copy,
        missing=media.pictures_missing(),
        left_out=unpacked.left_out,
        another_key=about.get("key", key_mark()) != key_mark(),
    )


def _made_at(about: dict[str, Any]) -> datetime:
    try:
        made_at = datetime.fromisoformat(str(about["made_at"]))
    except ValueError:
        raise BackupError("This file is not a backup of a desk.") from None
    return made_at if timezone.is_aware(made_at) else timezone.make_aware(made_at)


def _contents(about: dict[str, Any]) -> Contents | None:
    """What a backup says that it holds; None for one that an earlier release made."""
    given = about.get("contents")
    try:
        return None if given is None else Contents.from_json(given)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BackupError("This file is not a backup of a desk.") from None


def _database(file: Path, unpacked: archive.Unpacked, used: Engine) -> Path:
    made_of = unpacked.about.get("engine")
    if made_of != used.name:
        raise BackupError(f"{file} is of {made_of}, this desk of {used.name}.")
    if unpacked.database is None:
        raise BackupError(f"{file} has no database in it.")
    return unpacked.database


def _refuse_newer(applied: set[tuple[str, str]]) -> None:
    known = MigrationLoader(None).disk_migrations
    replaced = {one for migration in known.values() for one in migration.replaces}
    unknown = sorted(applied - known.keys() - replaced)
    if unknown:
        names = ", ".join(f"{app}.{name}" for app, name in unknown)
        raise BackupError(
            f"This backup is of a newer release, which has {names}: install that release first."
        )


def _write_pictures(file: Path, work: Path) -> None:
    root = media.media_root()
    with archive.pictures_in(file, work) as pictures:
        for name, content, size in pictures:
            try:
                media.write_picture(root, name, content, size)
            except OSError as exc:
                raise BackupError(
                    f"{root / name} cannot be written: {exc.strerror}. Set MEDIA_ROOT, or restore "
                    "the database alone, --without-media."
                ) from None


def _keep_what_is_here(file: Path) -> Path:
    """A backup of this desk's database beside the one that is restored."""
    stamp = timezone.now().strftime("%Y%m%d-%H%M%S")
    copy = file.absolute().with_name(f"before-restore-{stamp}.tar.gz")
    try:
        back_up(copy, with_media=False)
    except BackupError as exc:
        raise BackupError(
            f"What is here cannot be kept first: {exc} --without-safety-copy restores all the same."
        ) from None
    return copy


def _finish(about: dict[str, Any], *, has_new_epochs: bool) -> None:
    """Make the connected database one of this release, under new epochs."""
    call_command("migrate", verbosity=0, interactive=False)
    if has_new_epochs and about.get("code") == release.mark():
        return  # every figure is as this release computed it: one new epoch is enough
    for election in Election.objects.all():
        # Numbers of the restored log may be given again: a new epoch tells every open page.
        desk.start_new_epoch(election)

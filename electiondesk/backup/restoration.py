"""Restore a backup: read, check and prepare everything before replacing anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from electiondesk import database_state, release
from electiondesk.backup import archive, media
from electiondesk.backup.contents import Contents, secret_key_hash
from electiondesk.backup.creation import back_up
from electiondesk.backup.discarded import Discarded, discarded_by
from electiondesk.backup.engine import Engine, engine
from electiondesk.backup.errors import BackupError
from electiondesk.backup.files import private_folder
from electiondesk.backup.heads import Heads, read_heads
from results import desk
from results.models import Election

#: Asks the operator for consent. Raises BackupError without it.
Consent = Callable[[datetime, Discarded], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """Outcome of a restore, for the report."""

    made_at: datetime
    discarded: Discarded
    #: Backup of what was replaced; None if there was nothing, or if it was not wanted.
    safety_copy: Path | None
    #: Pictures that the restored database names and MEDIA_ROOT does not hold.
    missing: list[str] = field(default_factory=list)
    #: Links in place of pictures, which earlier releases packed.
    left_out: list[str] = field(default_factory=list)
    another_key: bool = False


def restore(
    file: Path, *, consent: Consent, with_media: bool = True, safety_copy: bool = True
) -> Restored:
    """Replace this desk with the one in `file`. Raises BackupError, having changed nothing.

    Pictures are added to the present ones. `consent` is called once it is known what is lost.
    """
    database_engine = engine()
    with private_folder(database_engine.scratch_folder(), "restore") as work:
        try:
            return _restore(file, work, database_engine, consent, with_media, safety_copy)
        except OSError as exc:
            raise BackupError(f"{file} cannot be restored: {exc}.") from None


def _restore(
    file: Path, work: Path, engine: Engine, consent: Consent, with_media: bool, safety_copy: bool
) -> Restored:
    unpacked = archive.unpack(file, work, engine.file_name)
    about = unpacked.about
    made_at = _made_at(about)
    database = _database(file, unpacked, engine)
    _refuse_newer(engine.migrations_in(database))
    contents = _contents(about)
    discarded = discarded_by(contents, made_at) if engine.is_there() else Discarded()
    if discarded.needs_consent:
        consent(made_at, discarded)
    heads = read_heads() if engine.is_there() else {}
    replace = engine.prepare(database, partial(_finish, about, heads))
    if with_media:
        _write_pictures(file, work)
    copy = _back_up_first(file) if safety_copy and discarded.needs_consent else None
    now = discarded_by(contents, made_at) if engine.is_there() else Discarded()
    if len(now.publications) != len(discarded.publications):
        raise BackupError(
            "More was published meanwhile: stop the processes that write, and restore again."
        )
    replace()
    return Restored(
        made_at=made_at,
        discarded=discarded,
        safety_copy=copy,
        missing=media.pictures_missing(),
        left_out=unpacked.left_out,
        another_key=about.get("key", secret_key_hash()) != secret_key_hash(),
    )


def _made_at(about: dict[str, Any]) -> datetime:
    try:
        made_at = datetime.fromisoformat(str(about["made_at"]))
    except ValueError:
        raise BackupError("This file is not a backup of a desk.") from None
    return made_at if timezone.is_aware(made_at) else timezone.make_aware(made_at)


def _contents(about: dict[str, Any]) -> Contents | None:
    """Return the summary of a backup's contents; None for a backup of an earlier release."""
    data = about.get("contents")
    try:
        return None if data is None else Contents.from_json(data)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BackupError("This file is not a backup of a desk.") from None


def _database(file: Path, unpacked: archive.Unpacked, engine: Engine) -> Path:
    name = unpacked.about.get("engine")
    if name != engine.name:
        raise BackupError(f"{file} is of {name}, this desk of {engine.name}.")
    if unpacked.database is None:
        raise BackupError(f"{file} has no database in it.")
    return unpacked.database


def _refuse_newer(applied: set[tuple[str, str]]) -> None:
    if unknown := database_state.unknown_migrations(applied):
        names = ", ".join(unknown)
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


def _back_up_first(file: Path) -> Path:
    """Back up this desk's database beside the file that is restored."""
    stamp = timezone.now().strftime("%Y%m%d-%H%M%S")
    copy = file.absolute().with_name(f"before-restore-{stamp}.tar.gz")
    number = 1
    # A copy of the same second is of another restore: both stay.
    while copy.exists():
        number += 1
        copy = copy.with_name(f"before-restore-{stamp}-{number}.tar.gz")
    try:
        back_up(copy, with_media=False)
    except BackupError as exc:
        raise BackupError(
            f"What is here cannot be kept first: {exc} --without-safety-copy restores all the same."
        ) from None
    return copy


def _finish(about: dict[str, Any], heads: Heads | None, *, has_new_epochs: bool) -> None:
    """Migrate the connected database to this release, under new epochs.

    The logs go on with an entry that commits to `heads`, those of the database that was replaced.
    """
    call_command("migrate", verbosity=0, interactive=False)
    for election in Election.objects.all():
        known = None if heads is None else heads.get(election.slug, [])
        desk.record_restore(election, known, made_at=_made_at(about))
    if has_new_epochs and about.get("code") == release.fingerprint():
        return  # this release computed the results, so nothing has to be recomputed
    for election in Election.objects.all():
        # Sequences of the restored log may be assigned again: a new epoch makes pages reload.
        desk.start_new_epoch(election)

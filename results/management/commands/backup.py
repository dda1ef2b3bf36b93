"""Back up the desk into one file: its database at one moment, and its pictures."""

from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from electiondesk.backup import BackupError, back_up
from electiondesk.lifecycle.termination import exit_on_sigterm
from results.desk.backups import record_backup
from results.exchange.errors import counted
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="ending in .tar.gz")
        parser.add_argument(
            "--without-media", action="store_true", help="the database alone, without pictures"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        exit_on_sigterm()
        file: Path = options["file"]
        try:
            backup = back_up(file, with_media=not options["without_media"])
        except BackupError as exc:
            raise CommandError(f"No backup was made. {exc}") from None
        with suppress(DatabaseError):  # a database that is not migrated has no audit trail
            record_backup(file.name, backup.size)
        logs = backup.contents.logs if backup.contents else {}
        held = ", ".join(
            f"{slug} ({counted(len(log), 'bulletin')})" for slug, log in sorted(logs.items())
        )
        self.stdout.write(
            f"{file}: {backup.size:,} bytes; elections: {held or 'none'}; "
            f"{counted(backup.pictures, 'file')} of pictures"
        )
        if backup.missing:
            self.stderr.write(
                f"WARNING: the database names {len(backup.missing)} files of pictures that are not "
                f"in MEDIA_ROOT, and so not in the backup: {', '.join(backup.missing)}"
            )

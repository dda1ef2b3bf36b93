"""Everything the desk keeps, in one file: its database as of one moment, and its pictures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from electiondesk.backup import CannotKeep, back_up


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="ending in .tar.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = back_up(options["file"])
        except CannotKeep as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{options['file']}: {size:,} bytes")

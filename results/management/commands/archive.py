"""A closed night as files that anything can serve: its pages, figures, pictures and their parts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.exchange.archive import NotReachable, archive
from results.models import Election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="empty, or not there yet")
        parser.add_argument("--host", default="", help="the name its pages are to know it by")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election {options['election']}.")
        if not election.final:
            raise CommandError("The night is not closed: its pages would ask for news for ever.")
        folder: Path = options["folder"]
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty.")
        try:
            written = archive(election, folder, host=options["host"])
        except NotReachable as exc:
            raise CommandError(str(exc)) from None
        self.stdout.write(f"{written} files in {folder}")

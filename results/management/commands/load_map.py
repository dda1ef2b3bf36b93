"""A hex cartogram for an election's map, from a HexJSON file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.exchange.command import reporting_file_errors
from results.exchange.hexjson import load_map
from results.models import Contest, Election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election “{options['election']}”.")
        with reporting_file_errors():
            placed = load_map(election, options["file"])
        seats = Contest.objects.filter(election=election).count()
        self.stdout.write(f"{election.slug}: {placed} of {seats} seats are on the map")

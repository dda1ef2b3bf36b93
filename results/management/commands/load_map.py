"""Load the hex cartogram of an election's map from a HexJSON file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.exchange.hexjson import load_map
from results.management.base import ElectionCommand, reporting_file_errors
from results.models import Contest, Election


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        with reporting_file_errors():
            placed = load_map(election, options["file"])
        seats = Contest.objects.filter(election=election).count()
        self.stdout.write(f"{election.slug}: {placed} of {seats} seats are on the map")

"""Load the hex cartogram of an election's map from a HexJSON file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.exchange.errors import counted
from results.exchange.hexjson import load_map
from results.exchange.preview import preview
from results.management.base import ElectionCommand, reporting_file_errors
from results.models import Contest, Election


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="load a map that does not have all seats"
        )
        parser.add_argument("--preview", action="store_true", help="say what it would change")

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        if not options["preview"]:
            self.load(election, options)
            return
        changes = preview(election.slug, lambda: self.load(election, options))
        for change in changes:
            self.stdout.write(change)
        self.stdout.write(
            f"{counted(len(changes), 'change')}. Nothing was changed: this was a preview."
        )

    def load(self, election: Election, options: dict[str, Any]) -> None:
        with reporting_file_errors():
            placed = load_map(election, options["file"], incomplete=options["force"])
        seats = Contest.objects.filter(election=election).count()
        self.stdout.write(f"{election.slug}: {placed} of {seats} seats are on the map")

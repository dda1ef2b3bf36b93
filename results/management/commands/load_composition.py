"""Load who holds the seats of councils before the poll, from a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction

from results import desk
from results.exchange import compositions
from results.management.base import ElectionCommand, reporting_file_errors
from results.management.reading import add_reading_arguments, read_options
from results.models import Election


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path)
        add_reading_arguments(parser)

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        with reporting_file_errors(), transaction.atomic():
            bodies = compositions.load(election, options["file"], read_options(options))
            # What a result does to a body's control is on pages that may be open already.
            desk.start_new_epoch(election)
        for body in bodies:
            held = sum(body.composition_before.values())
            self.stdout.write(f"{body.name}: {held} of {body.seats} seats held")

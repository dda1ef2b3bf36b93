"""Load the areas in which a mayor's, a commissioner's or a referendum's votes are counted."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.exchange.loading import LoadRequest, load_counting_areas
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
        reading = read_options(options)
        with reporting_file_errors():
            request = LoadRequest(election=election.slug, files=[options["file"]], reading=reading)
            lines = load_counting_areas(request)
        for note in reading.notes:
            self.stderr.write(note)
        self.stdout.write("\n".join(lines))

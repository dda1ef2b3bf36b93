"""Compare a finished night with the House of Commons Library's file; list every difference."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.exchange import commons_library
from results.exchange.comparison import SeatDisagreement, compare, propose
from results.exchange.elections import UK_ZONE, import_user
from results.exchange.errors import counted
from results.exchange.matched_lists import expect_lists
from results.management.base import ElectionCommand, reporting_file_errors
from results.management.reading import add_poll_argument, add_reading_arguments, read_options
from results.models import Election


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        add_poll_argument(parser)
        add_reading_arguments(parser)
        parser.add_argument(
            "--propose", action="store_true", help="ask the desk for a correction of each"
        )

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        reading = read_options(options)
        reading.polling_day = election.date
        expect_lists(reading, election.slug)
        with reporting_file_errors():
            edition = commons_library.read(options["files"], UK_ZONE, reading)
            rows = list(compare(election, edition))
        differing = [row for row in rows if isinstance(row, SeatDisagreement)]
        for row in rows:
            if isinstance(row, SeatDisagreement):
                self.stdout.write(f"{row.contest.full_name}: {'; '.join(row.differences)}")
            else:
                self.stderr.write(row)
        if options["propose"]:
            for row in differing:
                propose(row, by=import_user())
        proposed = ", each proposed to the desk" if options["propose"] and differing else ""
        differ = f"{counted(len(differing), 'seat')} differ{'s' if len(differing) == 1 else ''}"
        self.stdout.write(f"{differ} from the file{proposed}")

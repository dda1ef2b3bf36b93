"""Load which areas postcodes are in, so that readers find their seats by postcode."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.exchange.postcodes import load_postcodes
from results.management.base import reporting_file_errors
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a CSV file")
        parser.add_argument(
            "--columns",
            metavar="HEADING",
            nargs="+",
            default=[],
            help="columns of official codes, where they are not the directory’s: “pcon”, “osward”",
        )
        parser.add_argument(
            "--add", action="store_true", help="keep the areas that a postcode has, as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        def report(done: int, total: int) -> None:
            self.stderr.write(f"{done:,} of {total:,} postcodes")

        with reporting_file_errors():
            loaded = load_postcodes(
                options["file"], columns=options["columns"], add=options["add"], report=report
            )
        for note in loaded.notes:
            self.stdout.write(note)
        self.stdout.write(
            f"{loaded.postcodes:,} postcodes, {loaded.ended:,} of them not in use any more; "
            f"{loaded.changed:,} are new or changed"
        )

"""Load results from tables, as last time's or as declarations."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from results.exchange import commons_library
from results.exchange.declarations import declare_all, differences
from results.exchange.elections import UK_ZONE, import_user
from results.exchange.errors import counted
from results.exchange.kinds_of_files import kind_of, likely_kind_of
from results.exchange.last_results import set_last_time
from results.exchange.loaded_corrections import publish_loaded
from results.exchange.past_results import set_up_contests
from results.exchange.polling_days import (
    polling_day_of,
    require_earlier_poll,
    require_later_than_close,
)
from results.management.base import LoadCommand, reporting_file_errors
from results.management.reading import add_poll_argument


class Command(LoadCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--as", dest="use", choices=["previous", "declared"], default="previous"
        )
        add_poll_argument(parser)
        parser.add_argument(
            "--seats",
            choices=["all", "own"],
            default="all",
            help="own: skip the areas of the file that the election does not have",
        )
        parser.add_argument(
            "--notional", action="store_true", help="last time's, worked out for new boundaries"
        )

    def load(self, options: dict[str, Any]) -> None:
        # The polling day of last time's results is not this election's.
        is_previous = options["use"] == "previous"
        reading = self.reading
        reading.only_own, reading.notional = options["seats"] == "own", options["notional"]
        reading.polling_day = None if is_previous else self.polling_day(options)
        with reporting_file_errors(), transaction.atomic():
            edition = commons_library.read(options["files"], UK_ZONE, reading)
            polling_day = None
            if not is_previous:
                polling_day = polling_day_of(edition, self.polling_day(options))
            election = self.find_or_create_election(
                options,
                polling_day,
                kind_of(edition),
                likely=likely_kind_of(edition),
                declares=not is_previous,
            )
            if is_previous:
                require_earlier_poll(election, edition)
                contests = counted(set_last_time(election, edition, reading), "contest")
                publish_loaded(election, file=options["files"][0], reason=options["reason"])
                self.stdout.write(f"{election.slug}: last time's figures for {contests}")
                return
            require_later_than_close(election, edition)
            results = set_up_contests(election, edition, reading)
            published = declare_all(results, by=import_user())
        for difference in differences(results):
            self.stderr.write(difference)
        self.stdout.write(f"{election.slug}: {published} declared, {len(results)} in the file")

"""Load results from the House of Commons Library's files, as last time's or as declarations."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from results import desk
from results.exchange import commons_library
from results.exchange.declarations import declare_all, differences
from results.exchange.elections import UK_ZONE, import_user
from results.exchange.past_results import set_last_time, set_up_contests
from results.exchange.polling_days import kind_of, polling_day_of, require_later_than_close
from results.management.base import LoadCommand, reporting_file_errors


class Command(LoadCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--as", dest="use", choices=["previous", "declared"], default="previous"
        )

    def load(self, options: dict[str, Any]) -> None:
        with reporting_file_errors(), transaction.atomic():
            edition = commons_library.read(options["files"], UK_ZONE)
            # The polling day of last time's results is not this election's.
            is_previous = options["use"] == "previous"
            polling_day = (
                None if is_previous else polling_day_of(edition, self.expected_day(options))
            )
            election = self.find_or_create_election(
                options, polling_day, kind_of(edition), declares=not is_previous
            )
            if is_previous:
                contests = set_last_time(election, edition)
                desk.start_new_epoch(election)
                self.stdout.write(f"{election.slug}: last time's figures for {contests} contests")
                return
            require_later_than_close(election, edition)
            results = set_up_contests(election, edition)
            published = declare_all(results, by=import_user())
        for difference in differences(results):
            self.stderr.write(difference)
        self.stdout.write(f"{election.slug}: {published} declared, {len(results)} in the file")

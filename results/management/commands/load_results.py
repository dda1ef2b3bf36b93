"""Load results from tables, as last time's or as declarations."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from results.exchange import commons_library
from results.exchange.declarations import declare_all, differences
from results.exchange.elections import UK_ZONE, import_user
from results.exchange.kinds_of_files import kind_of, likely_kind_of
from results.exchange.loading import load_previous
from results.exchange.matched_lists import expect_lists
from results.exchange.past_results import set_up_contests
from results.exchange.polling_days import polling_day_of, require_later_than_close
from results.management.base import LoadCommand, reporting_file_errors
from results.management.reading import add_poll_argument, add_seats_argument


class Command(LoadCommand):
    help = __doc__
    loader = staticmethod(load_previous)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--as", dest="use", choices=["previous", "declared"], default="previous"
        )
        add_poll_argument(parser)
        add_seats_argument(parser)
        parser.add_argument(
            "--notional", action="store_true", help="last time's, worked out for new boundaries"
        )

    def load(self, options: dict[str, Any]) -> None:
        is_previous = options["use"] == "previous"
        reading = self.reading
        reading.notional = options["notional"]
        if is_previous:
            super().load(options)
            return
        request = self.request(options, reading)
        expected = reading.polling_day = request.polling_day
        with reporting_file_errors(), transaction.atomic():
            expect_lists(reading, request.election)
            edition = commons_library.read(options["files"], UK_ZONE, reading)
            election = request.find_or_create(
                polling_day_of(edition, expected),
                kind_of(edition),
                likely=likely_kind_of(edition),
                declares=True,
            )
            require_later_than_close(election, edition)
            results = set_up_contests(election, edition, reading, body=request.body)
            published = declare_all(results, by=import_user())
        for difference in differences(results):
            self.stderr.write(difference)
        self.stdout.write(f"{election.slug}: {published} declared, {len(results)} in the file")
        if kept := len(results) - published:
            files = " ".join(str(file) for file in options["files"])
            self.stdout.write(
                f"{kept} left as published before; what differs from the file is listed by:\n"
                f"manage.py compare {election.slug} {files}"
            )

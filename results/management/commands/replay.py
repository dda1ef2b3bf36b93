"""Declare a past night's real results in the order, and at the pace, of their declaration times."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from tqdm import tqdm

from results import desk
from results.exchange import commons_library
from results.exchange.declarations import declare_all, differences
from results.exchange.elections import UK_ZONE, import_user
from results.exchange.errors import FileErrors
from results.exchange.kinds_of_files import kind_of, likely_kind_of
from results.exchange.last_results import set_last_time
from results.exchange.matched_lists import expect_lists
from results.exchange.past_results import SeatResult, set_up_contests
from results.exchange.polling_days import polling_day_of, require_later_than_close
from results.management.amounts import pace, whole_number
from results.management.base import FilesCommand, reporting_file_errors
from results.management.reading import add_poll_argument, add_seats_argument, read_options
from results.models import Election


class Command(FilesCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_poll_argument(parser)
        add_seats_argument(parser)
        parser.add_argument("--previous", metavar="FILE", nargs="+", type=Path, default=[])
        parser.add_argument(
            "--speed",
            type=pace,
            default=1,
            help="1 is the night's own pace, 60 a minute a second, 0 as fast as it goes",
        )
        parser.add_argument(
            "--only", type=whole_number, help="stop after so many have been declared"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with reporting_file_errors():
            election, results = self._set_up(options)
        for difference in differences(results):
            self.stderr.write(difference)
        published, by = 0, import_user()
        try:
            for due in self._paced(results[: options["only"]], options["speed"]):
                published += declare_all(due, by=by)
        except FileErrors as exc:
            reasons = "\n".join(map(str, exc.errors))
            raise CommandError(f"{reasons}\nThe results before it were declared.") from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run again, it goes on from here.")
        self.stdout.write(f"{election.slug}: {published} declared, {len(results)} in the file")

    @transaction.atomic
    def _set_up(self, options: dict[str, Any]) -> tuple[Election, list[SeatResult]]:
        reading, earlier = read_options(options), read_options(options)
        request = self.request(options, reading)
        reading.polling_day = request.polling_day
        # These options are about this night's results.
        earlier.source, earlier.poll = "", None
        for each in (reading, earlier):
            expect_lists(each, request.election)
        edition = commons_library.read(options["files"], UK_ZONE, reading)
        election = request.find_or_create(
            polling_day_of(edition, request.polling_day),
            kind_of(edition),
            likely=likely_kind_of(edition),
            declares=True,
        )
        require_later_than_close(election, edition)
        results = set_up_contests(election, edition, reading, body=request.body)
        if options["previous"]:
            previous = commons_library.read(options["previous"], UK_ZONE, earlier)
            set_last_time(election, previous, earlier)
            desk.start_new_epoch(election)
        for note in [*reading.notes, *earlier.notes]:
            if "columns not used" not in note:
                self.stderr.write(note)
        return election, results

    def _paced(self, results: list[SeatResult], speed: float) -> Iterator[list[SeatResult]]:
        """Yield those of each moment as long after the ones before as on the night, by `speed`."""
        before: datetime | None = None
        with tqdm(total=len(results), unit=" seats", disable=None) as progress:
            for declared_at, due in _by_moment(results) if speed > 0 else _at_once(results):
                if declared_at is not None:
                    if before is not None:
                        time.sleep(max((declared_at - before).total_seconds(), 0) / speed)
                    before = declared_at
                yield due
                progress.update(len(due))


def _by_moment(results: list[SeatResult]) -> Iterator[tuple[datetime | None, list[SeatResult]]]:
    for declared_at, due in groupby(results, key=lambda result: result.seat.declared_at):
        yield declared_at, list(due)


def _at_once(results: list[SeatResult]) -> Iterator[tuple[None, list[SeatResult]]]:
    for due in desk.in_batches(results):
        yield None, due

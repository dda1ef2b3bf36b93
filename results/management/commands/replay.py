"""Declare a past night's real results in the order, and at the pace, of their declaration times."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from results import desk
from results.exchange import commons_library
from results.exchange.command import day, reporting_file_errors
from results.exchange.declaring import declare_all, differences
from results.exchange.past_results import ToDeclare, set_last_time, set_up_contests
from results.exchange.setting_up import ZONE, find_or_make_election, import_user
from results.models import Election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument("--previous", metavar="FILE", nargs="+", type=Path, default=[])
        parser.add_argument(
            "--speed",
            type=float,
            default=1,
            help="1 is the night's own pace, 60 a minute a second, 0 as fast as it goes",
        )
        parser.add_argument("--only", type=int, help="stop after so many have been declared")
        parser.add_argument("--date", type=day, help="polling day, where the file has no times")
        parser.add_argument("--name", default="", help="the election's name, if it is made now")

    def handle(self, *args: Any, **options: Any) -> None:
        with reporting_file_errors():
            election, entries = self._set_up(options)
        for difference in differences(entries):
            self.stderr.write(difference)
        wait = _pace(options["speed"])
        quiet = None if sys.stderr.isatty() else True
        published = 0
        try:
            chosen = entries[: options["only"]]
            with tqdm(total=len(chosen), unit=" seats", disable=quiet) as progress:
                for entry in chosen:
                    wait(entry.seat.declared_at)
                    published += sum(1 for _answer in declare_all([entry], by=import_user()))
                    progress.update()
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run again, it goes on from here.")
        self.stdout.write(f"{election.slug}: {published} declared, {len(entries)} in the file")

    @transaction.atomic
    def _set_up(self, options: dict[str, Any]) -> tuple[Election, list[ToDeclare]]:
        edition = commons_library.read(options["files"], ZONE)
        election = find_or_make_election(
            options["election"],
            polling_day=options["date"] or edition.polling_day,
            name=options["name"],
            file=options["files"][0],
        )
        entries = set_up_contests(election, edition)
        if options["previous"]:
            set_last_time(election, commons_library.read(options["previous"], ZONE))
            desk.start_new_epoch(election)
        return election, entries


def _pace(speed: float) -> Callable[[datetime | None], None]:
    """Waits, before each declaration, as long as the night did since the one before."""
    before: list[datetime] = []

    def wait(declared_at: datetime | None) -> None:
        if declared_at is None or speed <= 0:
            return
        if before:
            time.sleep(max((declared_at - before[-1]).total_seconds(), 0) / speed)
        before.append(declared_at)

    return wait

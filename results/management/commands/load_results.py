"""Results from the House of Commons Library's files, as last time's figures or as declarations."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from results import desk
from results.exchange import commons_library
from results.exchange.command import day, reporting_file_errors, show_preview
from results.exchange.declaring import declare_all, differences
from results.exchange.past_results import set_last_time, set_up_contests
from results.exchange.setting_up import ZONE, find_or_make_election, import_user


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument(
            "--as", dest="use", choices=["previous", "declared"], default="previous"
        )
        parser.add_argument("--date", type=day, help="polling day, where the file has no times")
        parser.add_argument("--name", default="", help="the election's name, if it is made now")
        parser.add_argument("--preview", action="store_true", help="say what it would change")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["preview"]:
            show_preview(self, options, self._load)
        else:
            self._load(options)

    def _load(self, options: dict[str, Any]) -> None:
        with reporting_file_errors(), transaction.atomic():
            edition = commons_library.read(options["files"], ZONE)
            new_day = options["date"] or edition.polling_day
            election = find_or_make_election(
                options["election"],
                polling_day=new_day if options["use"] == "declared" else options["date"],
                name=options["name"],
                file=options["files"][0],
            )
            if options["use"] == "previous":
                found = set_last_time(election, edition)
                desk.start_new_epoch(election)
                self.stdout.write(f"{election.slug}: last time's figures for {found} contests")
                return
            entries = set_up_contests(election, edition)
            published = sum(1 for _answer in declare_all(entries, by=import_user()))
        for difference in differences(entries):
            self.stderr.write(difference)
        self.stdout.write(f"{election.slug}: {published} declared, {len(entries)} in the file")

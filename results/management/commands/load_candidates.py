"""Contests and candidates from a Democracy Club candidates file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from results import desk
from results.exchange import democracy_club
from results.exchange.command import day, reporting_file_errors, show_preview
from results.exchange.setting_up import find_or_make_election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--date", type=day, help="polling day, where it is not the file's")
        parser.add_argument("--name", default="", help="the election's name, if it is made now")
        parser.add_argument("--preview", action="store_true", help="say what it would change")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["preview"]:
            show_preview(self, options, self._load)
        else:
            self._load(options)

    def _load(self, options: dict[str, Any]) -> None:
        with reporting_file_errors(), transaction.atomic():
            nominations = democracy_club.read(options["file"])
            election = find_or_make_election(
                options["election"],
                polling_day=options["date"] or nominations[0].polling_day,
                name=options["name"],
                file=options["file"],
            )
            contests, candidates = democracy_club.load(election, nominations)
            # Every page lists the contests, and may be open or cached already.
            desk.start_new_epoch(election)
        self.stdout.write(f"{election.slug}: {candidates} candidates in {contests} contests")

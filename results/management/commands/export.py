"""An election's results as data, on standard output: JSON, a table, or Democracy Club's columns."""

import csv
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.exchange.democracy_club_results import results_table
from results.live.data import document_of, table_of
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.models import Election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("--format", choices=["csv", "json", "democracy-club"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election “{options['election']}”.")
        snapshot = ElectionSnapshot(election)
        with election_locale(election):
            if options["format"] == "json":
                json.dump(document_of(snapshot), self.stdout, ensure_ascii=False, indent=1)
                self.stdout.write("")
            else:
                tables = {"csv": table_of, "democracy-club": results_table}
                csv.writer(self.stdout).writerows(tables[options["format"]](snapshot))

"""Print an election's results: as JSON, as CSV, or in Democracy Club's columns."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

from results.exchange.democracy_club_results import results_table
from results.live.body_data import bodies_table
from results.live.data import BYTE_ORDER_MARK, document_of, table_of
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.management.base import ElectionCommand
from results.models import Election

DEMOCRACY_CLUB = "democracy-club"
TABLES: dict[str, Callable[[ElectionSnapshot], Iterator[list[str]]]] = {
    "csv": table_of,
    "bodies": bodies_table,
    DEMOCRACY_CLUB: results_table,
}


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=[*TABLES, "json"], default="json")

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        snapshot = ElectionSnapshot(election)
        with election_locale(election):
            if options["format"] == "json":
                # At once: a command's output ends a line after each piece that is written.
                text = json.dumps(document_of(snapshot), ensure_ascii=False, indent=1)
                self.stdout.write(text)
            else:
                # Democracy Club's programs read their columns from the first byte.
                if options["format"] != DEMOCRACY_CLUB:
                    self.stdout.write(BYTE_ORDER_MARK, ending="")
                csv.writer(self.stdout).writerows(TABLES[options["format"]](snapshot))

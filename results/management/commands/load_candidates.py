"""Load contests and candidates from a Democracy Club candidates file."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from results.exchange import democracy_club
from results.exchange.elections import import_user
from results.exchange.errors import counted
from results.exchange.loaded_corrections import publish_loaded
from results.exchange.polls import publish_polls
from results.management.base import LoadCommand, reporting_file_errors


class Command(LoadCommand):
    help = __doc__
    nargs = 1

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--election-id",
            metavar="ID",
            default="",
            help="which election of a file with several, such as local.2024-05-02",
        )

    def load(self, options: dict[str, Any]) -> None:
        self.reading.polling_day = self.polling_day(options)
        with reporting_file_errors(), transaction.atomic():
            nominations = democracy_club.of_one_poll(
                democracy_club.read(options["files"][0], self.reading), options["election_id"]
            )
            election = self.find_or_create_election(
                options, nominations[0].poll.polling_day, democracy_club.kind_of(nominations)
            )
            ballots = democracy_club.load(election, nominations)
            # Every page lists the contests, and may be open or cached already.
            file = options["files"][0]
            publish_loaded(election, file=file, reason=options["reason"])
            source = options["source"] or f"Candidates file of Democracy Club, {file.name}"[:200]
            for line in publish_polls(election, ballots, by=import_user(), source=source):
                self.stdout.write(line)
        contests, candidates = len(ballots), sum(ballot.candidates for ballot in ballots)
        self.stdout.write(
            f"{election.slug}: {counted(candidates, 'candidate')} in {counted(contests, 'contest')}"
        )

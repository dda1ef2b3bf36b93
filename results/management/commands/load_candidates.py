"""Load contests and candidates from Democracy Club's file, or from a council's own list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import transaction

from results.exchange import candidate_lists, democracy_club
from results.exchange.elections import import_user
from results.exchange.errors import counted
from results.exchange.loaded_corrections import publish_loaded
from results.exchange.polls import publish_polls
from results.management.base import LoadCommand, reporting_file_errors


class Command(LoadCommand):
    help = __doc__
    nargs = "+"

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
        file, *others = options["files"]
        if len(others) > 1:
            raise CommandError("Give a list of candidates, and one table of wards at most.")
        with reporting_file_errors(), transaction.atomic():
            wards = candidate_lists.Wards(others[0], self.reading) if others else None
            listed = candidate_lists.read(file, self.reading, wards)
            nominations = democracy_club.of_one_poll(listed.nominations, options["election_id"])
            election = self.find_or_create_election(
                options,
                nominations[0].poll.polling_day,
                democracy_club.kind_of(nominations),
                likely=listed.likely_kind,
            )
            ballots = democracy_club.load(election, nominations)
            if wards is not None:
                candidate_lists.set_electorates(ballots, wards)
            # Every page lists the contests, and may be open or cached already.
            publish_loaded(election, file=file, reason=options["reason"])
            source = options["source"] or _source(file, has_ids=listed.has_ids)
            for line in publish_polls(election, ballots, by=import_user(), source=source):
                self.stdout.write(line)
        contests, candidates = len(ballots), sum(ballot.candidates for ballot in ballots)
        self.stdout.write(
            f"{election.slug}: {counted(candidates, 'candidate')} in {counted(contests, 'contest')}"
        )


def _source(file: Path, *, has_ids: bool) -> str:
    publisher = "Candidates file of Democracy Club, " if has_ids else "File "
    return f"{publisher}{file.name}"[:200]

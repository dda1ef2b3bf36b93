"""Load the questions of a referendum, or neighbourhood plans, with their answers."""

from typing import Any

from django.db import transaction

from results import desk
from results.arithmetic import Kind
from results.exchange import referendums
from results.management.base import LoadCommand, reporting_file_errors


class Command(LoadCommand):
    help = __doc__
    nargs = 1

    def load(self, options: dict[str, Any]) -> None:
        with reporting_file_errors(), transaction.atomic():
            table = referendums.read(options["files"][0], self.reading)
            election = self.find_or_create_election(options, None, Kind.REFERENDUM)
            questions = referendums.load(election, table)
            # Every page lists the questions, and may be open or cached already.
            desk.start_new_epoch(election)
        answers = sum(question.candidates.count() for question in questions)
        self.stdout.write(f"{election.slug}: {answers} answers to {len(questions)} questions")

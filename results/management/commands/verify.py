"""Recompute every published figure from the declarations and compare."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.exchange.verification import check_figures, check_pages
from results.models import Declaration, Election, Night


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument(
            "--pages",
            action="store_true",
            help="also draw every page afresh and compare with what open pages were sent "
            "(meaningful while the release has not changed)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election “{options['election']}”.")
        differences = list(check_figures(election))
        if options["pages"]:
            differences += check_pages(election)
        for difference in differences:
            self.stderr.write(difference)
        if differences:
            sys.exit(1)
        night = Night.objects.get(election=election)
        declared = Declaration.objects.filter(contest__election=election).count()
        self.stdout.write(
            f"{election.slug}: {night.standing_tally.seats} seats, {declared} revisions and "
            f"{night.sequence} bulletins, every figure as declared"
        )

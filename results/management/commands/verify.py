"""Recompute every published result and total from the declarations, and compare."""

import sys
from argparse import ArgumentParser
from typing import Any

from results.exchange.verification import check_election
from results.management.base import ElectionCommand
from results.models import Bulletin, Declaration, Election, Night
from results.words.kinds import words_of
from results.words.nouns import SEAT
from results.words.party_labels import questionable_parties


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--pages",
            action="store_true",
            help="also render every page and compare it with what open pages were sent "
            "(meaningful while the release has not changed)",
        )

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        differences = list(check_election(election, pages=options["pages"]))
        for difference in differences:
            self.stderr.write(difference)
        if differences:
            sys.exit(1)
        for question in questionable_parties():
            self.stderr.write(question)
        night = Night.objects.get(election=election)
        if options["pages"] and not _has_sent(night):
            self.stderr.write("Nothing was sent since this epoch began: no page was compared.")
        declared = Declaration.objects.filter(contest__election=election).count()
        self.stdout.write(
            f"{election.slug}: {_declared(election, night)}, {_counted(declared, 'revision')} and "
            f"{_counted(night.sequence, 'bulletin')}, every figure as declared"
        )


def _has_sent(night: Night) -> bool:
    return Bulletin.objects.filter(election=night.election_id, epoch=night.epoch).exists()


def _declared(election: Election, night: Night) -> str:
    """“48 seats”; where results are not added up, what each is a result of: “3 areas”."""
    tally = night.standing_tally
    if election.rules.adds_up:
        return SEAT.number(tally.seats)
    return words_of(election).listed.number(tally.contests)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

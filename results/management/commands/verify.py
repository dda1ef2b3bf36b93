"""Recompute every published result and total from the declarations, and compare."""

import sys
from argparse import ArgumentParser
from typing import Any

from electiondesk import release
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
            help="also render every page and compare it with what this release sent to open pages",
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
        if options["pages"] and (note := _not_compared(night)):
            self.stderr.write(note)
        declared = Declaration.objects.filter(contest__election=election).count()
        self.stdout.write(
            f"{election.slug}: {_declared(election, night)}, {_counted(declared, 'revision')} and "
            f"{_counted(night.sequence, 'bulletin')}, every figure as declared"
        )


def _not_compared(night: Night) -> str:
    """What of the pages could not be compared, and why; "" if all that was sent was."""
    log = Bulletin.objects.filter(election=night.election_id, epoch=night.epoch)
    others = log.exclude(release=release.fingerprint()).count()
    if not log.exists():
        return "Nothing was sent since this epoch began: no page was compared."
    if others == log.count():
        return "Another release sent every bulletin of this epoch: no page was compared."
    if others:
        sent = f"{_counted(others, 'bulletin')} of this epoch"
        return f"Another release sent {sent}: what only these show was not compared."
    return ""


def _declared(election: Election, night: Night) -> str:
    """“48 seats”; where results are not added up, what each is a result of: “3 areas”."""
    tally = night.standing_tally
    if election.rules.adds_up:
        return SEAT.number(tally.seats)
    return words_of(election).listed.number(tally.contests)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

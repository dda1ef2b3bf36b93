"""Work a night out again under a new epoch, as after a restored backup: open pages load afresh."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results import desk
from results.models import Election, Night


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election “{options['election']}”.")
        desk.start_new_epoch(election)
        night = Night.objects.get(election=election)
        self.stdout.write(f"{election.slug}: epoch {night.epoch} from bulletin {night.sequence} on")

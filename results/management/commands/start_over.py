"""Recompute a night under a new epoch, as after a restored backup: open pages reload."""

from typing import Any

from results import desk
from results.management.base import ElectionCommand
from results.models import Election, Night


class Command(ElectionCommand):
    help = __doc__

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        desk.start_new_epoch(election)
        night = Night.objects.get(election=election)
        self.stdout.write(f"{election.slug}: epoch {night.epoch} from bulletin {night.sequence} on")

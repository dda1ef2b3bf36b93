"""Load who holds the seats of councils before the poll, from a table."""

import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from results import desk
from results.exchange import compositions
from results.exchange.elections import import_user
from results.live.bodies import claims_of_bodies
from results.management.base import ElectionCommand, reporting_file_errors
from results.management.reading import add_reading_arguments, read_options
from results.models import Declaration, Election
from results.words.party_seats import changed_claims


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--preview", action="store_true", help="say what it would change")
        parser.add_argument(
            "--reason", default="", help="why what readers were told was wrong, as they see it"
        )
        add_reading_arguments(parser)

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        reading = read_options(options)
        with reporting_file_errors(), transaction.atomic():
            before = claims_of_bodies(election)
            bodies = compositions.load(election, options["file"], reading)
            changes = [
                change
                for pk, claims in claims_of_bodies(election).items()
                for change in changed_claims(before[pk], claims)
            ]
            if options["preview"]:
                transaction.set_rollback(True)
            else:
                self._publish(election, changes, options["reason"])
        for note in reading.notes:
            self.stderr.write(note)
        if options["preview"]:
            for heading, was, now in changes:
                self.stdout.write(f"{heading}: {was or 'nothing'} → {now or 'nothing'}")
            self.stdout.write(f"{len(changes)} changes. Nothing was changed: this was a preview.")
            return
        for body in bodies:
            held = sum(body.composition_before.values())
            self.stdout.write(f"{body.name}: {held} of {body.seats} seats held")

    def _publish(
        self, election: Election, changes: list[tuple[str, str, str]], reason: str
    ) -> None:
        """Publish a correction once readers have seen results, which these seats are part of."""
        is_published = Declaration.objects.filter(contest__election=election).exists()
        if not changes or not is_published:
            # What a result does to a body's control is on pages that may be open already.
            desk.start_new_epoch(election)
            return
        if not reason:
            listed = "\n".join(f"{each}: {was} → {now}" for each, was, now in changes)
            raise CommandError(
                f"{listed}\nReaders have seen this with results: say why it was wrong with "
                "--reason. Nothing was changed."
            )
        key = f"composition-{uuid.uuid4()}"
        desk.correct_election(
            election, changes, by=import_user(), reason=reason, idempotency_key=key
        )

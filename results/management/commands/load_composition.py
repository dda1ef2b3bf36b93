"""Load who holds the seats of councils before the poll, from a table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction

from results.exchange import compositions
from results.exchange.loading import LoadRequest, load_composition
from results.exchange.options import ReadOptions
from results.live.bodies import claims_of_bodies
from results.management.base import ElectionCommand, reporting_file_errors
from results.management.reading import add_reading_arguments, read_options
from results.models import Election
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
        with reporting_file_errors():
            if options["preview"]:
                changes = self._changes(election, options["file"], reading)
            else:
                request = LoadRequest(
                    election=election.slug, files=[options["file"]], reading=reading
                )
                lines = load_composition(request)
        for note in reading.notes:
            self.stderr.write(note)
        if not options["preview"]:
            self.stdout.write("\n".join(lines))
            return
        for heading, was, now in changes:
            self.stdout.write(f"{heading}: {was or 'nothing'} → {now or 'nothing'}")
        self.stdout.write(f"{len(changes)} changes. Nothing was changed: this was a preview.")

    def _changes(
        self, election: Election, file: Path, reading: ReadOptions
    ) -> list[tuple[str, str, str]]:
        """What loading it would change, as readers would be told."""
        with transaction.atomic():
            before = claims_of_bodies(election)
            compositions.load(election, file, reading)
            after = claims_of_bodies(election)
            transaction.set_rollback(True)
        return [
            change for pk, claims in after.items() for change in changed_claims(before[pk], claims)
        ]

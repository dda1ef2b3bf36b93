"""Put back a backup: the database becomes what it was, and every open page loads itself afresh."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from electiondesk.backup import CannotKeep, restore
from results import desk
from results.models import Election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="the database may hold elections: they are lost"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if _holds_elections() and not options["replace"]:
            raise CommandError("This database holds elections: --replace says that they may go.")
        try:
            made_at = restore(options["file"])
        except CannotKeep as fault:
            raise CommandError(str(fault)) from None
        call_command("migrate", verbosity=0)
        for election in Election.objects.all():
            # Numbers of the restored log may be given again: a new epoch tells every open page.
            desk.start_over(election)
        self.stdout.write(f"Restored as of {made_at}; every open page loads itself afresh.")


def _holds_elections() -> bool:
    tables = connection.introspection.table_names()
    return Election._meta.db_table in tables and Election.objects.exists()

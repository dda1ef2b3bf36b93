"""A finished night beside the Library's file: every figure that differs, a line each."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.exchange import commons_library
from results.exchange.command import reporting_file_errors
from results.exchange.comparing import Disagreement, compare, propose
from results.exchange.setting_up import ZONE, import_user
from results.models import Election


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument(
            "--propose", action="store_true", help="ask the desk for a correction of each"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election {options['election']}.")
        with reporting_file_errors():
            edition = commons_library.read(options["files"], ZONE)
            found = list(compare(election, edition))
        differing = [one for one in found if isinstance(one, Disagreement)]
        for one in found:
            if isinstance(one, Disagreement):
                self.stdout.write(f"{one.contest.name}: {'; '.join(one.lines)}")
            else:
                self.stderr.write(one)
        if options["propose"]:
            for one in differing:
                propose(one, by=import_user())
        proposed = ", each proposed to the desk" if options["propose"] and differing else ""
        self.stdout.write(f"{len(differing)} seats differ from the file{proposed}")

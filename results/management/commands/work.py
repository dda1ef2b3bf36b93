"""Do the tasks that wait in the background, such as loading files.

`manage.py serve` starts this by itself where it serves everything. Where readers and writers have
processes of their own, run one of these.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from electiondesk.worker import DeskWorker


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()  # those of the server have run, and all of them take a second

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-closed",
            action="store_true",
            help="end when standard input is closed, as when the program that started this ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        DeskWorker(until_closed=options["until_closed"]).work()

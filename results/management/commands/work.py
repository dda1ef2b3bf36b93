"""Do the tasks that wait in the background, such as loading files.

`manage.py serve` starts this by itself where it serves everything. Where readers and writers have
processes of their own, run one of these.
"""

from argparse import ArgumentParser
from typing import Any

from electiondesk.worker import DeskWorker
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-closed",
            action="store_true",
            help="end when standard input is closed, as when the program that started this ends",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        DeskWorker(until_closed=options["until_closed"]).work()

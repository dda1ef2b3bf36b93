"""Load contests and candidates from Democracy Club's file, or from a council's own list."""

from argparse import ArgumentParser

from results.exchange.loading import load_candidates
from results.management.base import LoadCommand


class Command(LoadCommand):
    help = __doc__
    nargs = "+"
    loader = staticmethod(load_candidates)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--election-id",
            metavar="ID",
            default="",
            help="which election of a file with several, such as local.2024-05-02",
        )

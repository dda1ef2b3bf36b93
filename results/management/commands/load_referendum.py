"""Load the questions of a referendum, or neighbourhood plans, with their answers."""

from results.exchange.loading import load_questions
from results.management.base import LoadCommand


class Command(LoadCommand):
    help = __doc__
    nargs = 1
    loader = staticmethod(load_questions)

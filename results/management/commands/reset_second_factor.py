"""Remove a user's second factor. They set up a new one at their next sign-in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.desk.second_factor import remove_second_factor
from results.management.base import find_user


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_user(options["username"])
        if not remove_second_factor(user, by=None):
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(
            f"{user} sets up a new second factor at the next sign-in. "
            f"Give them a new password: manage.py changepassword {user}"
        )

"""Remove somebody's second factor; they set up another at their next sign-in."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from results.desk.second_factor import remove_second_factor


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['username']}.")
        if not remove_second_factor(user, by=None):
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(
            f"{user} sets up a new second factor at the next sign-in. "
            f"Give them a new password: manage.py changepassword {user}"
        )

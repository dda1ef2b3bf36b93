"""Remove a user's second factor. They set up a new one at their next sign-in."""

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from results.desk.second_factor import remove_second_factor
from results.management.base import UserCommand


class Command(UserCommand):
    help = __doc__

    def handle_user(self, user: User) -> None:
        if not remove_second_factor(user, by=None):
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(
            f"{user} sets up a new second factor at the next sign-in. "
            f"Give them a new password: manage.py changepassword {user}"
        )

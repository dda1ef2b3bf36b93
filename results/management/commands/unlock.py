"""Unlock an account that is locked out after wrong passwords or codes."""

from django.contrib.auth.models import User

from results.desk import throttle
from results.management.base import UserCommand


class Command(UserCommand):
    help = __doc__

    def handle_user(self, user: User) -> None:
        username = user.get_username()
        closed = throttle.locked_until(username)
        throttle.unlock(username, by=None)
        self.stdout.write(
            f"{username}: {closed} no longer." if closed else f"{username} was not locked."
        )

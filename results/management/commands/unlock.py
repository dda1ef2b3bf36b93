"""Unlock an account that is locked out after wrong passwords or codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from results.desk import throttle
from results.management.base import find_user


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        username = find_user(options["username"]).get_username()
        closed = throttle.locked_until(username)
        throttle.unlock(username, by=None)
        self.stdout.write(
            f"{username}: {closed} no longer." if closed else f"{username} was not locked."
        )

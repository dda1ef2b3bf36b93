"""Unlock an account whose wrong passwords or codes make it wait."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from results.desk import throttle


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        if not User.objects.filter(username=name).exists():
            raise CommandError(f"Nobody signs in as {name}.")
        closed = throttle.locked_until(name)
        throttle.unlock(name, by=None)
        self.stdout.write(f"{name}: {closed} no longer." if closed else f"{name} was not locked.")

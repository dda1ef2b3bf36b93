"""The groups of the desk: editors, senior editors, reporter managers, auditors."""

from typing import Any

from django.core.management.base import BaseCommand

from results.editor.roles import set_up


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name in set_up():
            self.stdout.write(name)

"""Create the groups of editors, senior editors, reporter managers and auditors, or reset them."""

from typing import Any

from results.editor.roles import set_up_groups
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for name in set_up_groups():
            self.stdout.write(name)

"""Make the keys with which Web Push is turned on, and print them as settings.

Nothing is stored: put both lines into the environment. Other keys end every subscription.
"""

from typing import Any

from results.management.desk_command import DeskCommand
from results.push.keys import new_private_key


class Command(DeskCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={new_private_key()}")
        self.stdout.write("VAPID_CONTACT=mailto:desk@your-newsroom.example")

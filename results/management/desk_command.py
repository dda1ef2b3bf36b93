"""Base class of every management command of the desk."""

from django.core.management.base import BaseCommand


class DeskCommand(BaseCommand):
    """Command that starts at once.

    Django's own checks look for mistakes in code, and need every address and form to be imported:
    a third of the time that a command takes to start. `make lint` runs them, and so does
    `manage.py check`, for settings too.
    """

    requires_system_checks = ()

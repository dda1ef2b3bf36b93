"""Seed function: the single account of a new desk, and no night."""

from results.editor.roles import set_up_groups
from tests import nights

PASSWORD = nights.PASSWORD


def chief() -> str:
    """Make the first administrator; return the user name."""
    set_up_groups()
    person = nights.user("chief", staff=True)
    person.set_password(PASSWORD)
    person.save()
    return person.username

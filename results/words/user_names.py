"""Names of the desk's own people: reporters and editors."""

from django.contrib.auth.models import AbstractUser


def user_name(user: AbstractUser) -> str:
    """Return the full name, or the account's name where no full name is entered."""
    return user.get_full_name() or user.get_username()

"""Names of the desk's own people: reporters and editors."""

from django.contrib.auth.models import AbstractUser


def user_name(user: AbstractUser) -> str:
    """The full name, or the name of the account where nobody has entered one."""
    return user.get_full_name() or user.get_username()

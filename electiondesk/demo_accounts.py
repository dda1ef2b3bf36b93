"""The demo's accounts, whose password is published, and the check that refuses them elsewhere."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest

USERNAMES = ("editor", "reporter", "colleague")
PASSWORD = "election-night"  # noqa: S105 - published in the README, refused where DEBUG is off


class RefusesDemoPassword:
    """Authentication backend that refuses the demo's password where DEBUG is off.

    It stands before Django's ModelBackend, whose dotted path is stored in every session.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = ""
    ) -> None:
        if password == PASSWORD and not settings.DEBUG:
            User().set_password(password)  # takes as long as checking a real password
            raise PermissionDenied


def accounts() -> list[str]:
    """Return the usernames of the demo accounts that still have the published password."""
    users = User.objects.filter(username__in=USERNAMES)
    return [user.username for user in users if user.check_password(PASSWORD)]


@register("electiondesk", deploy=True)
def no_demo_accounts(**_options: Any) -> list[CheckMessage]:
    """Report an error if somebody can sign in to this database with the published password."""
    try:
        usernames = accounts()
    except DatabaseError:
        return []  # no database yet, or it does not answer: `/readyz` and `migrate` report that
    if settings.DEMO or not usernames:
        return []
    return [
        Error(
            f"This database has accounts of the demo: {', '.join(usernames)}.",
            hint="Delete them (manage.py shell, or the admin), or give them passwords of their "
            "own with `manage.py changepassword`.",
            id="electiondesk.E001",
        )
    ]

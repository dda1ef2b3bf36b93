"""The demo's accounts, whose password is published: no desk that faces the public may have them."""

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

    It stands before Django's own, whose name is in every session and stays there.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = ""
    ) -> None:
        if password == PASSWORD and not settings.DEBUG:
            User().set_password(password)  # so that the refusal takes as long as any other
            raise PermissionDenied


def accounts() -> list[str]:
    """The usernames of those demo accounts that still have the published password."""
    users = User.objects.filter(username__in=USERNAMES)
    return [user.username for user in users if user.check_password(PASSWORD)]


@register("electiondesk", deploy=True)
def no_demo_accounts(**_options: Any) -> list[CheckMessage]:
    """Refuse a database in which somebody can still sign in with the published password."""
    try:
        found = accounts()
    except DatabaseError:
        return []  # no database yet, or none that answers: `/readyz` and `migrate` say so
    if settings.DEMO or not found:
        return []
    return [
        Error(
            f"This database has accounts of the demo: {', '.join(found)}.",
            hint="Delete them (manage.py shell, or the admin), or give them passwords of their "
            "own with `manage.py changepassword`.",
            id="electiondesk.E001",
        )
    ]

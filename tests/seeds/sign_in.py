"""Seed functions: users with passwords and passes, and their audit entries."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.models import Assignment, AuditEntry, Election, ReporterPass
from tests import nights

PASSWORD = nights.PASSWORD
REPORTERS, EDITORS = 40, 12


def people() -> dict[str, Any]:
    """Make reporters with a password and a pass, and superusers; return how each signs in."""
    seat = nights.islington_north(nights.election())
    password = make_password(PASSWORD)
    reporters = User.objects.bulk_create(
        User(username=f"reporter{number}", password=password) for number in range(REPORTERS)
    )
    Assignment.objects.bulk_create(
        Assignment(reporter=reporter, contest=seat) for reporter in reporters
    )
    issued = [ReporterPass.issue(reporter) for reporter in reporters]
    editors = User.objects.bulk_create(
        User(username=f"editor{number}", password=password, is_staff=True, is_superuser=True)
        for number in range(EDITORS)
    )
    return {
        "reporters": [
            {
                "name": reporter_pass.issued.reporter.username,
                "token": reporter_pass.token,
                "code": reporter_pass.code,
            }
            for reporter_pass in issued
        ],
        "editors": [editor.username for editor in editors],
    }


def audit() -> list[list[str]]:
    """Return every audited action: who, what, about."""
    rows = AuditEntry.objects.order_by("pk").values_list("user", "what", "about")
    return [list(row) for row in rows]


def let_codes_count_again(username: str) -> None:
    """Let the app's present code be used once more, so that tests need not wait for another."""
    TOTPDevice.objects.filter(user__username=username).update(last_t=-1, drift=0)


def reporters(*names: str) -> None:
    """Make reporters with a password and no count."""
    for name in names:
        User.objects.create_user(name, password=PASSWORD)


def election() -> str:
    """The primary key of the only election, as a form sends it."""
    return str(Election.objects.get().pk)


def pass_of(username: str) -> str:
    """The primary key of a reporter's only pass, as a form sends it."""
    return str(ReporterPass.objects.get(reporter__username=username).pk)


def user(username: str) -> int:
    """The primary key of a user."""
    return User.objects.get(username=username).pk

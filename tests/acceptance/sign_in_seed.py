"""People for the sign-in tests, made inside a desk's own shell; each test takes new ones."""

import json
import sys

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from results.models import Act, Assignment, ReporterPass
from tests import nights

PASSWORD = "a-long-password"
REPORTERS, EDITORS = 40, 12


def people() -> None:
    """Make reporters with a password and a pass, and superusers; print them as JSON."""
    seat = nights.islington_north(nights.election())
    password = make_password(PASSWORD)
    reporters = User.objects.bulk_create(
        User(username=f"reporter{number}", password=password) for number in range(REPORTERS)
    )
    Assignment.objects.bulk_create(Assignment(reporter=one, contest=seat) for one in reporters)
    issued = [ReporterPass.issue(one) for one in reporters]
    editors = User.objects.bulk_create(
        User(username=f"editor{number}", password=password, is_staff=True, is_superuser=True)
        for number in range(EDITORS)
    )
    made = {
        "reporters": [
            {"name": one.issued.reporter.username, "token": one.token, "code": one.code}
            for one in issued
        ],
        "editors": [one.username for one in editors],
    }
    json.dump(made, sys.stdout)


def audit() -> None:
    """Print every audited action as JSON: [[who, what, about]]."""
    rows = Act.objects.order_by("pk").values_list("user", "what", "about")
    json.dump(list(rows), sys.stdout)

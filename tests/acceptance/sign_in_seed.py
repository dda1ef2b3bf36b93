"""People and passes for the sign-in tests, made inside a desk's own shell."""

import json
import os

from django.contrib.auth.models import User

from results.models import Assignment, ReporterPass
from tests import nights

PASSWORD = "a-long-password"


def people() -> None:
    """Three reporters with passwords and one count, and two superusers."""
    seat = nights.islington_north(nights.election())
    for name in ("ann", "bob", "cat"):
        user = User.objects.create_user(name, password=PASSWORD)
        Assignment.objects.create(reporter=user, contest=seat)
    for name in ("editor", "chief"):
        User.objects.create_superuser(name, password=PASSWORD)


def passes() -> None:
    """Print one new pass for each reporter as JSON: {name: {token, code}}."""
    issued = {
        user.username: ReporterPass.issue(user)
        for user in User.objects.filter(is_staff=False).order_by("username")
    }
    os.write(
        1,
        json.dumps(
            {name: {"token": one.token, "code": one.code} for name, one in issued.items()}
        ).encode(),
    )


def audit() -> None:
    """Print every audited action as JSON: [[who, what, about]]."""
    from results.models import Act

    rows = list(Act.objects.order_by("pk").values_list("user", "what", "about"))
    os.write(1, json.dumps(rows).encode())

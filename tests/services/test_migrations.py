"""The migrations and the models say the same."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
@pytest.mark.db
def test_the_migrations_leave_nothing_of_the_models_out() -> None:
    said = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n"

"""What lists in the admin call their rows and the people that their forms offer."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from results import desk
from results.models import Assignment, Contest
from tests import nights
from tests.editor.conftest import text_of


@pytest.mark.parametrize(
    ("address", "rows"),
    [("auditentry", "3 actions"), ("reviewitem", "0 review items"), ("party", "0 parties")],
)
def test_rows_are_counted_by_their_name(admin: Client, address: str, rows: str) -> None:
    by = nights.user("ann")
    for number in range(2):  # besides the sign-in of the editor
        desk.record_action(by, f"tried {number}")
    page = text_of(admin.get(reverse(f"admin:results_{address}_changelist")))
    assert f" {rows} " in page


def test_message_is_addressed_to_people_by_name(admin: Client, seat: Contest) -> None:
    ann = User.objects.create_user("ann-smith", first_name="Ann", last_name="Smith")
    Assignment.objects.create(reporter=ann, contest=seat)
    page = text_of(admin.get(reverse("admin:results_message_add")))
    assert "Everybody who is sent to a count Ann Smith " in page

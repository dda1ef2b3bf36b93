"""Mistakes in setting up: slips in the year, the same night twice, pages that are sent again."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from results.editor.roles import set_up_groups
from results.models import Election
from tests import nights
from tests.setup.conftest import act, give
from tests.setup.test_set_up import LIST

pytestmark = pytest.mark.django_db

FORM = {"kind": "council", "date": "2029-05-03", "close": "22:00", "timezone": "Europe/London"}


def make(chief: Client, **changes: Any) -> str:
    answer = chief.post(reverse("set_up"), {**FORM, "name": "Northshire", **changes})
    return answer.content.decode()


@pytest.mark.parametrize("day", ["0206-05-03", "9999-12-31", "2062-05-03"])
def test_a_slip_in_the_year_is_refused(chief: Client, day: str) -> None:
    assert "Look at the year" in make(chief, date=day)
    assert not Election.objects.exists()


def test_the_same_night_is_made_twice_only_with_a_tick(chief: Client) -> None:
    make(chief)
    assert "“Northshire” is here already, on this day: draft." in make(chief)
    assert Election.objects.count() == 1
    make(chief, date="2028-05-04")
    make(chief, another="on")
    assert Election.objects.count() == 3


def test_addresses_that_forms_are_sent_to_lead_to_their_pages(
    chief: Client, draft: Election
) -> None:
    """Whoever has to sign in again while a form is open is led to where it was sent."""
    page = reverse("set_up_election", args=[draft.pk])
    answer = chief.get(reverse("set_up_upload", args=[draft.pk, "candidates"]))
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    load = act(chief, give(chief, draft, "candidates", rows=LIST), "apply")
    answer = chief.get(reverse("set_up_undo", args=[load.pk]))
    assert answer.headers["Location"] == reverse("set_up_load", args=[load.pk])
    assert draft.contests.exists()


def test_preview_leads_nobody_to_a_page_that_refuses_them(
    chief: Client, client: Client, draft: Election
) -> None:
    preview = reverse("set_up_preview", args=[draft.pk, f"{draft.slug}/"])
    setting_up = reverse("set_up_election", args=[draft.pk])
    assert f'href="{setting_up}"' in chief.get(preview).content.decode()
    set_up_groups()
    plain = nights.user("plain")
    plain.is_staff = True
    plain.save()
    plain.groups.add(Group.objects.get(name="Editors"))
    client.force_login(plain)
    html = client.get(preview).content.decode()
    assert "Only editors who are signed in see this page" in html
    assert setting_up not in html.replace(preview, "")

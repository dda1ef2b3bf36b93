"""The admin's first page leads to the nights."""

import pytest
from django.test import Client
from django.urls import reverse

from results.models import Election
from tests.editor.conftest import address, client_of_role, staff_with

pytestmark = pytest.mark.django_db


def first_page(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def test_leads_to_each_nights_dashboard(admin: Client, night: Election) -> None:
    assert f'href="{address("election_night", night.pk)}"' in first_page(admin)


def test_leads_from_a_draft_to_its_setting_up(admin: Client, night: Election) -> None:
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    page = first_page(admin)
    assert f'href="{reverse("set_up_election", args=[night.pk])}"' in page
    assert "draft" in page


def test_shows_no_night_to_those_who_may_see_none(client: Client, night: Election) -> None:
    client.force_login(staff_with("view_pass"))
    assert night.name not in first_page(client)


def test_auditor_is_led_to_the_night(night: Election) -> None:
    assert address("election_night", night.pk) in first_page(client_of_role("Auditors"))

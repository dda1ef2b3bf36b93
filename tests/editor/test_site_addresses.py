"""What editors copy and print has the address that the site is known by, its port included.

A proxy may pass the host's name on without the port that it listens on, as deploy/nginx.conf does.
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from results.models import Contest, SiteSettings
from tests.editor.conftest import address

KNOWN = "https://desk.example.net:8443"
#: The requests of a proxy that was reached at that address.
PROXIED: dict[str, Any] = {"secure": True, "headers": {"host": "desk.example.net"}}


@pytest.fixture(autouse=True)
def two_names(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["results.example.org", "desk.example.net"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://results.example.org", KNOWN]


def test_draft_story_leads_to_it(admin: Client, declared: Contest) -> None:
    page: Any = admin.get(address("contest_story", declared.pk), **PROXIED)
    assert f'<iframe src="{KNOWN}/embed/ge/islington-north/"' in page.context["with_embed"]
    assert page.context["post"].endswith(f"{KNOWN}/ge/islington-north/")
    assert page.context["card"] == f"{KNOWN}/ge/islington-north/card.png"


def test_says_at_which_address_readers_see_an_election(admin: Client, declared: Contest) -> None:
    declared.election.visibility = "draft"
    declared.election.save()
    page: Any = admin.get(address("election_publish", declared.election.pk), **PROXIED)
    assert page.context["address"] == f"{KNOWN}/ge/"


def test_sheets_of_reporters_begin_with_it(admin: Client) -> None:
    page: Any = admin.get(reverse("admin:several_reporters"), **PROXIED)
    assert page.context["form"]["phone_address"].value() == KNOWN


def test_sheets_keep_the_stored_address(admin: Client) -> None:
    SiteSettings(pk=SiteSettings.ONLY, phone_address="https://results.example.org").save()
    page: Any = admin.get(reverse("admin:several_reporters"), **PROXIED)
    assert page.context["form"]["phone_address"].value() == "https://results.example.org"


@pytest.mark.parametrize("host", ["desk.example.net:9000", "results.example.org:9000"])
def test_without_a_known_address_it_is_the_requested_one(
    settings: Settings, admin: Client, declared: Contest, host: str
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.example.com"]
    asked = {**PROXIED, "headers": {"host": host}}
    page: Any = admin.get(address("contest_story", declared.pk), **asked)
    assert page.context["card"] == f"https://{host}/ge/islington-north/card.png"

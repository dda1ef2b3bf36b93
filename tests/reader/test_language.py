"""The language of an election's pages: English until there is a catalogue of another."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from results.live.fragments import election_locale
from results.models import Contest, Election
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def welsh_seat() -> Contest:
    """A contest of an election that an earlier release stored as Welsh."""
    seat = nights.islington_north(nights.election())
    Election.objects.update(language="cy")
    return seat


@pytest.mark.parametrize("path", ["/ge/", "/ge/islington-north/", "/embed/ge/scoreboard/"])
def test_page_of_welsh_election_is_marked_as_english(
    client: Client, welsh_seat: Contest, path: str
) -> None:
    page = client.get(path).content.decode()
    assert '<html lang="en-gb"' in page
    assert 'lang="cy"' not in page


def test_election_without_catalogue_is_rendered_in_english(welsh_seat: Contest) -> None:
    with election_locale(Election.objects.get()):
        assert translation.get_language() == "en-gb"


def test_election_keeps_its_stored_language(welsh_seat: Contest) -> None:
    election = Election.objects.get()
    election.name = "Another name"
    election.full_clean()
    election.save()
    assert Election.objects.get().language == "cy"


def test_only_english_is_offered() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["en-gb"]


def test_election_form_offers_no_language(admin_client: Client, welsh_seat: Contest) -> None:
    page = admin_client.get(f"/admin/results/election/{welsh_seat.election_id}/change/")
    assert b'name="language"' not in page.content

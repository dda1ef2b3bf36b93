"""A seat keeps its address when that becomes the address of a page of the election."""

import pytest
from django.test import Client
from django.urls import resolve

from results.models import Contest, Election, MergedContest
from results.models.contest import PAGES_OF_THE_NIGHT
from results.reader.seats_first import NEVER_A_SEAT
from tests import nights
from tests.responses import page_text

pytestmark = pytest.mark.django_db

SEATS = sorted(PAGES_OF_THE_NIGHT - NEVER_A_SEAT)
PEOPLE = [("Ann Hall", "con"), ("Bob Rice", "lab")]


@pytest.fixture
def night() -> Election:
    return nights.election()


@pytest.mark.parametrize("slug", SEATS)
def test_seat_keeps_its_address(client: Client, night: Election, slug: str) -> None:
    nights.contest(night, "Old Ferry", PEOPLE, slug=slug)
    seat = page_text(client, f"/ge/{slug}/")
    assert "<title>Old Ferry" in seat
    assert f'rel="canonical" href="http://testserver/ge/{slug}/"' in seat
    assert f'data-topics="seat:{slug}"' in page_text(client, f"/embed/ge/{slug}/")


@pytest.mark.parametrize("slug", SEATS)
def test_merged_seat_leads_to_the_other(client: Client, night: Election, slug: str) -> None:
    seat = nights.contest(night, "Old Ferry", PEOPLE)
    MergedContest.objects.create(election=night, contest=seat, slug=slug, name="Ferry", body="")
    for path, there in (("/ge/", "/ge/old-ferry/"), ("/embed/ge/", "/embed/ge/old-ferry/")):
        answer = client.get(f"{path}{slug}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, there)


@pytest.mark.parametrize("slug", SEATS)
def test_page_is_shown_in_every_other_election(client: Client, night: Election, slug: str) -> None:
    other = nights.election("old")
    nights.contest(other, "Old Ferry", PEOPLE, slug=slug)
    nights.contest(night, "Alder", PEOPLE)
    answer = client.get(f"/ge/{slug}/")
    is_page = resolve(f"/ge/{slug}/").url_name != "seat_page"
    assert (answer.status_code in (200, 302)) is is_page
    assert "<title>Old Ferry" not in answer.content.decode()


def test_seat_of_a_draft_is_not_found(client: Client, night: Election) -> None:
    nights.contest(night, "Old Ferry", PEOPLE, slug="wall")
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    assert client.get("/ge/wall/").status_code == 404


def test_what_open_pages_poll_is_never_a_seat(client: Client, night: Election) -> None:
    Contest.objects.create(election=night, slug="now", name="Now")
    assert client.get("/ge/now/").json()["sequence"] == 0

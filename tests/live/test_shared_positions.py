"""Positions that share a frame get the same response, whoever asks first."""

import pytest
from django.test import Client

from results import desk
from results.models import Contest, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def young_epoch() -> str:
    """An epoch of six bulletins, which began at the third."""
    seat: Contest = nights.islington_north(nights.election())

    def headline(text: str) -> None:
        content = desk.HeadlineContent(text=text)
        desk.publish(seat.election, content, by=nights.user(), idempotency_key=nights.key())

    for number in range(3):
        headline(f"Before {number}")
    desk.start_new_epoch(seat.election)
    for number in range(6):
        headline(f"After {number}")
    night = Night.objects.get()
    assert night.sequence == 9
    return str(night.epoch)


def test_page_in_reach_is_not_answered_for_one_that_is_not(
    client: Client, young_epoch: str
) -> None:
    """A program without an epoch asks from before the epoch; a page of it from within."""
    assert client.get("/ge/updates/1/").json().get("resync")
    assert "fragments" in client.get(f"/ge/updates/4/?epoch={young_epoch}").json()


def test_page_out_of_reach_is_not_answered_for_one_that_is_in_reach(
    client: Client, young_epoch: str
) -> None:
    assert "fragments" in client.get(f"/ge/updates/4/?epoch={young_epoch}").json()
    assert client.get("/ge/updates/1/").json().get("resync")

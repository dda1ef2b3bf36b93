"""What stands under the seats bar of the front: where the seats of last time end."""

import pytest
from django.test import Client

from tests import nights
from tests.seeds import front

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_triangle_says_how_many_seats_a_party_had(client: Client) -> None:
    front.night()
    page = text(client, "/ge/")
    assert 'class="held-last' in page
    assert "Lab 30 last time" in page


def test_part_of_a_house_has_no_triangles(client: Client) -> None:
    election = nights.election()
    nights.islington_north(election)
    page = text(client, f"/{election.slug}/")
    assert 'class="bar"' in page
    assert 'class="held-last' not in page

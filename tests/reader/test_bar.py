"""What stands under the seats bar of the front: where the seats of last time end."""

import pytest
from django.test import Client

from tests import nights

pytestmark = pytest.mark.django_db

CANDIDATES = [("Ann Hall", "con"), ("Bob Rice", "lab")]


def front_of(client: Client, *last: dict[str, int]) -> str:
    """The front of a house of as many seats, each with its result of last time."""
    election = nights.election()
    for number, votes in enumerate(last):
        nights.contest(election, f"Vale {number}", CANDIDATES, last=votes)
    return " ".join(client.get(f"/{election.slug}/").content.decode().split())


def test_triangle_says_how_many_seats_a_party_had(client: Client) -> None:
    page = front_of(client, *[{"lab": 9000, "con": 8000}] * 2, {"lab": 8000, "con": 9000})
    assert 'class="held-last' in page
    assert "Lab 2 last time" in page


def test_no_triangle_where_a_seat_has_no_holder(client: Client) -> None:
    page = front_of(client, *[{"lab": 9000, "con": 8000}] * 3, {})
    assert 'class="bar"' in page
    assert 'class="held-last' not in page

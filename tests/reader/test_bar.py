"""Ticks below the front page's seats bar, where the seats of last time end."""

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


def test_bar_is_drawn_in_parts_of_its_width_so_that_patterns_are_not_stretched(
    client: Client,
) -> None:
    page = front_of(client, *[{"lab": 9000, "con": 8000}] * 4)
    bar = page.split('<svg class="bar"')[1].split("</svg>")[0]
    assert "viewBox" not in bar
    assert 'class="undeclared" x="0%" y="10%" width="100%"' in bar
    assert 'class="majority" x1="75%" x2="75%"' in bar


def test_net_of_nought_at_an_end_of_the_bar_is_in_no_party_s_colour(client: Client) -> None:
    election = nights.election()
    vale, dale, _glen = (
        nights.contest(election, name, CANDIDATES, last={"lab": 9000, "con": 8000})
        for name in ("Vale", "Dale", "Glen")
    )
    nights.declare(vale, 8000, 9000)
    page = client.get(f"/{election.slug}/").text
    assert '<span class="net quiet">±0</span>' in page
    nights.declare(dale, 9000, 8000)
    page = client.get(f"/{election.slug}/").text
    assert '<span class="net">+1</span>' in page
    assert '<span class="net">−1</span>' in page

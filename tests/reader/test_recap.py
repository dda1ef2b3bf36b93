"""Recap of what came after a bulletin: its words, and reading it back."""

import pytest
from django.test import Client

from results.models import Election, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election()
    people = [("Ann Hall", "con"), ("Bob Rice", "lab")]
    for name in ("Alder", "Birch", "Cedar"):
        nights.contest(night, name, people, last={"lab": 9000, "con": 8000})
    alder, birch, cedar = night.contests.order_by("name")
    nights.declare(alder, 7000, 9000)
    nights.declare(birch, 12000, 8000)  # a gain
    nights.declare(cedar, 7000, 8000)
    return night


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_recap_counts_what_came_after_a_bulletin(client: Client, night: Election) -> None:
    recap = page(client, "/ge/recap/?since=1")
    assert "2 more seats, 1 changed hands" in recap
    assert "Con +1" in recap
    assert "Lab \N{MINUS SIGN}1" in recap
    assert 'data-declared="birch cedar"' in recap
    assert "correction" not in recap
    assert 'href="/ge/feed/?after=1"' in recap


@pytest.mark.parametrize("since", ["", "x", "99999", "-1"])
def test_recap_of_no_bulletin_is_of_all(client: Client, night: Election, since: str) -> None:
    assert "3 more seats" in page(client, f"/ge/recap/?since={since}")


def test_reading_back_is_oldest_first(client: Client, night: Election) -> None:
    html = page(client, "/ge/feed/?after=1")
    assert "Alder" not in html
    assert html.index("result-birch") < html.index("result-cedar")
    newest = Night.objects.get(election=night).sequence
    assert "result-" not in page(client, f"/ge/feed/?after={newest}")

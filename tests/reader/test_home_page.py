"""The list of elections, each with its state and what its own page leads with."""

from datetime import date

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Election
from results.reader import home
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election(name="General election")
    people = [("Ann Hall", "con"), ("Bob Rice", "lab")]
    seats = [
        nights.contest(night, name, people, last={"lab": 9000, "con": 8000})
        for name in ("Alder", "Birch")
    ]
    nights.election("earlier", name="Mayor", date=date(2018, 5, 3), kind=ElectionKind.MAYOR)
    nights.declare(seats[0], 12000, 8000)
    return night


def page(client: Client) -> str:
    return " ".join(client.get("/").content.decode().split())


def test_each_election_has_its_state_its_headline_and_its_standfirst(
    client: Client, night: Election
) -> None:
    html = page(client)
    first = html.index('href="/ge/"')
    assert html.index("Thursday 12 December 2019") < first
    assert "UK Parliament" in html[:first]
    assert "1 of 2 declared" in html[:first]
    assert "Conservatives gain Alder from Labour" in html[first:]
    assert 'class="standfirst"' in html[first:]


def test_state_follows_each_bulletin(client: Client, night: Election) -> None:
    assert "1 of 2 declared" in page(client)
    nights.declare(night.contests.get(name="Birch"), 8000, 9000)
    assert "2 of 2 declared" in page(client)


def test_earlier_elections_have_their_name_and_day(
    client: Client, night: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST_IN_BRIEF", 1)
    html = page(client)
    earlier = html[html.index("Thursday 3 May 2018") :]
    assert 'href="/earlier/"' in earlier
    assert "standfirst" not in earlier


def test_welsh_election_is_marked_as_such(client: Client, night: Election) -> None:
    night.language = "cy"
    night.save()
    assert '<li lang="cy">' in page(client)

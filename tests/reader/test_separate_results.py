"""Pages of a night whose contests are results of their own."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from results import desk
from results.arithmetic import BallotCounts, ElectionKind
from results.models import Election, Milestone
from results.templatetags.formats import clauses
from tests import nights

pytestmark = pytest.mark.django_db

BY_ELECTIONS = ElectionKind.UK_PARLIAMENT_BY_ELECTION


def declare_all(night: Election, names: list[str], last: dict[str, int]) -> None:
    for number, name in enumerate(names):
        seat = nights.contest(night, name, [("Ann Ash", "lab"), ("Bob Birch", "con")], last=last)
        ann, bob = seat.candidates.all()
        counts = BallotCounts(votes={ann.pk: 12_000 + number, bob.pk: 9_000 - number * 7})
        nights.declare_counts(seat, counts, by=nights.user(), idempotency_key=name)


def page(client: Client, path: str = "/ge/") -> str:
    response = client.get(path)
    assert isinstance(response, HttpResponse)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def six() -> Election:
    night = nights.election(kind=BY_ELECTIONS, name="By-elections")
    last = {"con": 20_000, "lab": 10_000}
    declare_all(night, ["Aford", "Beeford", "Ceeford", "Deeford", "Eeford", "Effing"], last)
    return night


def test_six_by_elections_are_six_results(client: Client, six: Election) -> None:
    live = page(client)
    assert "6 of 6 change hands" in live
    assert live.count('<h2><span class="clause">Labour gain ') == 6
    assert "Swing " in live
    for word in ("win the election", "majority of", "House", "to win", "seats-heading", 'id="map"'):
        assert word not in live
    assert not Milestone.objects.exists()
    assert client.get("/ge/results.json").json()["election"]["majority_line"] is None


def test_pages_about_parts_of_a_house_are_not_offered(client: Client, six: Election) -> None:
    live, embeds = page(client), page(client, "/embed/ge/")
    sitemap = page(client, "/sitemap.xml")
    assert "/ge/aford/" in sitemap
    assert "/ge/parties/" not in sitemap
    for address in ("/ge/regions/", "/ge/parties/", "/ge/records/", "/ge/find/"):
        assert f'"{address}"' not in live
    assert "copy-map" not in embeds
    assert "copy-scoreboard" in embeds


def test_only_by_election_leads_with_its_result(client: Client) -> None:
    night = nights.election(kind=BY_ELECTIONS)
    declare_all(night, ["Aford"], {"con": 20_000, "lab": 10_000})
    live = page(client)
    headline = clauses("Labour gain Aford from Conservatives, majority 3,000")
    assert f"<h1>{headline}</h1>" in live
    assert '<table class="result candidates">' in live
    assert "Ann Ash is elected." in live
    assert re.findall(r'<span class="who" dir="auto">([^<]+)</span>', live) == [
        "Ann Ash",
        "Bob Birch",
    ]
    assert page(client, "/embed/ge/scoreboard/").count('<table class="result candidates">') == 1


def test_single_by_election_lists_its_candidates_before_the_result(client: Client) -> None:
    seat = nights.contest(nights.election(kind=BY_ELECTIONS), "Aford", [("Ann Ash", "lab")])
    live = page(client)
    headline = clauses(f"{seat.name}: result awaited")
    assert f"<h1>{headline}</h1>" in live
    assert "Ann Ash" in live


def test_council_by_elections_alone_are_results_of_their_own(client: Client) -> None:
    night = nights.election(kind=ElectionKind.COUNCIL)
    nights.contest(night, "Hill", [("Ann Ash", "lab")], by_election=True)
    nights.contest(night, "Vale", [("Bob Birch", "con")], by_election=True)
    assert "2 results awaited" in page(client)


def test_exit_poll_is_refused_where_no_seats_are_added_up(six: Election) -> None:
    content = desk.ExternalFiguresContent(
        kind="exit_poll", source="A broadcaster", as_of=six.polls_close, seats={"lab": 4}
    )
    with pytest.raises(desk.InvalidTransition, match="no number of seats"):
        desk.publish(six, content, by=nights.user(), idempotency_key="one")

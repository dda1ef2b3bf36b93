"""The ways into a night: regions, parties, what changed hands, what stands out, a seat by name."""

import pytest

from results.models import Contest
from results.reader.search import find, plain
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    night = nights.election()
    people = [("Ann Hall", "con"), ("Bob Rice", "lab"), ("Cy Green", "green")]
    for name, region in [("Alder", "East"), ("Birch, Môn & Cedar", "East"), ("Elm", "West")]:
        nights.contest(
            night, name, people, last={"lab": 9000, "con": 8000, "green": 2000}, region=region
        )
    alder, birch, _elm = night.contests.order_by("name")
    nights.declare(alder, 12000, 8000, 900)  # a gain
    nights.declare(birch, 7000, 7010, 3000)  # a hold
    return night


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_regions(client, night):
    page = text(client, "/ge/regions/")
    assert "2 of 2 declared" in page
    assert "0 of 1 declared" in page


def test_a_region_has_its_own_tally(client, night):
    page = text(client, "/ge/regions/east/")
    assert "Seats by party, 2 of 2 declared" in page
    assert "Elm" not in page
    assert client.get("/ge/regions/north/").status_code == 404


def test_parties(client, night):
    page = text(client, "/ge/parties/")
    assert page.index("/ge/parties/con/") < page.index("/ge/parties/green/")


def test_a_party_with_what_it_gained_and_lost(client, night):
    assert "from Labour" in text(client, "/ge/parties/con/")
    assert "to Conservative" in text(client, "/ge/parties/lab/")
    assert client.get("/ge/parties/nobody/").status_code == 404
    assert client.get("/ge/parties/speaker/").status_code == 200


def test_seats_that_changed_hands(client, night):
    page = text(client, "/ge/changes/")
    assert "1 seat has changed hands" in page
    assert "Conservative from Labour" in page
    assert "Birch" not in page


def test_what_stands_out(client, night):
    page = text(client, "/ge/records/")
    closest = page[page.index("Closest") : page.index("Largest majorities")]
    assert closest.index("Birch") < closest.index("Alder")
    assert "<strong>10</strong>" in closest
    lost = page[page.index("Lost deposits") :]
    assert "Green" in lost
    assert "<strong>1</strong>" in lost


def test_an_empty_night_has_every_page(client):
    nights.election("empty")
    for part in ["feed", "regions", "parties", "changes", "records", "find", "corrections"]:
        assert client.get(f"/empty/{part}/").status_code == 200


def test_each_page_says_where_it_is(client, night):
    for part in ["changes", "regions", "parties", "records", "corrections"]:
        assert text(client, f"/ge/{part}/").count('aria-current="page"') == 1


class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [("Ynys Môn", "ynys mon"), ("Birch,  Cedar", "birch cedar"), ("A & B", "a and b")],
    )
    def test_accents_commas_and_case_are_forgiven(self, typed, read):
        assert plain(typed) == read

    @pytest.mark.parametrize("asked", ["birch", "BIR", "cedar birch", "mon cedar", "birch mon and"])
    def test_by_the_beginnings_of_its_words(self, night, asked):
        found = find(Contest.objects.filter(election=night), asked)
        assert [contest.name for contest in found] == ["Birch, Môn & Cedar"]

    def test_a_whole_name_answers_alone(self, night):
        nights.contest(night, "Elm Park", [("Ann Hall", "con"), ("Bob Rice", "lab")])
        found = find(Contest.objects.filter(election=night), "Elm")
        assert [contest.name for contest in found] == ["Elm"]

    def test_one_answer_leads_straight_to_its_page(self, client, night):
        assert client.get("/ge/find/?q=birch").headers["Location"] == "/ge/birch-mon-cedar/"

    def test_none_is_said_and_what_was_typed_stays(self, client, night):
        page = text(client, "/ge/find/?q=<script>")
        assert "No seat here answers to “&lt;script&gt;”." in page
        assert 'value="&lt;script&gt;"' in page

"""The feed entry of a postponed poll, until it is held after all."""

import re

import pytest
from django.test import Client

from results import desk
from results.live.cached_snapshot import CachedSnapshot
from results.models import Bulletin, Contest, Standing
from results.reader.card_contents import council_card, night_card
from results.reader.council_lookup import find_council, wards_of
from tests import councils, nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    return nights.contest(nights.election(), "Hilltown", [("Ann Ash", "lab"), ("Bob Birch", "con")])


def report(seat: Contest, status: Standing.Status) -> int:
    result = desk.report_status(seat, status, by=nights.user(), idempotency_key=nights.key())
    return result.sequence


def test_postponed_poll_is_an_entry_of_the_feed(client: Client, seat: Contest) -> None:
    report(seat, Standing.Status.UNDER_WAY)
    number = report(seat, Standing.Status.POSTPONED)
    report(seat, Standing.Status.POSTPONED)
    for path in ("/ge/", "/ge/feed/", f"/ge/bulletins/{number}/"):
        page = client.get(path).content.decode()
        assert page.count('id="postponed-hilltown"') == 1, path
        assert "<h3>The poll in Hilltown is postponed</h3>" in page, path
    feed = client.get("/ge/feed.atom").content.decode()
    assert "The poll in Hilltown is postponed" in feed
    assert "It is held on another day." in feed
    sent = Bulletin.objects.get(sequence=number).fragments
    assert "The poll in Hilltown is postponed" in sent["postponed-hilltown"]
    assert 'id="postponed-hilltown"' in sent["feed"]


def test_entry_goes_when_the_poll_is_held_after_all(client: Client, seat: Contest) -> None:
    report(seat, Standing.Status.POSTPONED)
    number = report(seat, Standing.Status.AWAITING)
    assert Bulletin.objects.get(sequence=number).fragments["postponed-hilltown"] == ""
    nights.declare(seat, 20_000, 10_000)
    assert "is postponed" not in client.get("/ge/").content.decode()
    feed = Bulletin.objects.latest("sequence").fragments["feed"]
    assert "result-hilltown" in feed
    assert "postponed" not in feed


def test_no_part_of_the_map_says_that_a_postponed_poll_is_to_come(client: Client) -> None:
    election = nights.election()
    for name in ("Aford", "Beeham"):
        ballot = [("Ann Ash", "lab"), ("Bob Birch", "con")]
        seat = nights.contest(election, name, ballot, last={"lab": 9, "con": 8})
        if name == "Aford":
            report(seat, Standing.Status.POSTPONED)
        else:
            nights.declare(seat, 10, 5)
    page = client.get("/ge/").content.decode()
    key = re.sub(r"<[^>]+>|\s+", " ", page.partition('id="map-key"')[2].partition("</div>")[0])
    assert "No result yet 1" in " ".join(key.split())
    assert "to come" not in key.lower()


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("seats", "said"),
    [(1, "1 of 2 wards declared · 1 postponed"), (3, "1 of 2 wards declared · 3 seats postponed")],
)
def test_council_says_what_is_postponed(client: Client, seats: int, said: str) -> None:
    night = councils.council_night()
    elected = ["lab"] * seats
    councils.council(night, {"Castle": (elected, elected), "Weir": (elected, elected)})
    councils.council(night, {"Mill": (["lab"], ["lab"])}, name="Otherby", slug="otherby")
    castle, weir = Contest.objects.filter(body__name="Harrowmere").order_by("name")
    number = report(castle, Standing.Status.POSTPONED)
    councils.declare(weir)
    for path in ("/council/bodies/harrowmere/", "/council/bodies/harrowmere/wall/"):
        assert said in words_of(client.get(path).content.decode()), path
    sent = Bulletin.objects.get(sequence=number).fragments
    assert any("postponed" in words_of(html) for name, html in sent.items() if "body" in name)
    snapshot = CachedSnapshot.read(night)
    body = castle.body
    assert body is not None
    card = council_card(snapshot, find_council(snapshot, body), wards_of(snapshot, body))
    assert card.status == "1 of 2 wards declared, 1 postponed"


def test_card_counts_results_that_are_postponed_and_not_their_seats() -> None:
    night = councils.council_night()
    councils.council(night, {"Castle": (["lab"] * 2, ["lab"] * 2), "Weir": (["lab"], ["lab"])})
    night.contests.update(by_election=True)
    report(night.contests.get(name="Castle"), Standing.Status.POSTPONED)
    assert night_card(CachedSnapshot.read(night)).status == "0 of 2 declared, 1 postponed"

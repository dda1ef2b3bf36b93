"""The map's modes: pages drawn in one, what a page fetches once one is chosen, and name cards."""

import re

import pytest
from django.test import Client

from results.models import Bulletin, Contest, Election
from tests import nights

pytestmark = pytest.mark.django_db

#: A hexagon or tile with its code, empty without one.
SHADE = re.compile(
    r'<a id="(?:shade|hex)-([-\w]+)"[^>]*?(?:data-k="(\w+)")?\s*class="(?:hex|tile)(?: open)?"'
)


@pytest.fixture
def night() -> Election:
    election = nights.election()
    seat = nights.islington_north(election)
    Contest.objects.filter(pk=seat.pk).update(hex_q=1, hex_r=1)
    counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, counts, by=nights.user(), idempotency_key=nights.key())
    nights.contest(election, "Vale", [("Ann", "con"), ("Ben", "lab")], last={"con": 9, "lab": 8})
    return election


def codes_in(html: str) -> dict[str, str]:
    return dict(SHADE.findall(html))


def test_first_page_has_no_codes(night: Election, client: Client) -> None:
    page = client.get("/ge/").content.decode()
    assert codes_in(page) == {"islington-north": "", "vale": ""}
    assert 'data-topics="front"' in page
    assert 'rel="stylesheet" href="/static/reader/map_modes' not in page


@pytest.mark.parametrize("path", ["/ge/", "/embed/ge/map/"])
@pytest.mark.parametrize("mode", ["gains", "majority", "swing", "turnout"])
def test_page_is_drawn_in_the_mode_of_its_address(
    night: Election, client: Client, path: str, mode: str
) -> None:
    page = client.get(f"{path}?map={mode}").content.decode()
    assert f'data-mode="{mode}"' in page
    assert re.search(rf'value="{mode}"[^>]*\bchecked', page)
    assert 'rel="stylesheet" href="/static/reader/map_modes' in page
    assert f'data-topics="{"front" if path == "/ge/" else "map"}-shades"' in page
    # Islington North in 2019: a majority of 48.7%, no Conservative and Labour swing known here.
    assert codes_in(page)["islington-north"][0] == "4"
    assert codes_in(page)["islington-north"][2] == "4"


@pytest.mark.parametrize("value", ["winner", "", "nonsense", "gains&map=x"])
def test_other_values_are_the_first_mode(night: Election, client: Client, value: str) -> None:
    page = client.get(f"/ge/?map={value}").content.decode()
    assert 'data-mode="winner"' in page
    assert codes_in(page)["islington-north"] == ""


def test_codes_that_are_fetched_are_those_of_the_page(night: Election, client: Client) -> None:
    fetched = client.get("/ge/map.json").json()
    drawn = codes_in(client.get("/ge/?map=majority").content.decode())
    codes = "".join(drawn[slug] or "---" for slug in sorted(drawn))
    assert fetched["codes"] == codes
    assert (fetched["sequence"], len(fetched["codes"])) == (1, 6)
    for mode in ("gains", "majority", "swing", "turnout"):
        assert f'data-mode="{mode}"' in fetched["keys"]


def test_name_card_says_what_the_map_cannot(night: Election, client: Client) -> None:
    card = client.get("/ge/islington-north/brief.html").content.decode()
    words = re.sub(r"<[^>]+>|\s+", " ", card)
    for part in ("Islington North", "Labour hold", "Majority 26,188", "48.7%", "Turnout 71.6%"):
        assert part in words
    waiting = client.get("/ge/vale/brief.html").content.decode()
    assert "Vale" in waiting
    assert "To come" in waiting
    assert client.get("/ge/nowhere/brief.html").status_code == 404


def test_key_counts_seats_and_who_took_them(client: Client) -> None:
    election = nights.election()
    for name, last in (("Aford", {"lab": 9, "con": 8}), ("Beeham", {"con": 9, "lab": 8})):
        seat = nights.contest(election, name, [("Ann", "con"), ("Ben", "lab")], last=last)
        nights.declare(seat, 10, 5)
    words = key_of(client)
    assert "Con 2" in words
    assert "Changed hands 1" in words
    assert "Con from Lab 1" in words


def test_seat_to_come_is_open_and_in_the_colour_of_who_defends_it(client: Client) -> None:
    election = nights.election()
    seats = [
        nights.contest(election, name, [("Ann", "con"), ("Ben", "lab")], last=last)
        for name, last in (("Aford", {"lab": 9, "con": 8}), ("Beeham", None))
    ]
    for column, seat in enumerate(seats):
        Contest.objects.filter(pk=seat.pk).update(hex_q=column, hex_r=1)
    assert hexagon("aford", client) == ("lab", "hex open")
    assert hexagon("beeham", client) == ("", "hex")
    assert "Defending: Labour" in client.get("/ge/aford/brief.html").content.decode()
    nights.declare(seats[0], 10, 5)
    assert hexagon("aford", client) == ("con", "hex")
    bulletin = Bulletin.objects.get(contest=seats[0])
    assert 'data-party="con"' in bulletin.fragments["hex-aford"]
    assert "open" not in bulletin.fragments["hex-aford"]
    request = {"idempotency_key": nights.key(), "base_revision": 1, "reason": "Misheard."}
    nights.withdraw(seats[0], by=nights.user(), **request)
    assert hexagon("aford", client) == ("lab", "hex open")


def hexagon(slug: str, client: Client) -> tuple[str, str]:
    """The party and the classes of a seat's hexagon."""
    (attributes,) = re.findall(rf'<a id="hex-{slug}"([^>]*)>', client.get("/ge/").content.decode())
    party, classes = (re.search(rf'{name}="([^"]*)"', attributes) for name in ("party", "class"))
    return party[1] if party else "", classes[1] if classes else ""


def test_key_says_what_is_defended_until_a_seat_is_declared(client: Client) -> None:
    election = nights.election()
    seats = [
        nights.contest(election, name, [("Ann", "con"), ("Ben", "lab")], last={"lab": 9, "con": 8})
        for name in ("Aford", "Beeham")
    ]
    before = key_of(client)
    assert 'class="key-note defending"' in client.get("/ge/").content.decode()
    assert "Lab 2" in before
    assert "Pale, with a broken edge: no result yet" in before
    nights.declare(seats[0], 10, 5)
    after = key_of(client)
    assert "Con 1" in after
    assert "Lab 2" not in after
    assert 'class="key-note defending"' not in client.get("/ge/").content.decode()


def key_of(client: Client) -> str:
    html = client.get("/ge/").content.decode()
    key = html[html.index('id="map-key"') :].partition("<template>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", key))

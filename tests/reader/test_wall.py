"""The wall's page, and the sizes of its words."""

import re
from pathlib import Path

import pytest
from django.test import Client

from results.live.party_patterns import PATTERNS
from results.models import Group, LastResult
from results.reader.seat_bar import tick_sides
from results.reader.wall_panels import PATTERN_IDS, HexParty
from results.reader.wall_words import end_name, row_name, wall_words
from results.words.party_names import PartyName
from tests import councils, nights
from tests.responses import page_text

ROOT = Path(__file__).parents[2]
THREE_LINES = "Conservatives up 26 seats, Labour down 35 after 325 of 650"


class TestWords:
    def test_short_headline_has_the_whole_standfirst(self) -> None:
        words = wall_words("Labour win a majority", ["One. Two.", "One."])
        assert (words.size, words.standfirst) == ("large", "One. Two.")

    def test_long_headline_is_smaller_and_stands_alone(self) -> None:
        words = wall_words(THREE_LINES, ["A sentence of some length. " * 6])
        assert (words.size, words.standfirst) == ("large", "")
        assert wall_words(f"{THREE_LINES} {THREE_LINES}", []).size == "medium"

    def test_shorter_standfirst_takes_the_place_of_a_long_one(self) -> None:
        words = wall_words(THREE_LINES, ["A sentence of some length. " * 6, "A sentence."])
        assert (words.standfirst, words.standfirst_size) == ("A sentence.", "large")

    def test_party_too_long_for_a_row_is_abbreviated(self) -> None:
        long = PartyName("tusc", "Trade Unionist and Socialist Coalition", "TUSC", "TUSC")
        assert row_name(long) == ("TUSC", "large")
        assert end_name(long) == "TUSC"
        assert row_name(PartyName("ld", "Liberal Democrat", "", "LD"))[1] == "small"


@pytest.mark.parametrize(
    ("places", "sides"),
    [
        ([0.49, 0.6], ["left", "right"]),  # 2019: 317 and 262 before, either side of the line
        ([0.05, 0.6], ["right", "right"]),  # no room at the edge
        ([0.56, 0.69], ["left", "right"]),  # 365 and 202 before: both would stand on the right
        ([0.49, 0.505], ["left", "right"]),
        ([], []),
    ],
)
def test_words_of_ticks_stay_off_each_other(places: list[float], sides: list[str]) -> None:
    assert tick_sides(places, 0.5, 0.25) == sides


def test_parties_with_a_pattern_have_it_on_the_wall_as_well() -> None:
    drawn = (ROOT / "templates/reader/wall/_map.html").read_text()
    assert all(f'<pattern id="{name}"' in drawn for name in PATTERN_IDS.values())
    assert all(HexParty(label, []).pattern in PATTERN_IDS.values() for label in PATTERNS)
    assert HexParty("lab", []).pattern == ""


@pytest.mark.django_db
class TestPage:
    def test_shows_the_state_of_the_night_and_our_seats(self, client: Client) -> None:
        election = nights.election()
        seat = nights.islington_north(election)
        elsewhere = nights.contest(election, "Elsewhere", [("Ann", "con"), ("Bob", "lab")])
        Group.objects.create(election=election, slug="ours", name="Ours").contests.add(seat)
        nights.declare(elsewhere, 9000, 8000)
        page = page_text(client, "/ge/wall/?group=ours&theme=light")
        assert 'data-theme="light"' in page
        assert 'data-topics="wall"' in page
        assert "1 of 2 declared" in page
        assert page.count("Islington North") == 2  # among our seats, and among all
        assert client.get("/ge/wall/?group=theirs").status_code == 404
        assert page_text(client, "/ge/wall/?theme=pink&seconds=x&view=y") == page_text(
            client, "/ge/wall/"
        )

    def test_map_has_seats_to_come_in_their_defenders_colours(self, client: Client) -> None:
        election = nights.election()
        held = nights.contest(election, "A", [("Ann", "con")], last={"con": 9}, hex_q=0, hex_r=0)
        nights.contest(election, "B", [("Bob", "lab")], hex_q=1, hex_r=0)
        page = page_text(client, "/ge/wall/")
        assert '<g data-party="con" class="to-come">' in page
        assert '<g class="to-come">' in page
        nights.declare(held, 9000)
        assert page_text(client, "/ge/wall/").count('class="to-come"') == 1

    def test_is_not_modified_until_a_bulletin(self, client: Client) -> None:
        seat = nights.islington_north(nights.election())
        etag = client.get("/ge/wall/").headers["ETag"]
        assert client.get("/ge/wall/", headers={"if-none-match": etag}).status_code == 304
        nights.declare(seat, *(votes for _name, _label, votes in nights.ISLINGTON_NORTH))
        assert client.get("/ge/wall/", headers={"if-none-match": etag}).status_code == 200

    def test_of_councils_and_of_one_of_them(self, client: Client) -> None:
        election = councils.council_night("locals")
        for name in ("Northshire", "Southshire"):
            councils.council(election, councils.HARROWMERE, name=name, slug=name.lower())
        ward = election.contests.get(slug="northshire-castle")
        councils.declare(ward)
        page = page_text(client, "/locals/wall/")
        assert "No overall control" in page
        assert "Southshire" in page
        page = page_text(client, "/locals/bodies/northshire/wall/")
        assert "Castle" in page
        assert "Southshire" not in page
        assert "for control" in page
        assert "to win" not in page
        assert client.get("/locals/bodies/no-such/wall/").status_code == 404

    def test_of_councils_before_the_first_result_shows_what_is_defended(
        self, client: Client
    ) -> None:
        election = councils.council_night("locals")
        for name in ("Northshire", "Southshire"):
            councils.council(election, councils.HARROWMERE, name=name, slug=name.lower())
        lists = page_text(client, "/locals/wall/").split('class="lists"')[1]
        [labour] = re.findall(r'<tr data-party="lab">.*?</tr>', lists, re.DOTALL)
        assert re.findall(r"<td.*?>(\d+)</td>", labour) == ["2", "64", "64"]
        assert "Net" not in lists.split("</thead>")[0]

    def test_colours_of_a_theme_are_kept_for_good(self, client: Client) -> None:
        nights.islington_north(nights.election())
        page = page_text(client, "/ge/wall/")
        address = page.split('href="/ge/wall/dark-')[1].split('"')[0]
        answer = client.get(f"/ge/wall/dark-{address}")
        assert "immutable" in answer.headers["Cache-Control"]
        assert "prefers-color-scheme" not in answer.content.decode()
        assert client.get("/ge/wall/dark-0123456789ab.css").headers["Cache-Control"] == "no-store"
        assert client.get("/ge/wall/pink-0123456789ab.css").status_code == 404

    def test_control_is_in_lower_case_in_mid_sentence(self, client: Client) -> None:
        election = councils.council_night("locals")
        wards = {"Alder": (["lab", "con", "ld"], ["lab"] * 3)}
        for name in ("Northshire", "Southshire"):
            councils.council(election, wards, name=name, slug=name.lower())
        for ward in election.contests.all():
            councils.declare(ward)
        page = page_text(client, "/locals/wall/")
        assert "Labour, was no overall control" in page
        assert "was No overall control" not in page


@pytest.mark.django_db
def test_council_whose_holders_are_unknown_has_no_last_time(client: Client) -> None:
    election = councils.council_night("locals")
    body = councils.council(election, councils.HARROWMERE)
    LastResult.objects.all().delete()
    assert "last time" not in page_text(client, "/locals/wall/")
    councils.declare(body.contests.all()[0])
    assert "net change" not in page_text(client, "/locals/wall/")

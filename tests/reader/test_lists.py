"""Pages and exports of results from lists, of regions, and as declared."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from results.arithmetic import ElectionKind
from results.desk.corrected_details import contests_corrected
from results.live.cached_snapshot import CachedSnapshot
from results.live.revision_differences import Difference, differences
from results.live.seat import Seat, with_results
from results.models import Contest, Declaration, Election, LastResult, LastVotes, Region
from results.reader.card import Card
from results.reader.card_contents import seat_card
from tests.lists import chamber, elect, list_ballot, publish
from tests.nights import contest, party
from tests.reader.test_schema import undescribed
from tests.responses import Response

pytestmark = pytest.mark.django_db


def text_of(response: Response) -> str:
    page = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub("</?bdi>", "", page)).split())


def topics_of(page: str) -> list[str]:
    found = re.search(r'data-topics="([^"]*)"', page)
    return found[1].split(",") if found else []


def exported(client: Client) -> dict[str, Any]:
    """The contest of the election, as results.json has it."""
    document = json.loads(client.get("/ge/results.json").content)
    schema = json.loads(client.get(document["schema"]).content)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert list(undescribed(document, schema, schema)) == []
    found: dict[str, Any] = document["contests"][0]
    return found


def card_of(contest: Contest) -> Card:
    snapshot = CachedSnapshot.read(Election.objects.get(pk=contest.election_id))
    return seat_card(
        snapshot, snapshot.seat(with_results(Contest.objects.all()).get(pk=contest.pk))
    )


def constituency() -> Contest:
    lists = {"lab": ["Ann Ash", "Bob Beech", "Cat Cedar"], "con": ["Dai Date", "Eve Elder"]}
    return list_ballot(
        chamber(ElectionKind.SENEDD, "ge"), "Bangor", lists | {"independent": ["Hal Hazel"]}
    )


@pytest.mark.parametrize("kind", [ElectionKind.SENEDD, ElectionKind.NI_ASSEMBLY])
def test_map_offers_no_majorities_where_there_are_none(client: Client, kind: ElectionKind) -> None:
    night = chamber(kind, "ge")
    if kind == ElectionKind.SENEDD:
        list_ballot(night, "Bangor", {"lab": ["Ann Ash"], "con": ["Dai Date"]})
    else:
        contest(night, "Foyle", [("Ann Ash", "lab"), ("Bob Beech", "con")], seats=5)
    for address in ("/ge/", "/ge/?map=majority"):
        page = client.get(address).content.decode()
        modes = re.findall(r'type="radio" name="map" value="(\w+)"', page)
        assert modes == ["winners", "turnout"]


class TestLists:
    def test_ballot_paper_has_names_under_their_party(self, client: Client) -> None:
        constituency()
        assert "Labour Ann Ash, Bob Beech, Cat Cedar" in text_of(client.get("/ge/bangor/"))

    def test_page_has_votes_seats_and_who_is_elected(self, client: Client) -> None:
        seat = constituency()
        publish(seat, {"lab": 900, "con": 500, "Hal Hazel": 80})
        text = text_of(client.get("/ge/bangor/"))
        assert "Bangor: Labour 3, Conservatives 2, Independents 1" in text
        assert "Labour Ann Ash Elected , Bob Beech Elected , Cat Cedar Elected 900" in text
        assert "How the seats were allocated" in text
        assert "4 Labour Cat Cedar 900 ÷ 3 900 3 300" in text
        assert "Majority" not in text

    def test_lists_that_did_not_stand_before_leave_no_empty_column(self, client: Client) -> None:
        """On a phone the names of their candidates need its room."""
        publish(constituency(), {"lab": 900, "con": 500, "Hal Hazel": 80})
        text = text_of(client.get("/ge/bangor/"))
        assert "List Votes % Seats Labour" in text

    def test_last_time_has_a_row_for_each_list(self, client: Client) -> None:
        """Not one for each of its people, who had no votes of their own."""
        last = LastResult.objects.create(contest=constituency(), date=date(2021, 5, 6))
        rows = [("lab", "Ann Ash", 900, True), ("lab", "Bob Beech", 0, True)]
        rows += [("lab", "Cat Cedar", 0, False), ("con", "Dai Date", 500, True)]
        for label, name, votes, elected in rows:
            person = {"name": name, "votes": votes, "elected": elected}
            LastVotes.objects.create(last_result=last, party=party(label), **person)
        alone = {"standing_as": "independent", "votes": 80}
        LastVotes.objects.create(last_result=last, name="Hal Hazel", **alone)
        LastVotes.objects.create(last_result=last, name="Ivy Iris", **alone | {"votes": 0})
        text = text_of(client.get("/ge/bangor/"))
        expected = "List Votes Labour 2 seats 900 Conservative 1 seat 500"
        assert f"{expected} Independent Hal Hazel 80 Independent Ivy Iris 0" in text

    def test_page_says_how_a_tie_was_settled(self, client: Client) -> None:
        seat = constituency()
        Contest.objects.update(seats=3)
        publish(seat, {"lab": 600, "con": 600, "Hal Hazel": 300}, lot=["con"])
        text = text_of(client.get("/ge/bangor/"))
        figures = "The figures of Labour, Conservative, Hal Hazel for the last seat are equal."
        assert f"{figures} It was decided by lot." in text
        assert "The next seat would have gone to Labour, whose figure was 300." in text

    def test_export_has_lists_and_their_allocation(self, client: Client) -> None:
        seat = constituency()
        assert exported(client)["lists"] is None
        publish(seat, {"lab": 900, "con": 500, "Hal Hazel": 80})
        found = exported(client)
        assert (found["method"], found["to_fill"], found["partial"]) == ("lists", 0, False)
        lists = [(each["name"], each["votes"], each["seats"]) for each in found["lists"]]
        assert lists == [("Labour", 900, 3), ("Conservative", 500, 2), ("Hal Hazel", 80, 1)]
        assert [each["divisor"] for each in found["allocation"]] == [1, 1, 2, 3, 2, 1]
        table = csv.DictReader(io.StringIO(client.get("/ge/results.csv").content.decode()))
        places = [(row["candidate"], row["votes"], row["list_position"]) for row in table]
        assert places[:2] == [("Ann Ash", "900", "1"), ("Bob Beech", "", "2")]

    def test_card_gives_the_votes_to_the_lists(self) -> None:
        seat = constituency()
        publish(seat, {"lab": 900, "con": 500, "Hal Hazel": 80})
        rows = [(row.name, row.value) for row in card_of(seat).rows]
        assert rows == [
            ("Labour", "900, 60.8%"),
            ("Conservative", "500, 33.8%"),
            ("Hal Hazel, Ind", "80, 5.4%"),
        ]


class TestRegion:
    @pytest.fixture
    def region(self) -> Contest:
        night = chamber(ElectionKind.SCOTTISH_PARLIAMENT, "ge")
        lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
        region = list_ballot(night, "Lothian", lists, seats=2, method="lists")
        leith = contest(night, "Leith", [("Lab Leith", "lab"), ("Con Leith", "con")])
        Contest.objects.filter(pk=leith.pk).update(region_contest=region)
        return region

    def test_list_loses_its_deposit_and_not_its_first_candidate(
        self, client: Client, region: Contest
    ) -> None:
        publish(region, {"lab": 970, "con": 30})
        publish(Contest.objects.get(name="Leith"), {"lab": 500, "con": 300})
        assert "Lost deposits Conservative" in text_of(client.get("/ge/lothian/"))
        published = region.declarations.latest("revision")
        assert published.details is not None
        assert published.details["lost_deposits"] == ["Conservative"]

    @pytest.mark.parametrize(
        ("stored", "is_correction"), [("Dai Date", False), ("Eve Elder", True)]
    )
    def test_deposits_as_an_earlier_release_stored_them_are_no_correction(
        self, region: Contest, monkeypatch: pytest.MonkeyPatch, stored: str, is_correction: bool
    ) -> None:
        publish(region, {"lab": 970, "con": 30})
        with monkeypatch.context() as earlier:
            earlier.setattr(Seat, "names_of_lost_deposits", [stored])
            publish(Contest.objects.get(name="Leith"), {"lab": 500, "con": 300})
        assert contests_corrected([region]) == ([region] if is_correction else [])

    def test_deposits_as_an_earlier_release_stored_them_are_no_difference(
        self, region: Contest
    ) -> None:
        """Between its revision and one of this release: readers are shown what was corrected."""
        publish(region, {"lab": 970, "con": 30})
        publish(Contest.objects.get(name="Leith"), {"lab": 500, "con": 300})
        now = region.declarations.latest("revision")
        before = region.declarations.latest("revision")
        assert before.details is not None
        before.details["lost_deposits"] = ["Dai Date"]
        assert list(differences(before, now)) == []
        before.details["lost_deposits"] = []
        assert list(differences(before, now)) == [Difference("Lost deposits", "", "Conservative")]

    def test_page_says_what_the_seats_wait_for(self, client: Client, region: Contest) -> None:
        publish(region, {"lab": 600, "con": 400})
        words = "Lothian: 2 seats, allocated when all its constituencies have declared"
        text = text_of(client.get("/ge/lothian/"))
        assert words in text
        assert "Votes declared" in text
        assert "Elected" not in text

    def test_pages_change_with_a_constituency(self, client: Client, region: Contest) -> None:
        publish(region, {"lab": 600, "con": 400})
        assert "Elected" not in text_of(client.get("/ge/lothian/"))
        leith = Contest.objects.get(name="Leith")
        publish(leith, {"lab": 500, "con": 300})
        parties = json.loads(client.get("/ge/results.json").content)["parties"]
        votes = [(each["party"], each["votes"], each["list_votes"]) for each in parties]
        assert votes == [("Lab", 500, 600), ("Con", 300, 400)]
        text = text_of(client.get("/ge/lothian/"))
        assert "Dai Date Elected" in text
        assert "Ann Ash Elected" in text
        assert "Labour won 1 constituency here, which counts." in text
        assert "seats to be allocated" not in text_of(client.get("/ge/changes/"))

    def test_party_tables_have_the_net_change_first(self, client: Client, region: Contest) -> None:
        """As the front of a House has it."""
        leith = Contest.objects.get(name="Leith")
        for seat, label in ((leith, "lab"), (region, "con")):
            last = LastResult.objects.create(contest=seat, date=date(2021, 5, 6), seats=seat.seats)
            held = {"party": party(label), "votes": 100, "elected": True}
            for _seat in range(seat.seats):
                LastVotes.objects.create(last_result=last, **held)
        publish(leith, {"lab": 500, "con": 300})
        for path in ("/ge/", "/ge/parties/"):
            assert "Party Seats Net Gains Losses" in text_of(client.get(path)), path

    def test_party_tables_have_both_votes(self, client: Client, region: Contest) -> None:
        publish(region, {"lab": 600, "con": 400})
        publish(Contest.objects.get(name="Leith"), {"lab": 500, "con": 300})
        for path in ("/ge/", "/ge/parties/"):
            text = text_of(client.get(path))
            # Of nobody are gains, losses and changes known.
            assert "Seats Constituency vote % Regional vote %" in text
            assert re.search(r"Labour 2 62\.5 .{,3}60\.0", text), path
        assert "Regional vote 600 (60.0%)" in text_of(client.get("/ge/parties/lab/"))


def test_night_of_lists_has_no_swing(client: Client) -> None:
    """Ten contests have sixty seats: a swing over ten seats would be none of theirs."""
    night = chamber(ElectionKind.SENEDD, "ge")
    for number in range(16):
        seat = list_ballot(night, f"Vale {number}", {"lab": ["Ann"] * 6, "con": ["Cat"] * 6})
        last = LastResult.objects.create(contest=seat, date=date(2021, 5, 6), seats=6, valid=1000)
        for label, votes in (("lab", 600), ("con", 400)):
            row = {"party": party(label), "votes": votes, "elected": True}
            LastVotes.objects.create(last_result=last, **row)
        if number < 11:
            publish(seat, {"lab": 500, "con": 500 - number})
    front = text_of(client.get("/ge/"))
    assert "66 of 96" in front
    assert "swing" not in front.lower()


def test_corrected_votes_of_a_list_are_those_of_its_party(client: Client) -> None:
    night = chamber(ElectionKind.SENEDD, "ge")
    seat = list_ballot(night, "Vale", {"lab": ["Ann Ash"], "con": ["Cat Cole"]}, seats=1)
    publish(seat, {"lab": 500, "con": 400})
    more: dict[str, Any] = {"base_revision": 1, "reason": "Misheard."}
    more |= {"blame": Declaration.Blame.OURS, "kind": Declaration.Kind.CORRECTION}
    publish(seat, {"lab": 501, "con": 400}, **more)
    for path in ("/ge/corrections/", "/ge/vale/"):
        text = text_of(client.get(path))
        assert re.search(r"Labour was 500 is 501", text), path
        assert "Ann Ash was" not in text


class TestSections:
    """Where a list and a map of tiles put the constituencies and the regions' lists."""

    def night(self, kind: ElectionKind, regions: Mapping[str, Sequence[str]]) -> None:
        night = chamber(kind, "ge")
        for name, constituencies in regions.items():
            lists = {"lab": ["Ann Ash"], "con": ["Dai Date"]}
            region = list_ballot(night, name, lists, seats=7, method="lists")
            for each in constituencies:
                seat = contest(night, each, [(f"Lab {each}", "lab"), (f"Con {each}", "con")])
                Contest.objects.filter(pk=seat.pk).update(region_contest=region)

    def test_constituencies_stand_under_their_region(self, client: Client) -> None:
        regions = {"Lothian": ["Leith", "Almond"], "Fife": ["Cowdenbeath"]}
        self.night(ElectionKind.SCOTTISH_PARLIAMENT, regions)
        page = client.get("/ge/").content.decode()
        tiles = re.findall(r'<h3 class="tiles-region">(.*?)</h3>|<li id="hex-([a-z]+)"', page)
        assert tiles == [
            *[("Fife", ""), ("", "cowdenbeath"), ("", "fife")],
            *[("Lothian", ""), ("", "almond"), ("", "leith"), ("", "lothian")],
        ]
        assert re.findall(r'<li id="row-([a-z]+)"', page) == [each for _, each in tiles if each]
        text = text_of(client.get("/ge/"))
        assert "Fife 8 seats" in text
        assert "Lothian 9 seats" in text

    def test_page_of_regions_leads_to_each(self, client: Client) -> None:
        self.night(
            ElectionKind.SCOTTISH_PARLIAMENT, {"Lothian": ["Leith"], "Fife": ["Cowdenbeath"]}
        )
        assert "This election has no regions." not in text_of(client.get("/ge/regions/"))
        page = client.get("/ge/regions/").content.decode()
        assert page.index('<a href="/ge/fife/">') < page.index('<a href="/ge/lothian/">')

    @pytest.mark.parametrize(
        ("address", "others"), [("leith", ["almond", "lothian"]), ("lothian", ["almond", "leith"])]
    )
    def test_page_of_each_leads_to_the_others_of_the_region(
        self, client: Client, address: str, others: list[str]
    ) -> None:
        regions = {"Lothian": ["Leith", "Almond"], "Fife": ["Cowdenbeath", *map(str, range(18))]}
        self.night(ElectionKind.SCOTTISH_PARLIAMENT, regions)
        page = client.get(f"/ge/{address}/").content.decode()
        assert "Also in Lothian" in page
        assert re.findall(r'<li id="row-([a-z]+)"', page) == others
        assert {f"near:{each}" for each in others} <= set(topics_of(page))

    def test_list_of_a_region_with_its_name_is_told_apart_from_it(self, client: Client) -> None:
        self.night(ElectionKind.SCOTTISH_PARLIAMENT, {"Lothian": ["Leith"]})
        region = Region.objects.create(
            election=Election.objects.get(), name="Lothian", slug="lothian"
        )
        Contest.objects.update(region=region)
        for address, last in [("lothian", "Regional vote"), ("leith", "Leith")]:
            page = client.get(f"/ge/{address}/").content.decode()
            crumbs = page.split('<nav class="crumbs"')[1].split("</nav>")[0].partition(">")[2]
            text = re.sub(r"<[^>]+>", " ", crumbs).split()
            assert " ".join(text) == f"Results › Lothian › {last}"

    def test_wall_has_a_page_for_each_region(self, client: Client) -> None:
        regions = {"Lothian": ["Leith", "Almond"], "Fife": ["Cowdenbeath"]}
        self.night(ElectionKind.SCOTTISH_PARLIAMENT, regions)
        page = client.get("/ge/wall/").content.decode()
        told = re.findall(r"<h2>(Fife|Lothian)</h2>|<b>(\w+)</b>", page)
        assert ["".join(each) for each in told] == [
            *["Fife", "Cowdenbeath", "Fife"],
            *["Lothian", "Almond", "Leith", "Lothian"],
        ]

    def test_constituencies_without_a_region_come_first(self, client: Client) -> None:
        self.night(
            ElectionKind.SCOTTISH_PARLIAMENT, {"Lothian": ["Leith"], "Fife": ["Dunfermline"]}
        )
        contest(Election.objects.get(), "Wick", [("Ann Wick", "lab"), ("Bob Wick", "con")])
        page = client.get("/ge/").content.decode()
        rows = re.findall(r'<li id="row-([a-z]+)"', page)
        assert rows == ["wick", "dunfermline", "fife", "leith", "lothian"]

    def test_only_list_stands_after_all_constituencies(self, client: Client) -> None:
        names = ["Barnet and Camden", "West Central"]
        self.night(ElectionKind.LONDON_ASSEMBLY, {"London-wide": names})
        page = client.get("/ge/").content.decode()
        rows = re.findall(r'<li id="row-([a-z-]+)"', page)
        assert rows == ["barnet-and-camden", "west-central", "london-wide"]
        assert "Assembly 9 seats" in text_of(client.get("/ge/"))


class TestStages:
    @pytest.fixture
    def ward(self) -> Contest:
        night = chamber(ElectionKind.COUNCIL_STV, "ge")
        people = [("Ann Ash", "lab"), ("Bob Beech", "con"), ("Cat Cedar", "ld")]
        return contest(night, "Abbey", people, seats=2)

    def test_page_says_how_many_are_elected(self, client: Client, ward: Contest) -> None:
        elect(ward, ["Cat Cedar"], stages={"Cat Cedar": 3}, quota=1058)
        text = text_of(client.get("/ge/abbey/"))
        assert "Abbey: Liberal Democrats 1; 1 of 2 elected" in text
        assert "Cat Cedar Liberal Democrat Elected 3" in text
        assert "Quota 1,058" in text
        assert "First preferences" not in text
        assert "Full figures" not in text

    def test_first_preferences_are_called_that(self, client: Client, ward: Contest) -> None:
        votes = {"Ann Ash": 1200, "Bob Beech": 700, "Cat Cedar": 600}
        elect(ward, ["Cat Cedar", "Ann Ash"], stages={"Ann Ash": 1, "Cat Cedar": 3}, votes=votes)
        text = text_of(client.get("/ge/abbey/"))
        assert "First preferences" in text
        assert "first preferences alone elect nobody" in text
        for path in ("/ge/", "/ge/feed.atom"):
            assert "First preferences" in text_of(client.get(path)), path
        found = exported(client)
        assert (found["method"], found["to_fill"], found["majority"]) == ("declared", 0, None)
        stages = [(each["name"], each["stage"]) for each in found["candidates"]]
        assert stages == [("Ann Ash", 1), ("Cat Cedar", 3), ("Bob Beech", None)]

    def test_card_says_that_its_figures_are_first_preferences(self, ward: Contest) -> None:
        votes = {"Ann Ash": 1200, "Bob Beech": 700, "Cat Cedar": 1}
        elect(ward, ["Cat Cedar", "Ann Ash"], stages={"Ann Ash": 1, "Cat Cedar": 3}, votes=votes)
        card = card_of(ward)
        assert {row.name: row.value for row in card.rows} == {
            "Ann Ash, Lab": "1,200 first preferences, 63.1%",
            "Bob Beech, Con": "700 first preferences, 36.8%",
            "Cat Cedar, LD": "1 first preference, 0.1%",
        }
        assert "1,200 first preferences" in card.alt


def test_a_general_election_says_nothing_of_lists(client: Client) -> None:
    contest(chamber(ElectionKind.UK_PARLIAMENT, "ge"), "Leith", [("Ann", "lab"), ("Bob", "con")])
    assert not {"method", "lists", "to_fill"} & exported(client).keys()
    assert Election.objects.count() == 1

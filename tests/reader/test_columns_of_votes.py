"""Columns of votes in tables of parties: shown with figures or while they are awaited, never 0."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from results.arithmetic import ElectionKind
from results.models import Election, LastResult
from tests import councils, lists, nights

pytestmark = pytest.mark.django_db

WARDS: councils.Wards = {
    "St Michaels": (["lab"] * 3, ["lab", "green", "lab"]),
    "Market": (["con", "ld"], ["ld", "ld"]),
}
COUNCIL = "/council/bodies/harrowmere/"


def table_of(path: str) -> list[list[str]]:
    """The cells of a page's first table of parties, row by row."""
    page = Client().get(path).content.decode()
    table = page[page.index('<table class="parties') :]
    rows = table[: table.index("</table>")].split("</tr>")[:-1]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S) for row in rows]
    return [[" ".join(strip_tags(cell).split()) for cell in row] for row in cells]


def declare_winners(night: Election, *names: str) -> None:
    for contest in night.contests.filter(name__in=names):
        winners = list(contest.candidates.all()[: contest.seats])
        key = nights.key()
        nights.declare_winner(contest, winners, by=nights.user(), idempotency_key=key)


@pytest.fixture
def night() -> Election:
    night = councils.council_night()
    councils.council(night, WARDS)
    return night


class TestCouncil:
    @pytest.mark.parametrize("path", ["/council/", COUNCIL, "/council/parties/"])
    def test_has_no_such_columns_if_no_figures_follow(self, night: Election, path: str) -> None:
        declare_winners(night, *WARDS)
        head, first, *_others = table_of(path)
        assert not {"Votes", "%", "Change"} & {*head}
        assert len(first) == len(head)
        assert "Share:" not in Client().get(path).content.decode()

    @pytest.mark.parametrize("path", ["/council/", COUNCIL, "/council/parties/"])
    def test_leaves_them_blank_before_the_first_figures(self, night: Election, path: str) -> None:
        declare_winners(night, "Market")
        head, *rows = table_of(path)
        assert head[-2:] == ["%", "Change"]
        assert {row[head.index("Votes")] for row in rows} == {""}
        assert {tuple(row[-2:]) for row in rows} == {("", "")}

    def test_leaves_votes_blank_of_parties_without_figures(self, night: Election) -> None:
        declare_winners(night, "Market")
        night.contests.get(name="St Michaels").candidates.filter(party__slug="con").delete()
        councils.declare(night.contests.get(name="St Michaels"))
        head, *rows = table_of("/council/parties/")
        votes = {row[0]: row[head.index("Votes")] for row in rows}
        assert votes["Conservative"] == ""
        assert votes["Green"] != ""

    @pytest.mark.parametrize("path", ["/council/", COUNCIL])
    def test_has_votes_and_the_share_of_last_time(self, night: Election, path: str) -> None:
        for contest in night.contests.all():
            councils.declare(contest)
        head, *rows = table_of(path)
        assert "Vote share, last time" in head
        assert rows[0][head.index("Votes")] == "7,075"
        page = Client().get(path).content.decode()
        labour = page[page.index('<tr data-party="lab"') :]
        labour = labour[: labour.index("</tr>")]
        assert 'width="292"' in labour  # 29.2%
        assert '<path d="M333 0v12">' in labour


class TestWithoutLastTime:
    """There are no columns, and nothing of a key, that nothing could ever fill."""

    def test_council_has_seats_and_no_column_of_what_became_of_them(self) -> None:
        night = councils.council_night()
        councils.council(night, WARDS)
        LastResult.objects.all().delete()
        for contest in night.contests.all():
            councils.declare(contest)
        for path in ("/council/", COUNCIL):
            head, *rows = table_of(path)
            assert head == ["Party", "Seats", "Votes", "Vote share", "%"]
            assert {len(row) for row in rows} == {len(head)}
            page = Client().get(path).content.decode()
            assert "Net: on" not in page
            assert "changed hands" not in page
            assert "who holds it now" not in page
            assert 'value="gains"' not in page

    @pytest.mark.parametrize("path", ["/ge/", "/ge/parties/"])
    def test_house_has_none_either(self, path: str) -> None:
        night = nights.election()
        for name in ("Aford", "Beeford", "Ceford"):
            nights.declare(nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")]), 9, 8)
        head, *rows = table_of(path)
        assert not {"Net", "Gain", "Gains", "Loss", "Losses", "Change"} & {*head}
        assert {len(row) for row in rows} == {len(head)}

    def test_house_of_sitting_members_has_them_from_the_start(self) -> None:
        night = nights.election(baseline="sitting")
        for name in ("Aford", "Beeford"):
            nights.declare(nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")]), 9, 8)
        assert "Net" in table_of("/ge/")[0]


class TestHouse:
    @pytest.mark.parametrize("path", ["/ge/", "/ge/parties/"])
    def test_has_no_such_columns_if_no_figures_follow(self, path: str) -> None:
        night = nights.election()
        for name in ("Aford", "Beford", "Ceford"):
            nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")])
        declare_winners(night, "Aford", "Beford", "Ceford")
        head, first, *_others = table_of(path)
        assert not {"Votes", "%", "Share %", "Change", "Vote share, last time"} & {*head}
        assert len(first) == len(head)


class TestTransferableVote:
    PEOPLE = (("Ann Ash", "lab"), ("Bob Beech", "con"), ("Cat Cedar", "ld"))

    @pytest.mark.parametrize("path", ["/ge/", "/ge/bodies/chamber/", "/ge/parties/"])
    def test_votes_are_first_preferences(self, path: str) -> None:
        night = lists.chamber(ElectionKind.COUNCIL_STV, "ge")
        ward = nights.contest(night, "Abbey", list(self.PEOPLE), seats=2)
        votes = {"Ann Ash": 1200, "Bob Beech": 400, "Cat Cedar": 700}
        lists.elect(ward, ["Ann Ash", "Bob Beech"], votes=votes)
        head, *rows = table_of(path)
        assert "Votes" not in head
        assert not any("Vote share" in cell for cell in head)
        labour = next(row for row in rows if row[0] == "Labour")
        assert labour[head.index("First preferences")] == "1,200"

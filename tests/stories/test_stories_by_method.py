"""Draft stories of party lists, and of contests by single transferable vote, word for word."""

import pytest

from results.arithmetic import ElectionKind
from results.models import Candidate, Contest
from results.stories.story import Story
from tests import lists, nights
from tests.stories.rules import story_for

pytestmark = pytest.mark.django_db

PEOPLE = [("Ann Ash", "lab"), ("Bob Beech", "con"), ("Cat Cedar", "ld"), ("Dai Date", "green")]
VOTES = {"Ann Ash": 1200, "Bob Beech": 400, "Cat Cedar": 700, "Dai Date": 600}


def assert_reads(story: Story, *blocks: str) -> None:
    """Each form of the story is these blocks: headline, standfirst, paragraphs."""
    headline, standfirst, *paragraphs = blocks
    assert story.text == "\n\n".join(blocks) + "\n"
    html = "\n".join(f"<p>{each}</p>" for each in paragraphs)
    assert story.html == f"<h1>{headline}</h1>\n<p>{standfirst}</p>\n{html}\n"
    assert story.markdown == (
        "\n\n".join([f"# {headline}", f"**{standfirst}**", *paragraphs]) + "\n"
    )


class TestTransfers:
    @pytest.fixture
    def ward(self) -> Contest:
        night = lists.chamber(ElectionKind.COUNCIL_STV, "ge")
        return nights.contest(night, "Abbey", PEOPLE, seats=3)

    def test_one_of_three_elected(self, ward: Contest) -> None:
        Candidate.objects.filter(name="Bob Beech").update(sitting_member=True)
        lists.elect(ward, ["Ann Ash"], stages={"Ann Ash": 1}, quota=900)
        assert_reads(
            story_for(ward),
            "Ann Ash is elected in Abbey",
            "1 of 3 seats is filled.",
            "Ann Ash of Labour was elected on stage 1. The quota was 900.",
        )

    def test_filled(self, ward: Contest) -> None:
        Candidate.objects.filter(name__in=["Cat Cedar", "Bob Beech"]).update(sitting_member=True)
        stages = {"Ann Ash": 1, "Cat Cedar": 3}
        lists.elect(ward, ["Ann Ash", "Cat Cedar", "Dai Date"], stages=stages)
        assert_reads(
            story_for(ward),
            "Ann Ash, Cat Cedar and Dai Date are elected in Abbey",
            "All 3 seats are filled.",
            "Ann Ash of Labour was elected on stage 1. "
            "Cat Cedar of the Liberal Democrats was re-elected on stage 3. "
            "Dai Date of the Greens was elected. "
            "The sitting councillor, Bob Beech, was defeated.",
        )

    def test_with_first_preferences(self, ward: Contest) -> None:
        nights.add_last_time(ward, {"lab": 1000, "con": 900})
        stages = {"Ann Ash": 1, "Bob Beech": 3}
        lists.elect(ward, ["Ann Ash", "Bob Beech"], stages=stages, votes=VOTES)
        assert_reads(
            story_for(ward),
            "Ann Ash and Bob Beech are elected in Abbey",
            "2 of 3 seats are filled.",
            "Ann Ash of Labour was elected on stage 1. "
            "Bob Beech of the Conservatives was elected on stage 3.",
            "Of the first preferences, Ann Ash of Labour had 1,200, "
            "Cat Cedar of the Liberal Democrats 700, Dai Date of the Greens 600 and "
            "Bob Beech of the Conservatives 400.",
        )

    def test_one_seat(self) -> None:
        night = lists.chamber(ElectionKind.COUNCIL_STV, "ge")
        ward = nights.contest(night, "Abbey", PEOPLE, by_election=True)
        lists.elect(ward, ["Cat Cedar"], stages={"Cat Cedar": 4}, quota=1451)
        assert_reads(
            story_for(ward),
            "Cat Cedar wins Abbey for the Liberal Democrats",
            "Cat Cedar has won Abbey.",
            "Cat Cedar of the Liberal Democrats was elected on stage 4. The quota was 1,451.",
        )


class TestPartyLists:
    @pytest.fixture
    def bangor(self) -> Contest:
        on_lists = {
            "lab": ["Ann Ash", "Bob Beech", "Cat Cedar"],
            "con": ["Dai Date", "Eve Elder"],
            "independent": ["Hal Hazel"],
            "green": ["Ivy Iris"],
        }
        return lists.list_ballot(lists.chamber(ElectionKind.SENEDD, "ge"), "Bangor", on_lists)

    def test_votes_are_those_of_the_lists(self, bangor: Contest) -> None:
        lists.publish(bangor, {"lab": 31_000, "con": 16_000, "Hal Hazel": 8_000, "green": 2_000})
        assert_reads(
            story_for(bangor),
            "Bangor: Labour 3, the Conservatives 2 and Hal Hazel 1",
            "All 6 seats are filled.",
            "Labour had 31,000 votes, 54.4% of those that were valid, and won 3 seats: Ann Ash, "
            "Bob Beech and Cat Cedar. The Conservatives had 16,000 votes, 28.1% of those that were "
            "valid, and won 2 seats: Dai Date and Eve Elder. "
            "Hal Hazel, an independent, had 8,000 votes and is elected.",
            "The Greens had 2,000. "
            "The Greens lost the deposit, with 5% of the valid votes or less.",
        )

    def test_lost_deposits_are_those_of_the_lists(self, bangor: Contest) -> None:
        lists.publish(bangor, {"lab": 31_000, "con": 16_000, "Hal Hazel": 8_000, "green": 200})
        text = story_for(bangor).text
        assert "The Greens had 200. The Greens lost the deposit, with" in text
        assert "Ivy Iris" not in text

    def test_single_vote(self, bangor: Contest) -> None:
        lists.publish(bangor, {"lab": 1, "con": 0, "Hal Hazel": 1, "green": 0})
        text = story_for(bangor).text
        assert "Labour had 1 vote, 50.0% of those that were valid, and won" in text
        assert "Hal Hazel, an independent, had 1 vote and is elected." in text
        assert "1 votes" not in text

    def test_last_seat_by_lot(self, bangor: Contest) -> None:
        Contest.objects.update(seats=1)
        votes = {"lab": 600, "con": 600, "Hal Hazel": 300, "green": 100}
        lists.publish(bangor, votes, lot=["con"])
        story = story_for(Contest.objects.get())
        assert "The figures of Labour and Conservative for the last seat were equal: it was" in (
            story.text
        )

    def test_change_of_the_first_lists_share(self, bangor: Contest) -> None:
        nights.add_last_time(bangor, {"lab": 50, "con": 50})
        lists.publish(bangor, {"lab": 600, "con": 400, "Hal Hazel": 0, "green": 0})
        assert "The share of Labour rose by 10.0 points." in story_for(bangor).text

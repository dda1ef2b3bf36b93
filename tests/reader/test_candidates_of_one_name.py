"""Two candidates of one name on a ballot paper, one of them elected: readers see which."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from results.models import Contest
from tests import nights
from tests.stories.rules import story_for


@pytest.fixture
def ward(db: None) -> Contest:
    people = [("John Smith", "lab"), ("John Smith", "con"), ("Ann Ash", "ld"), ("Bob Rice", "lab")]
    ward = nights.contest(nights.election(), "Hill", people, seats=2)
    nights.declare(ward, 900, 400, 800, 300)
    return ward


def test_page_says_which_is_elected(client: Client, ward: Contest) -> None:
    page = " ".join(strip_tags(client.get("/ge/hill/").content.decode()).split())
    assert "John Smith (Labour) and Ann Ash are elected." in page


def test_draft_story_says_which_is_elected(ward: Contest) -> None:
    headline = story_for(ward).headline.text
    assert headline == "John Smith (Labour) and Ann Ash are elected in Hill"

"""Whose words a quote is said to be, for the editor who decides about it."""

import pytest
from django.test import Client

from results import desk
from results.models import Contest, Election, ReviewItem
from tests import nights
from tests.editor.conftest import address
from tests.present import present


@pytest.fixture
def item(night: Election) -> ReviewItem:
    people = [("John Smith", "lab"), ("John Smith", "con"), ("Ann Ash", "ld")]
    contest = nights.contest(night, "Quiet", people)
    return queue_quote(contest, contest.candidates.all()[1].pk, "John Smith")


def queue_quote(contest: Contest, candidate: int, speaker: str) -> ReviewItem:
    content = {
        "words": "Well.",
        "candidate": candidate,
        "speaker": speaker,
        "role": "councillor",
        "said_at": "2019-12-13T03:00:00+00:00",
    }
    return desk.queue_for_review(
        contest, ReviewItem.Kind.QUOTE, content, by=nights.user(), idempotency_key=nights.key()
    )


def dashboard(admin: Client, night: Election) -> str:
    return admin.get(address("election_night", night.pk)).content.decode()


def test_dashboard_says_which_of_two_of_one_name(
    admin: Client, night: Election, item: ReviewItem
) -> None:
    assert dashboard(admin, night).count("John Smith (Conservative)") == 2


def test_page_of_the_item_says_which_of_two_of_one_name(admin: Client, item: ReviewItem) -> None:
    page = admin.get(address("reviewitem_change", item.pk)).content.decode()
    assert "Attributed to John Smith (Conservative)." in page
    assert 'name="speaker" id="id_speaker" value="John Smith"' in page


def test_party_of_any_candidate_is_named(admin: Client, night: Election, item: ReviewItem) -> None:
    ash = present(item.contest.candidates.last())
    queue_quote(item.contest, ash.pk, "Ann Ash")
    assert "Ann Ash (Liberal Democrat)" in dashboard(admin, night)


def test_candidate_who_has_gone_is_named_as_sent(
    admin: Client, night: Election, item: ReviewItem
) -> None:
    queue_quote(item.contest, 0, "Bob Rice")
    page = " ".join(dashboard(admin, night).split())
    assert "<bdi>Bob Rice</bdi>, <bdi>councillor</bdi>" in page

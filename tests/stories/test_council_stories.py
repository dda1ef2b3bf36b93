"""Draft stories of councils: control, seats before and after, gains, and unknown facts."""

import pytest
from django.test import Client

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.models import Body, Election
from results.stories.council import council_story_of
from results.stories.story import Story
from tests import councils
from tests.stories.rules import problems_of

pytestmark = pytest.mark.django_db

WARDS: councils.Wards = {
    "Abbey": (["lab", "lab", "lab"], ["green", "green", "green"]),
    "Market": (["con", "con"], ["con", "green"]),
    "Weir": (["lab", "con"], ["lab", "con"]),
}


@pytest.fixture
def night() -> Election:
    return councils.council_night()


def draft_of(body: Body) -> Story | None:
    """The draft of a council, after checking the rules that hold for every story."""
    snapshot = ElectionSnapshot(Election.objects.get(pk=body.election_id))
    council = next(one for one in snapshot.shown_councils if one.body.pk == body.pk)
    with election_locale(snapshot.election):
        story = council_story_of(snapshot, council)
    if story is not None:
        assert problems_of(story) == [], story.text
    return story


def text_of(body: Body, *declared: str) -> str:
    for name in declared:
        councils.declare(body.contests.get(name=name))
    story = draft_of(body)
    assert story is not None
    return story.text


def test_finished_council_has_control_seats_before_and_after_and_who_gained(
    night: Election,
) -> None:
    text = text_of(councils.council(night, WARDS, name="Harrow"), "Abbey", "Market", "Weir")
    assert text.startswith("Greens gain Harrow from Labour\n")
    for sentence in (
        "The Greens have 4 of the 7 seats; 4 are needed for control.",
        "Labour controlled the council before the election.",
        "The Greens have 4, up 4 from none.",
        "The Conservatives have 2, down 1 from 3.",
        "Labour have 1, down 3 from 4.",
        "The Greens gained 4 overall.",
        "Labour lost 3 overall and the Conservatives lost 1 overall.",
        "Seats changed hands in 2 of 3 wards.",
        "The Greens took every seat from others in Abbey.",
    ):
        assert sentence in text
    assert "so far" not in text


def test_council_by_thirds_counts_the_seats_not_up(night: Election) -> None:
    wards: councils.Wards = {"Abbey": (["lab"], ["green"]), "Weir": (["con"], ["con"])}
    before = {"lab": 4, "con": 2}
    body = councils.council(night, wards, name="Harrow", seats=6, composition_before=before)
    text = text_of(body, "Abbey", "Weir")
    assert text.startswith("Labour lose Harrow to no overall control\n")
    assert "Labour have 3, down 1 from 4." in text
    assert "That includes 4 seats that were not up for election." in text


def test_undecided_council_says_what_is_still_to_come(night: Election) -> None:
    text = text_of(councils.council(night, WARDS, name="Harrow"), "Weir")
    assert text.startswith("Labour and Conservatives level in Harrow, control undecided\n")
    assert "5 seats are still to be declared." in text
    assert "Labour have 1 seat so far and the Conservatives 1." in text
    assert "down" not in text


def test_council_without_a_result_has_no_story(night: Election) -> None:
    assert draft_of(councils.council(night, WARDS, name="Harrow")) is None


def test_editor_reads_the_draft_and_gets_it_with_the_others(
    night: Election, admin_client: Client
) -> None:
    body = councils.council(night, WARDS, name="Harrow")
    text_of(body, "Abbey")
    address = f"/admin/results/election/councils/{body.pk}/story/"
    assert (
        address in admin_client.get(f"/admin/results/election/{night.pk}/change/").content.decode()
    )
    assert "Greens ahead in Harrow" in admin_client.get(address).content.decode()
    archive = admin_client.get(f"/admin/results/election/{night.pk}/stories.zip").content
    assert b"councils/harrow.txt" in archive

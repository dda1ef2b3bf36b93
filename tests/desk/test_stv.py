"""Publishing a count by single transferable vote, one winner at a time."""

import re

import pytest
from django.test import Client

from results import desk
from results.arithmetic import ElectionKind
from results.models import Contest, Declaration, Night, Standing
from tests.lists import chamber, elect, names_elected
from tests.nights import contest

pytestmark = pytest.mark.django_db

PEOPLE = ("Ann Ash", "Bob Beech", "Cat Cedar", "Dai Date", "Eve Elder")
PARTIES = ("lab", "con", "lab", "ld", "green")
FIRST = dict(zip(PEOPLE, (1900, 1500, 300, 280, 250), strict=True))


@pytest.fixture
def ward() -> Contest:
    night = chamber(ElectionKind.COUNCIL_STV)
    return contest(night, "Abbey", list(zip(PEOPLE, PARTIES, strict=True)), seats=3)


def test_elects_one_at_a_time(ward: Contest) -> None:
    elect(ward, ["Ann Ash"], stages={"Ann Ash": 1}, quota=1058)
    standing = Standing.objects.get(contest=ward)
    assert (standing.status, standing.status_name) == ("winner_only", "1 of 3 elected")
    night = Night.objects.get(election=ward.election)
    assert (night.standing_tally.seats, night.standing_tally.to_come(3)) == (1, 2)
    elect(
        ward,
        ["Ann Ash", "Eve Elder"],
        stages={"Ann Ash": 1, "Eve Elder": 6},
        quota=1058,
    )
    elect(
        ward,
        ["Ann Ash", "Eve Elder", "Dai Date"],
        stages={"Ann Ash": 1, "Eve Elder": 6, "Dai Date": 7},
        quota=1058,
    )
    standing.refresh_from_db()
    assert (standing.status, standing.revision) == ("declared", 3)
    assert names_elected(ward) == ["Ann Ash", "Eve Elder", "Dai Date"]
    assert Night.objects.get(election=ward.election).standing_tally.to_come(3) == 0
    kinds = [row.kind for row in ward.declarations.all()]
    assert kinds == ["winner_only", "update", "update"]


def test_infers_nothing_from_first_preferences(ward: Contest) -> None:
    elect(ward, [], votes=FIRST, quota=1058)
    standing = Standing.objects.get(contest=ward)
    assert standing.status_name == "0 of 3 elected"
    tally = Night.objects.get(election=ward.election).standing_tally
    assert (tally.seats, tally.parties["lab"].seats, tally.parties["lab"].votes) == (0, 0, 2200)


def test_first_preferences_may_follow(ward: Contest) -> None:
    elect(ward, PEOPLE[:3])
    elect(ward, PEOPLE[:3], votes=FIRST)
    standing = Standing.objects.get(contest=ward)
    assert (standing.status, standing.revision) == ("declared", 2)
    with pytest.raises(desk.InvalidTransition):
        elect(ward, PEOPLE[:3], votes=FIRST | {"Ann Ash": 1901})


def test_taking_a_winner_back_needs_a_reason_for_readers(ward: Contest) -> None:
    elect(ward, ["Ann Ash", "Bob Beech"])
    for winners in (["Ann Ash", "Cat Cedar"], ["Ann Ash"], []):
        with pytest.raises(desk.ValidationRefused) as refused:
            elect(ward, winners)
        assert [message.code for message in refused.value.messages] == ["winner_reversed"]
    elect(ward, ["Ann Ash", "Cat Cedar"], reason="The candidates’ names were confused.")
    newest = ward.declarations.last()
    assert newest is not None
    assert newest.kind == Declaration.Kind.CORRECTION


def test_refuses_more_than_are_to_be_elected(ward: Contest) -> None:
    with pytest.raises(desk.ValidationRefused) as refused:
        elect(ward, PEOPLE[:4])
    assert [message.code for message in refused.value.messages] == ["winners_over_seats"]


def test_a_finished_count_is_corrected_by_the_desk(ward: Contest) -> None:
    elect(ward, PEOPLE[:3], votes=FIRST)
    elect(
        ward,
        [*PEOPLE[:2], "Eve Elder"],
        votes=FIRST,
        kind=Declaration.Kind.CORRECTION,
        reason="Stage 7 was read out again.",
    )
    standing = Standing.objects.get(contest=ward)
    assert standing.status == "corrected"
    assert names_elected(ward) == ["Ann Ash", "Bob Beech", "Eve Elder"]


def test_page_tells_who_is_elected_and_of_no_full_figures(ward: Contest, client: Client) -> None:
    elect(ward, PEOPLE[:1])
    elect(ward, PEOPLE[:2], votes=FIRST)
    page = client.get(ward.get_absolute_url()).content.decode()
    assert "Ann Ash and Bob Beech are elected." in page
    assert "full figures" not in page.lower()


def test_each_step_of_the_night_names_those_newly_elected(ward: Contest, client: Client) -> None:
    elect(ward, PEOPLE[1:2])
    elect(ward, PEOPLE[:2], votes=FIRST)
    elect(ward, PEOPLE[:3], votes=FIRST)
    page = client.get(ward.get_absolute_url()).content.decode()
    steps = page[page.index("The night here") :]
    told = re.findall(r"<p[^>]*>\s*((?:Ann|Bob|Cat)[^<]* elected\.)", steps)
    assert told == ["Bob Beech is elected.", "Ann Ash is elected.", "Cat Cedar is elected."]

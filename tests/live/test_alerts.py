"""Alerts for followers of a seat, a party or the night, and when there are none."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from results import desk
from results.live.alerts import Alert, alerts_since
from results.models import Contest, Declaration, Election, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    """A seat that Labour won last time, of a night whose polls have closed."""
    election = nights.election(polls_close=timezone.now() - timedelta(hours=3))
    people = [("Ann", "lab"), ("Bob", "con")]
    return nights.contest(election, "Vale", people, last={"lab": 20000, "con": 15000})


def alerts(since: int = 0) -> list[Alert]:
    night = Night.objects.select_related("election").get()
    return [item for item in alerts_since(night, since) if item.contest]


def texts(since: int = 0) -> list[str]:
    return [item.text for item in alerts(since)]


def change(seat: Contest, *votes: int, base_revision: int = 1) -> None:
    nights.correct(
        seat,
        nights.ballot_counts(seat, *votes),
        by=nights.user("editor"),
        idempotency_key=nights.key(),
        reason="A slip.",
        warning_reason="As read out.",
        base_revision=base_revision,
    )


def test_a_hold_is_of_no_party_and_a_gain_of_both(seat: Contest) -> None:
    other = nights.contest(seat.election, "Moor", [("Cat", "lab"), ("Dan", "con")], last={"con": 9})
    nights.declare(seat, 100, 200)
    nights.declare(other, 100, 200)
    gain, hold = alerts()
    assert (gain.kind, gain.contest, gain.parties) == ("gain", "vale", ("con", "lab"))
    assert gain.text == "Conservatives gain Vale from Labour, majority 100."
    assert (hold.kind, hold.contest, hold.parties) == ("declared", "moor", ())


def test_alerts_only_to_the_current_result_of_a_seat(seat: Contest) -> None:
    nights.declare(seat, 100, 200)
    change(seat, 200, 100)
    (item,) = alerts()
    assert (item.kind, item.text) == ("corrected", "Corrected: Labour hold Vale, majority 100.")
    # Whoever was told of the gain is told that there was none.
    assert item.parties == ("con", "lab")


def rename(seat: Contest, name: str, key: str) -> None:
    """Correct the name of the first candidate of a published result, and nothing else."""
    seat.candidates.filter(ballot_order=1).update(name=name)
    changed = desk.contests_corrected([seat])
    why: dict[str, Any] = {"reason": "Misheard.", "by": nights.user("editor")}
    desk.correct_details(seat.election, changed, idempotency_key=key, **why)


def test_alert_of_corrected_details_says_what_was_corrected(seat: Contest) -> None:
    nights.declare(seat, 100, 200)
    told = Night.objects.get().sequence
    rename(seat, "Anne", "name")
    (item,) = alerts(told)
    assert (item.kind, item.parties) == ("corrected", ("con", "lab"))
    assert item.text == "Corrected: details of Vale (Candidate’s name: Ann → Anne)."
    # Of two such corrections since the last alert, it says what both changed.
    rename(seat, "Anna", "again")
    assert texts(told) == ["Corrected: details of Vale (Candidate’s name: Ann → Anna)."]


def test_alert_of_corrected_details_tells_of_the_result_not_told_yet(seat: Contest) -> None:
    nights.declare(seat, 100, 200)
    rename(seat, "Anne", "name")
    assert texts() == ["Corrected: Conservatives gain Vale from Labour, majority 100."]
    told = Night.objects.get().sequence
    change(seat, 300, 200, base_revision=2)
    rename(seat, "Anna", "again")
    assert texts(told) == ["Corrected: Labour hold Vale, majority 100."]


def test_a_withdrawal_is_told_to_whom_the_result_was(seat: Contest) -> None:
    nights.declare(seat, 100, 200)
    nights.withdraw(
        seat,
        by=nights.user("editor"),
        reason="Wrong hall.",
        idempotency_key=nights.key(),
        base_revision=1,
    )
    (item,) = alerts(since=1)
    assert (item.kind, item.parties) == ("withdrawn", ("con", "lab"))
    assert item.text == "Withdrawn: what we published of Vale."


def test_correction_of_the_election_sends_no_alert_of_a_seat(seat: Contest) -> None:
    why: dict[str, Any] = {"reason": "A slip.", "blame": Declaration.Blame.OURS}
    named = [("Name", "Old name", seat.election.name)]
    desk.correct_election(
        seat.election, named, idempotency_key="named", by=nights.user("editor"), **why
    )
    assert texts() == []


def test_nothing_that_came_before_a_position_is_told_again(seat: Contest) -> None:
    nights.declare(seat, 100, 200)
    assert texts(since=0)
    assert texts(since=1) == []


def test_nothing_before_the_close_of_poll_nor_of_a_rehearsal(seat: Contest) -> None:
    nights.declare(seat, 100, 200)
    election = Election.objects.filter(pk=seat.election_id)
    election.update(polls_close=timezone.now() + timedelta(minutes=1))
    assert texts() == []
    # What was published before it is not told after it either.
    election.update(polls_close=timezone.now())
    assert texts() == []
    election.update(polls_close=timezone.now() - timedelta(hours=3), rehearsal=True)
    assert texts() == []


def test_the_night_is_told_of_its_milestones(seat: Contest) -> None:
    for name in ("Moor", "Dale"):
        nights.contest(seat.election, name, [("Cat", "lab"), ("Dan", "con")])
    nights.declare(seat, 100, 200)
    night = Night.objects.select_related("election").get()
    milestones = [item.text for item in alerts_since(night, 0) if item.kind == "night"]
    assert "The first seat has declared." in milestones


def test_the_answer_is_the_same_for_everybody_and_has_its_words(
    seat: Contest, client: Client
) -> None:
    nights.declare(seat, 100, 200)
    night = Night.objects.get()
    answer = client.get(f"/ge/following/{night.epoch}/0-{night.sequence}/")
    data = answer.json()
    assert data["sequence"] == night.sequence
    assert [item["contest"] for item in data["news"] if item["contest"]] == ["vale"]
    assert data["words"]["close"] == "Close"
    assert data["words"]["address"] == "/ge/following/"
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_page_lists_what_its_address_names(seat: Contest, client: Client) -> None:
    text = client.get("/ge/following/?seats=vale,nowhere").content.decode()
    assert 'data-seats="vale,"' in text
    assert 'data-follow="seats" data-name="vale"' in text
    assert 'data-follow="parties" data-name="con"' in text
    assert "None. Find one" in client.get("/ge/following/").content.decode()


@pytest.mark.parametrize("rehearsal", [True, False])
def test_the_page_of_a_rehearsal_does_not_say_that_anybody_is_told(
    client: Client, rehearsal: bool
) -> None:
    night = nights.election(rehearsal=rehearsal)
    nights.contest(night, "Vale", [("Ann Hall", "con"), ("Bob Rice", "lab")], last={"lab": 9000})
    page = " ".join(client.get(f"/{night.slug}/following/").content.decode().split())
    assert ("nobody who follows it is told anything" in page) is rehearsal
    for promise in ("you are told when it declares", "You are told of each", "You are told of the"):
        assert (promise in page) is not rehearsal
    assert "Follow the night" in page

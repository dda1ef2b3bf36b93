"""Refusals on the phone state the desk's reason, and not that somebody else came first."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Bulletin, Contest, Election, ReviewItem
from results.words.ballot_papers import names_to_text
from tests import nights
from tests.reporter.conftest import URL, outbox_fields, phone_of, send


def withdraw_election(seat: Contest) -> None:
    Election.objects.filter(pk=seat.election_id).update(visibility=Election.Visibility.WITHDRAWN)


def test_the_state_of_a_count_whose_election_was_withdrawn(phone: Client, seat: Contest) -> None:
    withdraw_election(seat)
    status, data = send(phone, {"step": "status", "status": "recount", "key": "mine"})
    assert (status, data["state"]) == (422, "refused")
    assert "was withdrawn: nothing in it can be published" in data["words"]


@pytest.fixture
def confirmation(phone: Client, seat: Contest) -> dict[str, Any]:
    """What a colleague's phone posts to confirm what the reporter sent."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    send(phone, outbox_fields(seat))
    item = ReviewItem.objects.get()
    names = names_to_text(dict(seat.candidates.values_list("pk", "name")))
    return {"step": "confirm", "item": str(item.pk), "ballot": names, "key": "theirs"}


def test_a_confirmation_where_the_election_was_withdrawn(
    colleague: User, seat: Contest, confirmation: dict[str, Any]
) -> None:
    withdraw_election(seat)
    status, data = send(phone_of(colleague), confirmation)
    assert (status, data["state"]) == (422, "refused")
    assert "was withdrawn: nothing in it can be published" in data["words"]


def test_a_confirmation_where_the_poll_was_postponed(
    colleague: User, seat: Contest, confirmation: dict[str, Any]
) -> None:
    nights.postpone(seat)
    status, data = send(phone_of(colleague), confirmation)
    assert (status, data["state"]) == (422, "refused")
    assert "postponed" in data["words"]
    assert list(Bulletin.objects.values_list("kind", flat=True)) == ["status"]


def test_a_confirmation_of_what_was_set_aside(
    colleague: User, confirmation: dict[str, Any]
) -> None:
    desk.decline(ReviewItem.objects.get(), by=nights.user("desk"))
    data = send(phone_of(colleague), confirmation)[1]
    assert data["words"] == "It was settled meanwhile: look at the count."


def test_confirming_what_is_no_colleagues_is_refused_and_not_retried(
    phone: Client, seat: Contest
) -> None:
    """It is the reporter's own, or was deleted: the outbox needs an answer with its key."""
    for item in ("999999", "nonsense", ""):
        fields = {"step": "confirm", "item": item, "key": "mine"}
        answer = phone.post(URL, fields, HTTP_ACCEPT="application/json")
        data = answer.json()
        assert (answer.status_code, data["key"], data["state"]) == (422, "mine", "refused")
    assert phone.post(URL, {"step": "confirm", "item": "999999"}).status_code == 404

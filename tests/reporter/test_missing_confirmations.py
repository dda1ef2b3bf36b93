"""What the list of a reporter's counts says of results that wait for a second person."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Contest, Election
from tests import nights
from tests.reporter.conftest import assigned, field, outbox_fields, phone_of, send, text_of


def publish_winner(seat: Contest) -> None:
    winners = seat.candidates.filter(name="Jeremy Corbyn")
    nights.declare_winner(seat, winners, by=nights.user("editor"), idempotency_key="w")


def test_counts_say_whose_confirmation_full_figures_wait_for(
    phone: Client, colleague: User, seat: Contest
) -> None:
    """As they do before a winner is published."""
    publish_winner(seat)
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    theirs = phone_of(colleague)
    assert "full figures" in text_of(theirs.get("/count/"))
    assert send(phone, outbox_fields(seat, base_revision="1"))[1]["state"] == "kept"
    assert "Missing: your confirmation of the result" in text_of(theirs.get("/count/"))
    assert "Missing: a second person’s confirmation" in text_of(phone.get("/count/"))


@pytest.mark.parametrize("winner_is_known", [False, True])
def test_counts_ask_for_the_same_result_of_two_who_heard_different_figures(
    phone: Client, colleague: User, seat: Contest, winner_is_known: bool
) -> None:
    """Neither of them has to confirm what the other sent; a third person can."""
    if winner_is_known:
        publish_winner(seat)
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    third = assigned(seat, "third")
    sent = outbox_fields(seat, base_revision=str(int(winner_is_known)))
    assert send(phone, sent)[1]["state"] == "kept"
    theirs = phone_of(colleague)
    other = {**sent, "key": "theirs", field(seat, "Nick Wakeling"): "8451"}
    assert send(theirs, other)[1]["state"] == "differs"
    for each in (phone, theirs):
        assert "Missing: the same result from both of you" in text_of(each.get("/count/"))
    assert "Missing: your confirmation of the result" in text_of(phone_of(third).get("/count/"))

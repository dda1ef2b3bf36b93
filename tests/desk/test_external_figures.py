"""Figures that others made: in a box of their own, labelled, and never before the close of poll."""

from datetime import timedelta

import pytest
from django.utils import timezone

from results import desk
from results.models import AppendOnlyError, Bulletin, Election, ExternalFigures
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    night = nights.election(house_seats=650)
    nights.islington_north(night)
    nights.party("con")
    return night


def put_up(night, seats, source="Three broadcasters"):
    content = desk.ExternalFiguresContent(
        kind=ExternalFigures.Kind.EXIT_POLL, source=source, as_of=night.polls_close, seats=seats
    )
    return desk.publish(night, content, by=nights.user(), idempotency_key=nights.key())


def test_it_is_shown_apart_and_labelled_with_source_and_time(night):
    page = put_up(night, {"lab": 191, "con": 368, "others": 91}).bulletin.fragments
    assert set(page) == {"elsewhere"}
    box = page["elsewhere"]
    assert "Exit poll" in box
    assert "not a result" in box
    assert "Three broadcasters" in box
    assert "22:00" in box
    assert box.index("Conservative") < box.index("Labour") < box.index("Others")
    night.night.refresh_from_db()
    assert night.night.standing_tally.seats == 0


def test_it_is_on_a_fresh_page_until_it_is_withdrawn(client, night):
    figures = put_up(night, {"con": 368}).bulletin.publication
    assert "not a result" in client.get("/ge/").content.decode()
    desk.withdraw_publication(figures, by=nights.user(), idempotency_key=nights.key())
    assert "not a result" not in client.get("/ge/").content.decode()
    assert Bulletin.objects.count() == 2


def test_never_before_the_close_of_poll(night):
    Election.objects.update(polls_close=timezone.now() + timedelta(minutes=1))
    with pytest.raises(desk.InvalidTransition):
        put_up(Election.objects.get(), {"con": 368})
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(("seats", "source"), [({"con": 651}, "X"), ({"con": 1}, " "), ({}, "X")])
def test_what_cannot_be_is_refused(night, seats, source):
    with pytest.raises(desk.ValidationRefused):
        put_up(night, seats, source=source)
    assert not ExternalFigures.objects.exists()


def test_the_same_again_publishes_nothing(night):
    first = put_up(night, {"con": 368})
    again = put_up(night, {"con": 368})
    assert again.unchanged
    assert again.sequence == first.sequence


def test_it_is_for_good(night):
    entered = put_up(night, {"con": 368}).bulletin.external_figures
    entered.source = "Somebody else"
    with pytest.raises(AppendOnlyError):
        entered.save()

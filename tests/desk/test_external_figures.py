"""External figures: an exit poll or a wire service's seats."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from results import desk
from results.models import AppendOnlyError, Bulletin, Election, ExternalFigures
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election(house_seats=650)
    nights.islington_north(night)
    nights.party("con")
    return night


def put_up(
    night: Election, seats: dict[str, int], source: str = "Three broadcasters"
) -> desk.PublishResult:
    content = desk.ExternalFiguresContent(
        kind=ExternalFigures.Kind.EXIT_POLL, source=source, as_of=night.polls_close, seats=seats
    )
    return desk.publish(night, content, by=nights.user(), idempotency_key=nights.key())


def test_has_its_own_box_with_source_and_time(night: Election) -> None:
    page = put_up(night, {"lab": 191, "con": 368, "others": 91}).bulletin.fragments
    assert set(page) == {"elsewhere", "headline"}
    box = page["elsewhere"]
    assert "Exit poll" in box
    assert "not a result" in box
    assert "Three broadcasters" in box
    assert "22:00" in box
    assert box.index("Conservative") < box.index("Labour") < box.index("Others")
    night.night.refresh_from_db()
    assert night.night.standing_tally.seats == 0


def test_is_on_the_page_until_withdrawn(client: Client, night: Election) -> None:
    figures = put_up(night, {"con": 368}).bulletin.publication
    assert figures is not None
    assert "not a result" in client.get("/ge/").content.decode()
    desk.withdraw_publication(figures, by=nights.user(), idempotency_key=nights.key())
    assert "not a result" not in client.get("/ge/").content.decode()
    assert Bulletin.objects.count() == 2


def test_is_refused_before_the_close_of_poll(night: Election) -> None:
    Election.objects.update(polls_close=timezone.now() + timedelta(minutes=1))
    with pytest.raises(desk.InvalidTransition):
        put_up(Election.objects.get(), {"con": 368})
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(("seats", "source"), [({"con": 651}, "X"), ({"con": 1}, " "), ({}, "X")])
def test_refuses_too_many_seats_and_missing_text(
    night: Election, seats: dict[str, int], source: str
) -> None:
    with pytest.raises(desk.ValidationRefused):
        put_up(night, seats, source=source)
    assert not ExternalFigures.objects.exists()


def test_unchanged_figures_publish_nothing(night: Election) -> None:
    first = put_up(night, {"con": 368})
    again = put_up(night, {"con": 368})
    assert again.unchanged
    assert again.sequence == first.sequence


def test_row_cannot_be_changed(night: Election) -> None:
    entered = put_up(night, {"con": 368}).bulletin.external_figures
    assert entered is not None
    entered.source = "Somebody else"
    with pytest.raises(AppendOnlyError):
        entered.save()

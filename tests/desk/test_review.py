"""Quotes and photos from a count: published immediately, or queued for review."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from PIL import Image
from pytest_django.fixtures import Settings

from results import desk
from results.desk.pictures import store
from results.models import Bulletin, Contest, Election, Photo, Quote, ReviewItem
from tests import nights

pytestmark = pytest.mark.django_db

Send = Callable[..., Any]

CLOSE = datetime(2019, 12, 12, 22, tzinfo=UTC)
BEFORE, AFTER = CLOSE - timedelta(seconds=1), CLOSE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seat() -> Contest:
    return nights.islington_north(nights.election(polls_close=CLOSE))


@pytest.fixture
def trusted(seat: Contest) -> User:
    return nights.trust(nights.user("trusted"))


@pytest.fixture
def editor(seat: Contest) -> User:
    """By the permissions of the desk's own group, and no superuser."""
    user = nights.user("an-editor")
    names = ["add_quote", "add_photo"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return user


def say(
    seat: Contest, by: User, *, words: str = "It is over.", key: str = "q"
) -> desk.PublishResult | ReviewItem:
    content = desk.QuoteContent(words=words, speaker="Ann Hall", contest=seat)
    return desk.submit(seat, content, by=by, idempotency_key=key)


def show(
    seat: Contest, by: User, *, caption: str = "The stage", key: str = "p"
) -> desk.PublishResult | ReviewItem:
    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "JPEG")
    file.seek(0)
    content = desk.PhotoContent(caption=caption, alt="Four people", credit="Ann Hall", contest=seat)
    return desk.submit_photo(
        seat, content, lambda: store(file, 1000).name, digest="a", by=by, idempotency_key=key
    )


SENDING: list[Send] = [say, show]


def close(seat: Contest) -> None:
    Election.objects.filter(pk=seat.election_id).update(final=True)


@pytest.mark.parametrize("send", SENDING)
class TestSubmitting:
    def test_is_queued_before_the_close_of_poll(
        self, seat: Contest, trusted: User, send: Send
    ) -> None:
        with time_machine.travel(BEFORE):
            item = send(seat, trusted)
        assert isinstance(item, ReviewItem)
        assert item.waits
        assert not Bulletin.objects.exists()

    def test_is_published_after_the_close_of_poll(
        self, seat: Contest, trusted: User, send: Send
    ) -> None:
        with time_machine.travel(AFTER):
            assert isinstance(send(seat, trusted), desk.PublishResult)
        assert Bulletin.objects.count() == 1

    def test_is_queued_once_the_night_is_closed(
        self, seat: Contest, trusted: User, send: Send
    ) -> None:
        close(seat)
        assert isinstance(send(seat, trusted), ReviewItem)
        assert not Bulletin.objects.exists()

    def test_is_queued_for_an_untrusted_reporter(self, seat: Contest, send: Send) -> None:
        assert isinstance(send(seat, nights.user("reporter")), ReviewItem)

    def test_is_published_at_any_time_for_an_editor(
        self, seat: Contest, editor: User, send: Send
    ) -> None:
        with time_machine.travel(BEFORE):
            assert isinstance(send(seat, editor, key="early"), desk.PublishResult)
        close(seat)
        assert isinstance(send(seat, editor, key="late"), desk.PublishResult)

    def test_repeated_request_stays_queued(self, seat: Contest, trusted: User, send: Send) -> None:
        with time_machine.travel(BEFORE):
            item = send(seat, trusted)
        with time_machine.travel(AFTER):
            again = send(seat, trusted)
        assert again == item
        assert not Bulletin.objects.exists()

    def test_repeated_request_after_the_end_gets_its_first_result(
        self, seat: Contest, trusted: User, send: Send
    ) -> None:
        published = send(seat, trusted)
        close(seat)
        again = send(seat, trusted)
        assert (again.sequence, again.repeated) == (published.sequence, True)
        assert not ReviewItem.objects.exists()

    def test_repeated_request_after_an_edited_approval_gets_its_bulletin(
        self, seat: Contest, trusted: User, editor: User, send: Send
    ) -> None:
        with time_machine.travel(BEFORE):
            item = send(seat, trusted)
            name = "words" if send is say else "caption"
            answer = desk.approve(item, by=editor, changes={name: "Other words"})
        again = send(seat, trusted)
        assert (again.sequence, again.repeated) == (answer.sequence, True)
        assert Bulletin.objects.count() == 1
        assert ReviewItem.objects.get().state == ReviewItem.State.PUBLISHED


def test_election_is_read_again_under_the_lock(seat: Contest, trusted: User) -> None:
    """The election as it stands in the database, not as the request had read it."""
    close(seat)
    assert not seat.election.final
    assert isinstance(say(seat, trusted), ReviewItem)


@pytest.mark.parametrize("when", ["early", "late"])
def test_publish_refuses_a_reporter_then(seat: Contest, trusted: User, when: str) -> None:
    if when == "late":
        close(seat)
        seat.election.refresh_from_db()
    item = show(seat, nights.user("untrusted"))
    assert isinstance(item, ReviewItem)
    content = desk.PhotoContent(
        name=item.content["name"], caption="A", alt="B", credit="C", contest=seat
    )
    with time_machine.travel(BEFORE if when == "early" else AFTER):
        with pytest.raises(desk.InvalidTransition, match="desk"):
            desk.publish(
                seat.election,
                desk.QuoteContent(words="Now.", speaker="Ann", contest=seat),
                by=trusted,
                idempotency_key="a",
            )
        with pytest.raises(desk.InvalidTransition, match="desk"):
            desk.publish(
                seat.election,
                content,
                by=trusted,
                idempotency_key="b",
            )
    assert not Quote.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.parametrize("words", ["", "\u200b", "\u2800\u3164"])
def test_invisible_text_is_not_queued(seat: Contest, words: str) -> None:
    reporter = nights.user("reporter")
    with pytest.raises(desk.ValidationRefused):
        say(seat, reporter, words=words)
    with pytest.raises(desk.ValidationRefused):
        show(seat, reporter, caption=words)
    assert not ReviewItem.objects.exists()

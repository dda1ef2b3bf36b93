"""Words and pictures from a count wait for the desk before the close of poll and after the end."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.models import Bulletin, Election, Photo, Quote, ReviewItem
from tests import nights

pytestmark = pytest.mark.django_db

CLOSE = datetime(2019, 12, 12, 22, tzinfo=UTC)
BEFORE, AFTER = CLOSE - timedelta(seconds=1), CLOSE + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def seat():
    return nights.islington_north(nights.election(polls_close=CLOSE))


@pytest.fixture
def trusted(seat):
    return nights.trust(nights.user("trusted"))


@pytest.fixture
def editor(seat):
    """By the permissions of the desk's own group, and no superuser."""
    made = nights.user("an-editor")
    names = ["add_quote", "add_photo"]
    made.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return made


def say(seat, by, *, words="It is over.", key="q"):
    content = desk.QuoteContent(words=words, speaker="Ann Hall", contest=seat)
    return desk.submit(seat, content, by=by, idempotency_key=key)


def show(seat, by, *, caption="The stage", key="p"):
    file = io.BytesIO()
    Image.new("RGB", (60, 40)).save(file, "JPEG")
    file.seek(0)
    content = desk.PhotoContent(caption=caption, alt="Four people", credit="Ann Hall", contest=seat)
    return desk.submit_photo(
        seat, content, lambda: store(file, 1000).name, by=by, idempotency_key=key
    )


SENDING = [say, show]


def close(seat):
    Election.objects.filter(pk=seat.election_id).update(final=True)


@pytest.mark.parametrize("send", SENDING)
class TestSending:
    def test_before_the_close_of_poll_it_waits_whoever_is_trusted(self, seat, trusted, send):
        with time_machine.travel(BEFORE):
            kept = send(seat, trusted)
        assert isinstance(kept, ReviewItem)
        assert kept.waits
        assert not Bulletin.objects.exists()

    def test_after_the_close_of_poll_it_goes_out(self, seat, trusted, send):
        with time_machine.travel(AFTER):
            assert isinstance(send(seat, trusted), desk.PublishResult)
        assert Bulletin.objects.count() == 1

    def test_once_the_night_is_closed_it_waits(self, seat, trusted, send):
        close(seat)
        assert isinstance(send(seat, trusted), ReviewItem)
        assert not Bulletin.objects.exists()

    def test_of_a_reporter_who_is_not_trusted_it_waits(self, seat, send):
        assert isinstance(send(seat, nights.user("reporter")), ReviewItem)

    def test_of_an_editor_it_goes_out_at_any_time(self, seat, editor, send):
        with time_machine.travel(BEFORE):
            assert isinstance(send(seat, editor, key="early"), desk.PublishResult)
        close(seat)
        assert isinstance(send(seat, editor, key="late"), desk.PublishResult)

    def test_sent_again_later_it_still_waits(self, seat, trusted, send):
        with time_machine.travel(BEFORE):
            kept = send(seat, trusted)
        with time_machine.travel(AFTER):
            again = send(seat, trusted)
        assert again == kept
        assert not Bulletin.objects.exists()

    def test_sent_again_after_the_end_it_is_answered_as_published(self, seat, trusted, send):
        published = send(seat, trusted)
        close(seat)
        again = send(seat, trusted)
        assert (again.sequence, again.repeated) == (published.sequence, True)
        assert not ReviewItem.objects.exists()

    def test_approved_in_other_words_it_is_answered_as_published(self, seat, trusted, editor, send):
        with time_machine.travel(BEFORE):
            kept = send(seat, trusted)
            name = "words" if send is say else "caption"
            answer = desk.approve(kept, by=editor, changes={name: "Other words"})
        again = send(seat, trusted)
        assert (again.sequence, again.repeated) == (answer.sequence, True)
        assert Bulletin.objects.count() == 1
        assert ReviewItem.objects.get().state == ReviewItem.State.PUBLISHED


def test_the_clock_is_read_under_the_lock(seat, trusted):
    """The election as it stands in the database, not as the request had read it."""
    close(seat)
    assert not seat.election.final
    assert isinstance(say(seat, trusted), ReviewItem)


@pytest.mark.parametrize("when", ["early", "late"])
def test_no_other_function_publishes_for_a_reporter_then(seat, trusted, when):
    if when == "late":
        close(seat)
        seat.election.refresh_from_db()
    stored = show(seat, nights.user("untrusted")).content["name"]
    words = {"caption": "A", "alt": "B", "credit": "C"}
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
                desk.PhotoContent(name=stored, **words, contest=seat),
                by=trusted,
                idempotency_key="b",
            )
    assert not Quote.objects.exists()
    assert not Photo.objects.exists()


@pytest.mark.parametrize("words", ["", "\u200b", "\u2800\u3164"])
def test_what_nobody_can_see_does_not_wait_either(seat, words):
    reporter = nights.user("reporter")
    with pytest.raises(desk.ValidationRefused):
        say(seat, reporter, words=words)
    with pytest.raises(desk.ValidationRefused):
        show(seat, reporter, caption=words)
    assert not ReviewItem.objects.exists()

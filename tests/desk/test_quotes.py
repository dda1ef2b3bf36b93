"""Quotes and headlines through the door."""

import pytest

from results import desk
from results.models import Bulletin, Headline, Quote
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return nights.islington_north(nights.election())


def say(seat, words, replaces=None, **more):
    return desk.publish(
        seat.election,
        desk.QuoteContent(words=words, contest=seat, **more),
        by=nights.user(),
        idempotency_key=nights.key(),
        replaces=replaces,
    )


def test_a_quote_is_attributed_to_a_candidate_at_the_count_venue(seat):
    corbyn = seat.candidates.get(name="Jeremy Corbyn")
    page = say(seat, "I will not lead.", candidate=corbyn, role="Labour leader").bulletin.fragments
    assert set(page) == {"feed", "seat-voices-islington-north"}
    for part in page.values():
        assert "“I will not lead.”" in part
        speaker = "<strong>Jeremy Corbyn</strong>, Labour leader, Sobell Leisure Centre"
        assert speaker in " ".join(part.split())


def test_reported_speech_has_no_quotation_marks(seat):
    page = say(seat, "He will not lead.", speaker="Ann", reported=True).bulletin.fragments
    assert "“" not in page["feed"]
    assert "reported speech" in page["feed"]


def test_a_changed_wording_replaces_and_shows_as_edited(seat):
    first = say(seat, "I will not leave.", speaker="Ann").bulletin.quote
    page = say(seat, "I will not lead.", speaker="Ann", replaces=first).bulletin.fragments
    assert "I will not leave." not in page["feed"]
    assert "edited" in page["feed"]
    assert Quote.objects.count() == 2
    with pytest.raises(desk.InvalidTransition):
        say(seat, "I shall not lead.", speaker="Ann", replaces=first)


@pytest.mark.parametrize(("words", "speaker"), [("", "Ann"), ("Thanks", " ")])
def test_words_and_speaker_are_needed(seat, words, speaker):
    with pytest.raises(desk.ValidationRefused):
        say(seat, words, speaker=speaker)
    assert not Bulletin.objects.exists()


def test_markup_in_a_quote_is_text(seat):
    page = say(seat, "<script>alert(1)</script>", speaker="<b>Ann</b>").bulletin.fragments
    assert "<script" not in page["feed"]
    assert "<b>Ann" not in page["feed"]


def test_an_editors_headline_stands_above_the_one_by_rule(seat):
    by = nights.user()
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="d")
    page = desk.publish(
        seat.election, desk.HeadlineContent(text="He goes"), by=by, idempotency_key="one"
    ).bulletin.fragments
    assert "<h1>He goes</h1>" in page["headline"]
    headline = Headline.objects.get()
    page = desk.withdraw_publication(headline, by=by, idempotency_key="two").bulletin.fragments
    assert "<h1>Labour hold Islington North, majority 26,188</h1>" in page["headline"]
    assert Headline.objects.count() == 2


def test_the_same_headline_again_publishes_nothing(seat):
    desk.publish(
        seat.election, desk.HeadlineContent(text="He goes"), by=nights.user(), idempotency_key="one"
    )
    assert desk.publish(
        seat.election,
        desk.HeadlineContent(text=" He goes "),
        by=nights.user(),
        idempotency_key="two",
    ).unchanged
    assert Bulletin.objects.count() == 1

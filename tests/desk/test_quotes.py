"""Publishing quotes and headlines."""

from typing import Any

import pytest

from results import desk
from results.live.feed_list import entry_ids
from results.models import Bulletin, Contest, Headline, Quote
from results.templatetags.formats import clauses
from tests import nights

pytestmark = pytest.mark.django_db


def say(
    seat: Contest, words: str, replaces: Quote | None = None, **more: Any
) -> desk.PublishResult:
    return desk.publish(
        seat.election,
        desk.QuoteContent(words=words, contest=seat, **more),
        by=nights.user(),
        idempotency_key=nights.key(),
        replaces=replaces,
    )


def test_quote_names_candidate_role_and_venue(seat: Contest) -> None:
    corbyn = seat.candidates.get(name="Jeremy Corbyn")
    page = say(seat, "I will not lead.", candidate=corbyn, role="Labour leader").bulletin.fragments
    assert set(page) == {"feed", "bulletin-1", "seat-voices-islington-north", "region-london"}
    assert entry_ids(page["feed"]) == ["bulletin-1"]
    for part in (page["bulletin-1"], page["seat-voices-islington-north"]):
        assert "“I will not lead.”" in part
        parts = ("Labour leader", "Sobell Leisure Centre")
        speaker = ", ".join(
            ['<strong dir="auto">Jeremy Corbyn</strong>', *(f"<bdi>{each}</bdi>" for each in parts)]
        )
        assert speaker in " ".join(part.split())


def test_reported_speech_has_no_quotation_marks(seat: Contest) -> None:
    page = say(seat, "He will not lead.", speaker="Ann", reported=True).bulletin.fragments
    assert "“" not in page["bulletin-1"]
    assert "reported speech" in page["bulletin-1"]


def test_rewording_replaces_and_is_marked_as_edited(seat: Contest) -> None:
    first = say(seat, "I will not leave.", speaker="Ann").bulletin.quote
    page = say(seat, "I will not lead.", speaker="Ann", replaces=first).bulletin.fragments
    assert "I will not leave." not in "".join(page.values())
    assert "edited" in page["bulletin-1"]
    assert Quote.objects.count() == 2
    with pytest.raises(desk.InvalidTransition):
        say(seat, "I shall not lead.", speaker="Ann", replaces=first)


@pytest.mark.parametrize(("words", "speaker"), [("", "Ann"), ("Thanks", " ")])
def test_quote_needs_words_and_speaker(seat: Contest, words: str, speaker: str) -> None:
    with pytest.raises(desk.ValidationRefused):
        say(seat, words, speaker=speaker)
    assert not Bulletin.objects.exists()


def test_markup_is_escaped(seat: Contest) -> None:
    page = say(seat, "<script>alert(1)</script>", speaker="<b>Ann</b>").bulletin.fragments
    everything = "".join(page.values())
    assert "&lt;b&gt;Ann" in page["bulletin-1"]
    assert "<script" not in everything
    assert "<b>Ann" not in everything


def test_headline_replaces_the_generated_one_until_withdrawn(seat: Contest) -> None:
    by = nights.user()
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="d")
    page = desk.publish(
        seat.election, desk.HeadlineContent(text="He goes"), by=by, idempotency_key="one"
    ).bulletin.fragments
    assert '<h1 dir="auto">He goes</h1>' in page["headline"]
    published = Headline.objects.get()
    page = desk.withdraw_publication(published, by=by, idempotency_key="two").bulletin.fragments
    headline = clauses("Labour hold Islington North, majority 26,188")
    assert f"<h1>{headline}</h1>" in page["headline"]
    assert Headline.objects.count() == 2


def test_unchanged_headline_publishes_nothing(seat: Contest) -> None:
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

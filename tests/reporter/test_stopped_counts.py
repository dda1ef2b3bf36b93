"""A stopped count whose page is open: what the phone is told, and may still send."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import (
    Assignment,
    Bulletin,
    Contest,
    Declaration,
    Election,
    ReviewItem,
    keep_address,
)
from tests import nights
from tests.reporter.conftest import URL, outbox_fields, phone_of, send, text_of, typed_fields


def stopped(phone: Client, *pages: str) -> dict[str, str]:
    """The sentences about the pages that a phone says are open."""
    counts: dict[str, str] = phone.post("/count/phone/", {"count": pages or (URL,)}).json()[
        "counts"
    ]
    return counts


def test_says_nothing_of_a_count_that_goes_on(phone: Client, seat: Contest) -> None:
    assert stopped(phone, URL, "/count/", "/count/ge/nowhere/", "nonsense\0", "/ge/") == {}


def test_says_that_the_poll_is_postponed(phone: Client, seat: Contest) -> None:
    nights.postpone(seat)
    assert "The poll here is postponed: no result is published" in stopped(phone)[URL]
    # Words are, once an editor has approved them.
    quote = {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "words"}
    assert send(phone, quote)[1]["state"] == "kept"


def test_says_it_at_an_earlier_address_as_well(phone: Client, seat: Contest) -> None:
    """The page was open before an editor changed the address, or merged another contest."""
    nights.postpone(seat)
    before = Contest.objects.get(pk=seat.pk)
    Contest.objects.filter(pk=seat.pk).update(slug="islington-n")
    seat.refresh_from_db()
    keep_address(before, seat)
    assert "The poll here is postponed" in stopped(phone)[URL]


def test_says_that_the_count_was_taken_away(
    phone: Client, reporter: User, colleague: User, seat: Contest
) -> None:
    Assignment.objects.filter(reporter=reporter).delete()
    assert "You are not sent to this count any more" in stopped(phone)[URL]
    assert stopped(phone_of(colleague)) == {}


@pytest.mark.parametrize(
    ("visibility", "sentence"),
    [
        (Election.Visibility.WITHDRAWN, "“General election” was withdrawn: nothing in it can be"),
        (Election.Visibility.DRAFT, "“General election” is a draft: nothing in it can be"),
    ],
)
def test_says_that_readers_see_nothing_of_the_election(
    phone: Client, seat: Contest, visibility: str, sentence: str
) -> None:
    """The page that is open, the page that is opened, and the list of counts."""
    for page in (URL, "/count/"):
        assert sentence not in text_of(phone.get(page))
    Election.objects.filter(pk=seat.election_id).update(visibility=visibility)
    assert sentence in stopped(phone)[URL]
    for page in (URL, "/count/"):
        assert sentence in text_of(phone.get(page))


def close(seat: Contest) -> None:
    Election.objects.filter(pk=seat.election_id).update(final=True)


def test_says_that_the_night_is_closed(phone: Client, seat: Contest) -> None:
    assert b'id="state"' in phone.get(URL).content
    close(seat)
    assert "The night is closed" in stopped(phone)[URL]
    # The state of a count is not offered either: no press of it could be published.
    assert b'id="state"' not in phone.get(URL).content
    editor = phone_of(nights.user("editor", staff=True))
    assert stopped(editor) == {}
    assert b'id="state"' in editor.get(URL).content


def test_a_result_typed_before_the_night_was_closed_is_asked_about(
    phone: Client, colleague: User, seat: Contest, one_person: None
) -> None:
    """The phone says what happened and what is done with it; then the desk decides."""
    close(seat)
    for _time in range(2):
        status, answer = send(phone, outbox_fields(seat))
        assert (status, answer["state"], answer["offer"]) == (409, "stopped", "Send it to the desk")
        assert "The night was closed" in answer["words"]
    assert not ReviewItem.objects.exists()
    status, answer = send(phone, outbox_fields(seat, knows_closed="1"))
    assert (status, answer["state"]) == (200, "kept")
    assert answer["words"] == "Sent to the desk, which decides. Not published yet."
    # Another reporter at the count is no second person any more.
    status, answer = send(phone_of(colleague), outbox_fields(seat, knows_closed="1", key="theirs"))
    assert (status, answer["state"]) == (200, "kept")
    mine = ReviewItem.objects.get(idempotency_key="mine")
    confirmation = {"step": "confirm", "item": mine.pk, "key": "c"}
    status, answer = send(phone_of(colleague), confirmation)
    assert (status, answer["state"]) == (422, "refused")
    assert "only the desk publishes" in answer["words"]
    assert not Bulletin.objects.exists()
    desk.approve(mine, by=nights.user("editor", staff=True))
    assert Bulletin.objects.get().kind == Bulletin.Kind.DECLARATION


def test_what_was_answered_before_the_night_was_closed_is_answered_again(
    phone: Client, seat: Contest, one_person: None
) -> None:
    send(phone, outbox_fields(seat))
    close(seat)
    status, answer = send(phone, outbox_fields(seat))
    assert (status, answer["state"], answer["sequence"]) == (200, "published", 1)


def test_a_quote_that_would_have_been_published_is_asked_about(
    phone: Client, trusted: User, seat: Contest
) -> None:
    close(seat)
    quote = {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "words"}
    assert send(phone, quote)[1]["state"] == "stopped"
    assert send(phone, {**quote, "knows_closed": "1"})[1]["state"] == "kept"
    # The page says so by then.
    assert b'name="knows_closed"' in phone.get(URL).content


def test_the_state_of_a_count_is_not_published_once_nothing_is(
    phone: Client, seat: Contest
) -> None:
    """Without an offer: it can be tried again if the desk takes that back, or dropped."""
    count = {"step": "count", "papers": "40000", "electorate": "75162", "key": "k2"}
    winner = {"step": "winner", "winners": str(seat.candidates.all()[0].pk), "base_revision": "0"}
    statuses = {"step": "status", "status": "under_way", "key": "k1"}
    close(seat)
    for fields in (statuses, count):
        answer = send(phone, fields)[1]
        assert (answer["state"], answer["offer"]) == ("stopped", "")
        assert "The night is closed" in answer["words"]
    Election.objects.update(final=False)
    nights.postpone(seat)
    for fields in (statuses, count, {**winner, "key": "k3"}, outbox_fields(seat)):
        status, answer = send(phone, fields)
        assert (status, answer["state"], answer["offer"]) == (409, "stopped", "")
        assert "This poll is postponed" in answer["words"]
    assert not Declaration.objects.exists()


def test_a_form_without_scripts_says_it_before_it_is_sent(
    phone: Client, seat: Contest, one_person: None
) -> None:
    close(seat)
    winner = {
        "step": "winner-check",
        "winners": str(seat.candidates.all()[0].pk),
        "base_revision": "0",
    }
    for fields in (typed_fields(seat), winner):
        page = phone.post(URL, fields)
        assert "The night is closed. The desk decides" in text_of(page)
        assert b'name="knows_closed" value="1"' in page.content
        (button,) = re.findall(
            r'<button class="primary" name="step"[^>]*>([^<]+)', page.content.decode()
        )
        assert button.strip() == "Send it to the desk"

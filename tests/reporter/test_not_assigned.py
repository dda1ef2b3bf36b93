"""Responses to a phone at a count that its reporter is no longer assigned to."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import (
    Assignment,
    AuditEntry,
    Bulletin,
    Contest,
    Election,
    IdempotencyRecord,
    ReviewItem,
)
from tests.reporter.conftest import URL, outbox_fields, send, text_of
from tests.reporter.test_followed import followed

TAKE_BACK = {"step": "take-back", "key": "mine"}


def take_away(reporter: User) -> None:
    Assignment.objects.filter(reporter=reporter).delete()


def test_what_comes_too_late_is_asked_about(
    phone: Client, reporter: User, seat: Contest, one_person: None
) -> None:
    """What was typed is sent once the desk sends its reporter there again."""
    take_away(reporter)
    status, data = send(phone, outbox_fields(seat))
    assert (status, data["state"], data["key"]) == (409, "stopped", "mine")
    assert data["words"] == "You are not sent to this count any more. Ring the desk."
    # Nothing is offered but to try again, or to take it back; then the counts are left.
    assert (data.get("offer", ""), data["final"], data["address"]) == ("", True, "/count/")
    assert not Bulletin.objects.exists()
    Assignment.objects.create(reporter=reporter, contest=seat)
    assert send(phone, outbox_fields(seat))[1]["state"] == "published"


def test_what_was_published_before_is_said_to_be(
    phone: Client, reporter: User, seat: Contest, one_person: None
) -> None:
    """The answer was lost, and the phone sends it again."""
    send(phone, outbox_fields(seat))
    take_away(reporter)
    for fields in (outbox_fields(seat), TAKE_BACK):
        status, data = send(phone, fields)
        assert (status, data["state"], data["sequence"]) == (200, "published", 1)
        assert "bulletin 1" in data["words"]
        # The count's pages are not found any more.
        assert data["address"] == "/count/"
    assert followed(phone, "mine")["mine"]["address"] == "/count/"
    assert Bulletin.objects.count() == 1


def test_what_waits_is_said_to(phone: Client, reporter: User, seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    send(phone, outbox_fields(seat))
    take_away(reporter)
    status, data = send(phone, outbox_fields(seat))
    assert (status, data["state"]) == (200, "in-review")
    assert ReviewItem.objects.count() == 1


def test_what_did_not_arrive_is_taken_back(phone: Client, reporter: User, seat: Contest) -> None:
    take_away(reporter)
    for _time in range(2):
        status, data = send(phone, TAKE_BACK)
        assert (status, data["state"], data["key"]) == (200, "taken-back", "mine")
    assert followed(phone, "mine")["mine"]["state"] == "taken-back"
    assert IdempotencyRecord.objects.get().bulletin is None
    # It arrives after all, and the reporter is sent to the count again.
    assert send(phone, outbox_fields(seat))[1]["state"] == "taken-back"
    Assignment.objects.create(reporter=reporter, contest=seat)
    assert send(phone, outbox_fields(seat))[0] in (409, 422)
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "x" * 65, "a\0b"])
def test_taking_back_nothing_stores_nothing(phone: Client, reporter: User, key: str) -> None:
    take_away(reporter)
    before = AuditEntry.objects.count()
    status, data = send(phone, {**TAKE_BACK, "key": key})
    assert (status, data["state"]) == (409, "stopped")
    assert not IdempotencyRecord.objects.exists()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("page", ["", "published/1/", "offered/1/"])
def test_page_says_whose_count_it_is_not_and_leads_to_the_others(
    phone: Client, reporter: User, seat: Contest, page: str
) -> None:
    """In the reporter's own page, with what this phone has not sent."""
    take_away(reporter)
    response = phone.get(URL + page)
    assert response.status_code == 404
    text = text_of(response)
    assert "You are not sent to this count. Ring the desk if you are there." in text
    assert "Nothing was sent" not in text
    html = response.content.decode()
    assert f'data-reporter="{reporter.pk}"' in html
    assert 'class="primary" href="/count/"' in html


def test_page_without_a_count_says_so(phone: Client, seat: Contest) -> None:
    response = phone.get("/count/ge/nowhere/")
    assert response.status_code == 404
    assert "There is no count at this address now." in text_of(response)


def test_page_of_a_form_says_that_nothing_was_sent(
    phone: Client, reporter: User, seat: Contest
) -> None:
    take_away(reporter)
    response = phone.post(URL, {"step": "status", "status": "recount"})
    assert response.status_code == 404
    assert "Nothing was sent." in text_of(response)


def test_page_is_in_the_language_of_the_count(phone: Client, reporter: User, seat: Contest) -> None:
    """As the count's own page, where no language was chosen on this phone."""
    Election.objects.update(language="cy")
    take_away(reporter)
    assert "Nid un o’ch cyfrifon chi" in text_of(phone.get(URL))

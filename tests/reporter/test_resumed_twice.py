"""A form that was kept through signing in, and is sent twice by the browser's button to go back."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Bulletin, Contest, ReviewItem
from tests.nights import PASSWORD
from tests.reporter.conftest import (
    URL,
    Fields,
    hidden_fields,
    outbox_fields,
    send,
    text_of,
    typed_fields,
)
from tests.responses import Response

pytestmark = pytest.mark.usefixtures("one_person", "trusted")

KEPT = "Signing in has sent nothing"


def kept_fields(page: Response) -> Fields:
    """The fields that the page of the kept form sends again."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()
    )
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def signed_in_again(phone: Client, fields: Fields) -> Response:
    """Send a form signed out, and sign in: return the page that offers to send it again."""
    user = User.objects.get(username="reporter")
    user.set_password(PASSWORD)
    user.save()
    phone.logout()
    page = phone.post(URL, fields)
    assert page.status_code == 401
    credentials = {"username": "reporter", "password": PASSWORD}
    return phone.post("/count/sign-in/", kept_fields(page) | credentials)


@pytest.mark.parametrize(
    "fields",
    [
        {"step": "quote", "words": "We won.", "speaker": "Ann", "key": "a-quote"},
        {"step": "status", "status": "recount", "key": "a-status"},
        {"step": "count", "electorate": "75162", "key": "a-count"},
    ],
    ids=lambda fields: fields["step"],
)
def test_is_published_once(phone: Client, seat: Contest, fields: Fields) -> None:
    page = signed_in_again(phone, fields)
    assert KEPT in text_of(page)
    for _time in range(2):
        assert phone.post(URL, kept_fields(page)).status_code == 302
        assert Bulletin.objects.count() == 1


def test_result_says_that_it_is_published_already(phone: Client, seat: Contest) -> None:
    page = signed_in_again(phone, typed_fields(seat, step="publish", key="mine"))
    for words in ("Published 1?[0-9]", "Published already"):
        check = phone.post(URL, kept_fields(page))
        assert "None of this is published until you press the button" in text_of(check)
        answer = phone.post(URL, hidden_fields(check), follow=True)
        assert re.search(words, text_of(answer))
        assert Bulletin.objects.count() == 1


def test_request_for_a_correction_is_kept_once(phone: Client, seat: Contest) -> None:
    send(phone, outbox_fields(seat))
    asked = outbox_fields(seat, step="ask", key="asked", base_revision="1", rejected="230")
    page = signed_in_again(phone, asked | {"reason": "It was misread."})
    for _time in range(2):
        answer = phone.post(URL, kept_fields(page), follow=True)
        assert "What is published stands until then." in text_of(answer)
        assert ReviewItem.objects.count() == 1

"""Empty boxes: the phone asks whether to send the result as incomplete."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Bulletin, Contest, Declaration, Standing
from tests.reporter.conftest import URL, field, outbox_fields, phone_of, send, text_of

LABEL = "Incomplete: 5 of 6 totals known"
QUESTION = "Send what you have as incomplete?"
pytestmark = pytest.mark.usefixtures("one_person")


def some(seat: Contest, **more: str) -> dict[str, str]:
    """Every figure but Wakeling's."""
    return outbox_fields(seat, **{field(seat, "Nick Wakeling"): "", **more})


def test_asks_and_says_who_is_missing(phone: Client, seat: Contest) -> None:
    page = phone.post(URL, some(seat, step="check"))
    assert page.status_code == 422
    text = text_of(page)
    assert QUESTION in text
    assert "Missing: Nick Wakeling" in text
    assert "Enter a figure. If there were none, enter 0." in text
    # Not where another figure is wrong, nor where all are missing.
    wrong = {field(seat, "James Clark"): "thirty"}
    for fields in (some(seat, **wrong), dict.fromkeys(outbox_fields(seat), "")):
        page = phone.post(URL, fields | {"step": "check", "base_revision": "0"})
        assert "data-incomplete tabindex" in page.content.decode()
        assert 'data-incomplete tabindex="-1" hidden' in page.content.decode()


def test_is_checked_published_and_followed(phone: Client, seat: Contest) -> None:
    page = phone.post(URL, some(seat, step="check", incomplete="1"))
    text = text_of(page)
    assert page.status_code == 200
    assert LABEL in text
    assert "No result: nobody is elected by it, and it is added to nothing." in text
    assert "duly elected" not in text
    assert 'name="incomplete" value="1"' in page.content.decode()
    status, data = send(phone, some(seat, incomplete="1"))
    assert (status, data["state"], data["line"]) == (200, "published", f"Islington North. {LABEL}")
    assert send(phone, some(seat, incomplete="1"))[1] == data
    shown = phone.get(URL)
    assert LABEL in text_of(shown)
    assert LABEL in text_of(phone.get("/count/"))
    # What is published is in the boxes, and what was missing follows.
    assert 'value="34603"' in shown.content.decode()
    assert 'name="base_revision" value="1"' in shown.content.decode()
    status, data = send(phone, outbox_fields(seat, key="all", base_revision="1"))
    assert (data["state"], data["sequence"]) == ("published", 2)
    assert Standing.objects.get().status == Standing.Status.DECLARED


def test_own_totals_do_not_overtake_the_form(phone: Client, seat: Contest) -> None:
    """Sent from the page that is still open: its figures follow them without a question."""
    send(phone, some(seat, incomplete="1"))
    corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "winner", "winners": corbyn, "base_revision": "0", "key": "w"}
    assert send(phone, winner)[1]["state"] == "published"
    assert send(phone, outbox_fields(seat, key="all"))[1]["state"] == "published"
    kinds = Declaration.objects.order_by("revision").values_list("kind", flat=True)
    assert list(kinds) == ["incomplete", "winner_only", "update"]


def test_colleagues_totals_are_shown_first(phone: Client, seat: Contest, colleague: User) -> None:
    send(phone, some(seat, incomplete="1"))
    theirs = phone_of(colleague)
    status, data = send(theirs, outbox_fields(seat, key="all"))
    assert (status, data["state"]) == (409, "conflict")
    assert data["words"] == "reporter published some totals, bulletin 1."
    assert data["revision"] == 1  # theirs may follow


def test_other_total_in_the_result_is_asked_about(phone: Client, seat: Contest) -> None:
    send(phone, some(seat, incomplete="1"))
    other = {field(seat, "James Clark"): "5484", "base_revision": "1", "key": "all"}
    status, data = send(phone, outbox_fields(seat, **other))
    assert (status, data["state"]) == (422, "reason")
    assert "change one that readers have seen" in data["taken_back"]
    assert Bulletin.objects.count() == 1
    reply = {"reason": "Misheard.", "takes_back": "1"}
    assert send(phone, outbox_fields(seat, **other, **reply))[1]["state"] == "published"
    assert Declaration.objects.latest("revision").kind == Declaration.Kind.CORRECTION


def test_flag_with_every_figure_is_the_result(phone: Client, seat: Contest) -> None:
    assert send(phone, outbox_fields(seat, incomplete="1"))[1]["state"] == "published"
    assert Declaration.objects.get().kind == Declaration.Kind.DECLARATION

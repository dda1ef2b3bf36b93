"""The list of counts that a phone's report brings to its page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from results.models import Assignment, Bulletin, Contest, Election
from tests import nights
from tests.reporter.conftest import URL, send


def list_of(phone: Client, *pages: str) -> str:
    """The list in the answer to a phone that says which pages are open."""
    answer: dict[str, str] = phone.post("/count/phone/", {"count": pages}).json()
    return answer["list"]


def test_is_that_of_the_page(phone: Client, seat: Contest) -> None:
    before = list_of(phone, "/count/")
    assert before in phone.get("/count/").content.decode()
    assert "Awaiting" in before
    nights.declare(seat, 236, 5483, 34603, 742, 4326, 8415)
    after = list_of(phone, "/count/")
    assert after in phone.get("/count/").content.decode()
    assert "Awaiting" not in after
    assert "a photo of the notice" in after


@pytest.mark.db
def test_next_expected_come_first_then_by_name(phone: Client, seat: Contest) -> None:
    """Counts without a time are last on every database, and Àird stands with Aird."""
    Contest.objects.update(expected_at=timezone.now())
    reporter = Assignment.objects.get().reporter
    for name in ("Ross", "Àird", "Beinn Mhòr"):
        count = nights.contest(seat.election, name, [("Ann Ash", "lab")])
        Assignment.objects.create(reporter=reporter, contest=count)
    names = [seat.name, "Àird", "Beinn Mhòr", "Ross"]
    shown = list_of(phone, "/count/")
    assert sorted(names, key=shown.index) == names


def test_nothing_is_missing_from_a_closed_night(phone: Client, seat: Contest) -> None:
    assert "Missing:" in list_of(phone, "/count/")
    Election.objects.update(final=True)
    closed = list_of(phone, "/count/")
    assert "Missing:" not in closed
    assert "The night is closed." in closed


def test_has_no_count_that_was_taken_away(phone: Client, seat: Contest) -> None:
    Assignment.objects.all().delete()
    assert URL not in list_of(phone, "/count/")
    assert "No counts have been given to you" in list_of(phone, "/count/")


def test_is_left_out_while_another_page_is_open(phone: Client) -> None:
    assert list_of(phone) == ""
    assert list_of(phone, URL, "nonsense\0") == ""


@pytest.mark.parametrize("page", ["/count/", URL])
def test_says_when_polls_close_while_they_are_open(phone: Client, seat: Contest, page: str) -> None:
    assert "Polls close" not in " ".join(phone.get(page).content.decode().split())
    later = timezone.now() + timedelta(hours=1)
    Election.objects.update(polls_close=later)
    at = timezone.localtime(later, seat.election.zone)
    words = f"Polls close at {at:%H:%M} on {at.day} {at:%B}. No result and no state of the count"
    assert words in " ".join(phone.get(page).content.decode().split())


@pytest.mark.parametrize("page", ["/count/", URL])
def test_says_on_which_later_day_a_result_is_expected(
    phone: Client, seat: Contest, page: str
) -> None:
    at = seat.election.polls_close + timedelta(hours=40)
    Contest.objects.update(expected_at=at)
    assert "expected Sat 14:00" in " ".join(phone.get(page).content.decode().split())


def test_nothing_of_a_count_is_published_while_polls_are_open(phone: Client, seat: Contest) -> None:
    """The phone says why, and not that there is a result."""
    Election.objects.update(polls_close=timezone.now() + timedelta(hours=1))
    words = "The polls are still open: nothing is counted yet."
    status, told = send(phone, {"step": "status", "status": "recount", "key": "pressed"})
    assert (status, told["state"], told["words"]) == (422, "refused", words)
    status, told = send(phone, {"step": "count", "turnout": "31.5", "key": "announced"})
    assert (status, told["findings"]) == (422, [words])
    assert not Bulletin.objects.exists()

"""What a phone is told of the count whose page is open, and what it may still send from there."""

from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Assignment, Contest, Standing
from tests import nights
from tests.reporter.conftest import URL, phone_of


def stopped(phone: Client, *pages: str) -> dict[str, str]:
    """The sentences about the pages that a phone says are open."""
    counts: dict[str, str] = phone.post("/count/phone/", {"count": pages or (URL,)}).json()[
        "counts"
    ]
    return counts


def postpone(seat: Contest) -> None:
    by = nights.user("desk")
    desk.report_status(seat, Standing.Status.POSTPONED, by=by, idempotency_key="p")


def test_says_nothing_of_a_count_that_goes_on(phone: Client, seat: Contest) -> None:
    assert stopped(phone, URL, "/count/", "/count/ge/nowhere/", "nonsense\0", "/ge/") == {}


def test_says_that_the_poll_is_postponed(phone: Client, seat: Contest) -> None:
    postpone(seat)
    assert "The poll here is postponed" in stopped(phone)[URL]


def test_says_that_the_count_was_taken_away(
    phone: Client, reporter: User, colleague: User, seat: Contest
) -> None:
    Assignment.objects.filter(reporter=reporter).delete()
    assert "You are not sent to this count any more" in stopped(phone)[URL]
    assert stopped(phone_of(colleague)) == {}

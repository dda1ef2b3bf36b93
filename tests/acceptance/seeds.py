"""What a desk of these tests holds, put there by the publishing API in a process of its own.

Called as `server.python("from tests.acceptance import seeds; seeds.<name>()")`.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from results import desk
from results.models import Assignment, Contest, Election
from tests import nights

PASSWORD = "a-password-of-these-tests"


def night(slug: str = "ge", **fields: object) -> Contest:
    """A night with one seat, the reporters `trusted` and `untrusted` sent there, and `editor`."""
    seat = nights.islington_north(nights.election(slug, **fields))
    for name in ("trusted", "untrusted"):
        Assignment.objects.create(reporter=_with_password(nights.user(name)), contest=seat)
    nights.trust(User.objects.get(username="trusted"))
    _with_password(nights.user("editor", staff=True))
    return seat


def open_night() -> None:
    """As `night`, with polls that are open for another hour."""
    night(polls_close=timezone.now() + timedelta(hours=1))


def closed_night() -> None:
    """As `night`, after the last count."""
    night(final=True)


def declared_night() -> None:
    """As `night`, with its result, a quote and a headline: one of each kind of entry."""
    seat = night()
    by: dict[str, Any] = {"by": User.objects.get(username="editor")}
    desk.declare(seat, nights.islington_ballot_counts(seat), idempotency_key="declared", **by)
    desk.publish(
        seat.election,
        desk.QuoteContent(words="It is over.", contest=seat, speaker="Ann Hall"),
        idempotency_key="quote",
        **by,
    )
    headline("He holds it")


def large_night() -> None:
    """As `night`, with 650 seats more: its data is some 600 kB."""
    election = night().election
    with transaction.atomic():
        for number in range(650):
            nights.contest(election, f"Seat {number}", [("Ann Hall", "lab"), ("Bob Rice", "con")])


def headline(text: str) -> None:
    by = User.objects.get(username="editor")
    desk.publish(
        Election.objects.get(slug="ge"),
        desk.HeadlineContent(text=text),
        by=by,
        idempotency_key=text,
    )


def _with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user

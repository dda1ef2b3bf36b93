"""Seed functions: a night with one seat, two reporters and an editor, in several states."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from results import desk
from results.models import Assignment, Contest, Election
from tests import nights

PASSWORD = nights.PASSWORD


def night() -> None:
    """An election with one seat, to which `trusted` and `untrusted` are assigned, and `editor`."""
    _create_night()


def _create_night(**fields: Any) -> Contest:
    seat = nights.islington_north(nights.election(**fields))
    for name in ("trusted", "untrusted"):
        Assignment.objects.create(reporter=_with_password(nights.user(name)), contest=seat)
    nights.trust(User.objects.get(username="trusted"))
    _with_password(nights.user("editor", staff=True))
    return seat


def open_night() -> None:
    """`night`, with polls open for another hour."""
    _create_night(polls_close=timezone.now() + timedelta(hours=1))


def closed_night() -> None:
    """`night`, after the last count."""
    _create_night(final=True)


def declared_night() -> None:
    """`night`, with a result, a quote and a headline."""
    seat = _create_night()
    by: dict[str, Any] = {"by": User.objects.get(username="editor")}
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), idempotency_key="declared", **by
    )
    desk.publish(
        seat.election,
        desk.QuoteContent(words="It is over.", contest=seat, speaker="Ann Hall"),
        idempotency_key="quote",
        **by,
    )
    headline("He holds it")


def large_night() -> None:
    """`night`, with 650 more seats: about 600 kB of data."""
    election = _create_night().election
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

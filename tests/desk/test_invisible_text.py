"""Nothing is published that nobody can see, through whichever function of the publishing API."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from results import desk
from results.models import Bulletin, Contest, Election, ExternalFigures, Quote
from tests import nights
from tests.arithmetic.test_text import INVISIBLE

pytestmark = pytest.mark.django_db

OVERRIDE = "Majority \u202e12,345"


def by() -> dict[str, Any]:
    return {"by": nights.user(), "idempotency_key": nights.key()}


def publishing(seat: Contest, text: str) -> Iterator[Callable[[], desk.PublishResult]]:
    """Each function that publishes words, with this text where readers would see it."""
    night = seat.election
    words: dict[str, Any] = {"caption": "A", "alt": "B", "credit": "C"}
    as_of = datetime(2019, 12, 12, 23, tzinfo=UTC)
    exit_poll: dict[str, Any] = {"kind": ExternalFigures.Kind.EXIT_POLL, "as_of": as_of}
    yield lambda: desk.publish(night, desk.QuoteContent(words=text, speaker="Ann"), **by())
    yield lambda: desk.publish(night, desk.QuoteContent(words="Thanks", speaker=text), **by())
    yield lambda: desk.publish(night, desk.PostContent(text=text), **by())
    yield lambda: desk.publish(night, desk.HeadlineContent(text=text), **by())
    yield lambda: desk.publish(
        night, desk.ExternalFiguresContent(seats={"lab": 1}, source=text, **exit_poll), **by()
    )
    for name in words:
        yield partial(_publish_photo, night, **words | {name: text})
    ballot_counts = nights.islington_ballot_counts(seat)
    yield lambda: nights.correct(seat, ballot_counts, base_revision=1, reason=text, **by())
    yield lambda: nights.withdraw(seat, base_revision=1, reason=text, **by())


def _publish_photo(night: Election, **words: Any) -> desk.PublishResult:
    return desk.publish(night, desk.PhotoContent(name="none", **words), **by())


@pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE)
def test_invisible_text_is_refused(seat: Contest, text: str) -> None:
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), **by())
    before = Bulletin.objects.count()
    for publish in publishing(seat, text):
        with pytest.raises(desk.ValidationRefused):
            publish()
    assert Bulletin.objects.count() == before


def test_invisible_reason_accepts_no_warning(seat: Contest) -> None:
    ballot_counts = nights.islington_ballot_counts(seat, electorate=60_000)
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(seat, ballot_counts, warning_reason="\u200b\u2800", **by())
    assert refusal.value.needs_reason


def test_direction_marks_are_removed(seat: Contest) -> None:
    quoted = desk.publish(
        seat.election, desk.QuoteContent(words=OVERRIDE, speaker=OVERRIDE, role=OVERRIDE), **by()
    )
    posted = desk.publish(seat.election, desk.PostContent(text=OVERRIDE, title=OVERRIDE), **by())
    ended = desk.publish(seat.election, desk.HeadlineContent(text=OVERRIDE), **by())
    for answer in (quoted, posted, ended):
        assert "\u202e" not in answer.bulletin.summary
        for fragment in answer.bulletin.fragments.values():
            assert "\u202e" not in fragment
    quote = Quote.objects.get()
    assert quote.words == quote.speaker == quote.role == "Majority 12,345"

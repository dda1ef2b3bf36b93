"""Review items that wait on a night dashboard."""

from django.contrib.auth.models import User

from results import desk
from results.models import (
    Contest,
    Declaration,
    Election,
    ReviewItem,
)
from tests import nights


def submit(seat: Contest, by: User, **changes: object) -> ReviewItem:
    """Submit a result that waits for a second person."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    ballot_counts = nights.islington_ballot_counts(seat, **changes)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION, by=by, idempotency_key=nights.key(), base_revision=0
    )
    item = desk.submit_result(seat, ballot_counts, request)
    assert isinstance(item, ReviewItem)
    return item


def queue_quote(contest: Contest, words: str = "Well.") -> ReviewItem:
    content = {"words": words, "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}
    return desk.queue_for_review(
        contest, ReviewItem.Kind.QUOTE, content, by=nights.user(), idempotency_key=nights.key()
    )

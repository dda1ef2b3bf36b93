"""Quotes and photos from a count: published immediately, or queued for review.

A trusted reporter's are published immediately between the close of poll and the closing of the
night. Before that, statements about how people voted may not be published (Representation of the
People Act 1983, s. 66A); afterwards the editors decide.
"""

from django.contrib.auth.models import User

from results.desk.contents import CountContent
from results.desk.publications import publish_content
from results.desk.publishing import PublishResult, find_record, repeated_result
from results.desk.review import can_publish_unreviewed
from results.desk.review_queue import locked, queue_for_review
from results.models import Contest, Election, ReviewItem


def submit(
    contest: Contest, content: CountContent, *, by: User, idempotency_key: str
) -> PublishResult | ReviewItem:
    """Publish a quote or a photo from a count, or queue it for review.

    A repeated request gets its first response, as it stands now. Raises `IdempotencyKeyReused`
    where the key was used for something else.
    """
    with locked(contest):
        if _is_published_now(by, idempotency_key, contest.election):
            return publish_content(
                contest.election, content, by=by, idempotency_key=idempotency_key
            )
        item = queue_for_review(
            contest, content.review_kind, content.to_json(), by=by, idempotency_key=idempotency_key
        )
        return _response(item)


def find_earlier_response(by: User, idempotency_key: str) -> PublishResult | ReviewItem | None:
    """The response to an earlier request under the same key, as it stands now."""
    record = find_record(by, idempotency_key)
    if record is not None:
        return repeated_result(record)
    item = ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key).first()
    return _response(item) if item is not None else None


def _is_published_now(by: User, idempotency_key: str, election: Election) -> bool:
    """Whether to publish immediately, as before where it is a repeated request.

    Not what was queued: its wording may have been changed since.
    """
    if ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key).exists():
        return False
    return find_record(by, idempotency_key) is not None or can_publish_unreviewed(by, election)


def _response(item: ReviewItem) -> PublishResult | ReviewItem:
    return PublishResult(item.bulletin, repeated=True) if item.bulletin is not None else item

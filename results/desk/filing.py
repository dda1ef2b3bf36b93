"""Quotes and photos from a count: published at once, or kept for the desk to look at.

At once for a reporter who is trusted, between the close of poll and the closing of the night: what
is said of how people voted may not be published before (Representation of the People Act 1983,
s. 66A), and what comes afterwards is no longer looked for.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from results.arithmetic import clean_text
from results.desk.photos import publish_photo, words_of
from results.desk.publishing import PublishResult
from results.desk.quotes import publish_quote, wording_of
from results.desk.review import can_publish_unreviewed
from results.desk.review_queue import locked, queue_for_review
from results.models import Candidate, Contest, Election, IdempotencyRecord, ReviewItem


def submit_quote(
    contest: Contest,
    words: str,
    *,
    by: User,
    idempotency_key: str,
    candidate: Candidate | None = None,
    speaker: str = "",
    role: str = "",
    reported: bool = False,
    said_at: datetime | None = None,
) -> PublishResult | ReviewItem:
    """Publish a quote from a count, or keep it for the desk. The same key gets the same answer.

    Raises what publishing raises, and KeyReused when the key came with something else.
    """
    said_at = said_at or timezone.now()
    wording = wording_of(words, speaker, candidate)
    shared: dict[str, Any] = {"role": clean_text(role), "reported": reported, **wording}
    with locked(contest):
        if _goes_out(by, idempotency_key, contest.election):
            return publish_quote(
                contest.election,
                contest=contest,
                candidate=candidate,
                said_at=said_at,
                by=by,
                idempotency_key=idempotency_key,
                **shared,
            )
        content = {
            "candidate": candidate.pk if candidate else None,
            "said_at": said_at.isoformat(),
            **shared,
        }
        return _kept(
            queue_for_review(
                contest, ReviewItem.Kind.QUOTE, content, by=by, idempotency_key=idempotency_key
            )
        )


def submit_photo(
    contest: Contest,
    name: str,
    *,
    caption: str,
    alt: str,
    credit: str,
    by: User,
    idempotency_key: str,
) -> PublishResult | ReviewItem:
    """Publish a stored picture from a count, or keep it for the desk; as ``submit_quote``.

    Sent twice at the same time it is stored under two names: the first that comes here is taken.
    """
    words: dict[str, Any] = words_of(caption, alt, credit)
    with locked(contest):
        earlier = find_earlier_response(by, idempotency_key)
        if earlier is not None:
            return earlier
        if can_publish_unreviewed(by, contest.election):
            return publish_photo(
                contest.election,
                name,
                contest=contest,
                by=by,
                idempotency_key=idempotency_key,
                **words,
            )
        return _kept(
            queue_for_review(
                contest,
                ReviewItem.Kind.PHOTO,
                {"name": name, **words},
                by=by,
                idempotency_key=idempotency_key,
            )
        )


def find_earlier_response(by: User, idempotency_key: str) -> PublishResult | ReviewItem | None:
    """What was answered to the same key before, as it stands by now."""
    receipt = (
        IdempotencyRecord.objects.filter(by=by, idempotency_key=idempotency_key)
        .select_related("bulletin")
        .first()
    )
    if receipt is not None:
        return PublishResult(receipt.bulletin, repeated=True, unchanged=receipt.unchanged)
    kept = ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key).first()
    return _kept(kept) if kept is not None else None


def _goes_out(by: User, idempotency_key: str, election: Election) -> bool:
    """Whether it goes out now, or went out before, whatever holds by now.

    Not what waited at the desk: its wording may have been changed there.
    """
    if ReviewItem.objects.filter(by=by, idempotency_key=idempotency_key).exists():
        return False
    before = IdempotencyRecord.objects.filter(by=by, idempotency_key=idempotency_key).exists()
    return before or can_publish_unreviewed(by, election)


def _kept(kept: ReviewItem) -> PublishResult | ReviewItem:
    return PublishResult(kept.bulletin, repeated=True) if kept.bulletin is not None else kept

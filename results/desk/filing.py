"""Quotes and photos from a count: published at once, or kept for the desk to look at.

At once for a reporter who is trusted, between the close of poll and the closing of the night: what
is said of how people voted may not be published before (Representation of the People Act 1983,
s. 66A), and what comes afterwards is no longer looked for.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from results.arithmetic import clean_text
from results.desk.photos import publish_photo, words_of
from results.desk.publishing import PublishResult, find_record
from results.desk.quotes import publish_quote, wording_of
from results.desk.review import can_publish_unreviewed
from results.desk.review_queue import (
    current_answer,
    find_earlier_answer,
    find_review_item,
    locked,
    queue_for_review,
)
from results.models import Candidate, Contest, Election, Notice, ReviewItem


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
        return current_answer(
            queue_for_review(
                contest, ReviewItem.Kind.QUOTE, content, by=by, idempotency_key=idempotency_key
            )
        )


def submit_photo(
    contest: Contest,
    store_picture: Callable[[], str],
    *,
    caption: str,
    alt: str,
    credit: str,
    by: User,
    idempotency_key: str,
) -> PublishResult | ReviewItem:
    """Publish a photo from a count, or queue it for review; otherwise as `submit_quote`.

    `store_picture` stores the picture and returns its name. It is not called for a key that has an
    answer, and not under the night's lock: reading a picture takes seconds. Two requests with one
    key at the same time may both store theirs; the first one's is published.
    """
    words: dict[str, Any] = words_of(caption, alt, credit)
    earlier = find_earlier_answer(by, idempotency_key)
    if earlier is not None:
        return earlier.answer
    name = store_picture()
    with locked(contest):
        earlier = find_earlier_answer(by, idempotency_key)
        if earlier is not None:
            return earlier.answer
        if can_publish_unreviewed(by, contest.election):
            return publish_photo(
                contest.election,
                name,
                contest=contest,
                by=by,
                idempotency_key=idempotency_key,
                **words,
            )
        return current_answer(
            queue_for_review(
                contest,
                ReviewItem.Kind.PHOTO,
                {"name": name, **words},
                by=by,
                idempotency_key=idempotency_key,
            )
        )


def submit_notice(
    contest: Contest, store_picture: Callable[[], str], *, by: User, idempotency_key: str
) -> None:
    """Keep a photo of the returning officer's notice, which readers never see."""
    notices = Notice.objects.filter(by=by, idempotency_key=idempotency_key)
    if not notices.exists():
        values = {"contest": contest, "name": store_picture()}
        notices.get_or_create(by=by, idempotency_key=idempotency_key, defaults=values)


def _goes_out(by: User, idempotency_key: str, election: Election) -> bool:
    """Whether it goes out now, or went out before, whatever holds by now.

    Not what waited at the desk: its wording may have been changed there.
    """
    if find_review_item(by, idempotency_key) is not None:
        return False
    return find_record(by, idempotency_key) is not None or can_publish_unreviewed(by, election)

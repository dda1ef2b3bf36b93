"""Publish quotes and photos from a count immediately, or queue them for review.

A trusted reporter's are published immediately between the close of poll and the closing of the
night. Before that, statements about how people voted may not be published (Representation of the
People Act 1983, s. 66A); afterwards the editors decide.
"""

from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth.models import User

from results.desk.contents import CountContent, PhotoContent
from results.desk.intents import Intent
from results.desk.publications import publish_content
from results.desk.publishing import SubmitResult, find_record
from results.desk.review import can_publish_unreviewed, is_editor, night_closed
from results.desk.review_items import (
    current_answer,
    find_earlier_answer,
    find_review_item,
    locked,
)
from results.desk.review_queue import queue_for_review
from results.models import PUBLISH_UNREVIEWED, Contest, Election, Notice


def submit(
    contest: Contest,
    content: CountContent,
    *,
    by: User,
    idempotency_key: str,
    knows_closed: bool = True,
    validate: Callable[[], None] | None = None,
) -> SubmitResult:
    """Publish a quote from a count, or queue it for review.

    `validate` is called under the night's lock where the key has no answer yet: an exception of
    its own refuses the quote. Raises `NightClosed` where it would have been published if the night
    were open, unless its sender `knows_closed`. A repeated request gets its first answer, as it
    stands now. Raises `IdempotencyKeyReused` where the key was used for something else.
    """
    return _submit(
        contest,
        content,
        content.intent_from_count(contest),
        by=by,
        idempotency_key=idempotency_key,
        knows_closed=knows_closed,
        validate=validate,
    )


def submit_photo(
    contest: Contest,
    content: PhotoContent,
    store_picture: Callable[[], str],
    *,
    digest: str,
    by: User,
    idempotency_key: str,
    knows_closed: bool = True,
) -> SubmitResult:
    """Store the picture of `content`, which has no name yet, and submit it like `submit`.

    `digest` is that of the file as it was sent. `store_picture` returns the name. It is not called
    for a key that has an answer, and not under the night's lock: reading a picture takes seconds.
    Two requests with one key at the same time may both store theirs; the first one's is published.
    """
    intent = content.intent_from_count(contest, digest)
    earlier = find_earlier_answer(by, idempotency_key)
    if earlier is not None:
        intent.require(earlier.fingerprint, idempotency_key)
        return earlier.answer
    if not knows_closed:  # before a picture is stored, and again under the lock
        _require_open(by, Election.objects.get(pk=contest.election_id))
    stored = replace(content, name=store_picture())
    return _submit(
        contest, stored, intent, by=by, idempotency_key=idempotency_key, knows_closed=knows_closed
    )


def submit_notice(
    contest: Contest,
    store_picture: Callable[[], str],
    *,
    digest: str,
    by: User,
    idempotency_key: str,
) -> None:
    """Keep a photo of the returning officer's notice, which readers never see.

    Raises `IdempotencyKeyReused` where the key was used for another picture or contest.
    """
    intent = Intent({"act": "notice", "contest": contest.pk, "picture": digest})
    notices = Notice.objects.filter(by=by, idempotency_key=idempotency_key)
    notice = notices.first()
    if notice is None:
        values = {"contest": contest, "name": store_picture(), "fingerprint": intent.fingerprint}
        with locked(contest):
            find_record(by, idempotency_key)  # raises where it was taken back
            notice, _new = notices.get_or_create(
                by=by, idempotency_key=idempotency_key, defaults=values
            )
    intent.require(notice.fingerprint, idempotency_key)


def _submit(
    contest: Contest,
    content: CountContent,
    intent: Intent,
    *,
    by: User,
    idempotency_key: str,
    knows_closed: bool,
    validate: Callable[[], None] | None = None,
) -> SubmitResult:
    with locked(contest):
        if find_earlier_answer(by, idempotency_key) is None:
            if not knows_closed:
                _require_open(by, contest.election)
            if validate is not None:
                validate()
        if _is_published_now(by, idempotency_key, contest.election):
            return publish_content(
                contest.election, content, by=by, idempotency_key=idempotency_key, intent=intent
            )
        item = queue_for_review(
            contest,
            content.review_kind,
            content.to_json(),
            by=by,
            idempotency_key=idempotency_key,
            intent=intent,
        )
        return current_answer(item)


def _require_open(by: User, election: Election) -> None:
    """Raise NightClosed for a trusted reporter's submission once the night is closed.

    Those of others are reviewed on any night.
    """
    if election.final and not is_editor(by) and by.has_perm(f"results.{PUBLISH_UNREVIEWED}"):
        raise night_closed()


def _is_published_now(by: User, idempotency_key: str, election: Election) -> bool:
    """Whether to publish immediately; a repeated request is treated as it was at first.

    A queued submission is not published, because its wording may have been changed since.
    """
    return find_review_item(by, idempotency_key) is None and (
        find_record(by, idempotency_key) is not None or can_publish_unreviewed(by, election)
    )

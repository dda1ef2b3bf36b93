"""Review items that wait on a night dashboard."""

import io

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.models import (
    Contest,
    Declaration,
    Election,
    Photo,
    ReviewItem,
)
from tests import nights


def submit(seat: Contest, by: User, **changes: object) -> ReviewItem:
    """Submit a result that waits for a second person."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    ballot_counts = nights.islington_ballot_counts(seat, **changes)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=nights.key(),
        base_revision=0,
        knows_closed=True,
    )
    item = desk.submit_result(seat, ballot_counts, request)
    assert isinstance(item, ReviewItem)
    return item


def queue_quote(contest: Contest, words: str = "Well.") -> ReviewItem:
    content = {"words": words, "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}
    return desk.queue_for_review(
        contest, ReviewItem.Kind.QUOTE, content, by=nights.user(), idempotency_key=nights.key()
    )


def publish_photo(contest: Contest, by: User) -> Photo:
    """Store a picture in MEDIA_ROOT, which the test has set, and publish it."""
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(file, "JPEG")
    stored = store(SimpleUploadedFile("a.jpg", file.getvalue()), file.tell())
    words = {"caption": "On the stage", "alt": "A man", "credit": "Ann"}
    content = desk.PhotoContent(name=stored.name, contest=contest, **words)
    desk.publish(contest.election, content, by=by, idempotency_key=nights.key())
    return Photo.objects.get()

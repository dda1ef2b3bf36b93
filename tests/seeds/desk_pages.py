"""Seed functions: a night with everything that editors' pages show."""

import io
from typing import TypedDict

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.editor.roles import set_up_groups
from results.models import Assignment, Contest, Declaration, Election, ReviewItem
from tests import nights

PASSWORD = nights.PASSWORD


class Keys(TypedDict):
    """Primary keys of the night's objects, for addresses of the admin."""

    election: int
    contest: int
    other: int
    declaration: int
    quote: int
    result: int
    reporter: int


def name_of(slug: str) -> str:
    return f"The night {slug}"


def night(slug: str) -> Keys:
    set_up_groups()
    election = nights.election(slug, name=name_of(slug))
    seat = nights.islington_north(election)
    other = nights.contest(election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    editor, reporter = nights.user("editor", staff=True), nights.user("reporter")
    for person in (editor, reporter):
        person.set_password(PASSWORD)
        person.save()
    Assignment.objects.create(reporter=reporter, contest=other)
    ballot_counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, ballot_counts, by=reporter, idempotency_key=nights.key())
    desk.publish(
        election,
        desk.PostContent(text="We are at two counts."),
        by=editor,
        idempotency_key=nights.key(),
    )
    quote = desk.queue_for_review(
        other,
        ReviewItem.Kind.QUOTE,
        {"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"},
        by=reporter,
        idempotency_key=nights.key(),
    )
    return Keys(
        election=election.pk,
        contest=seat.pk,
        other=other.pk,
        declaration=seat.declarations.get().pk,
        quote=quote.pk,
        result=_two_that_differ(other),
        reporter=reporter.pk,
    )


def _two_that_differ(other: Contest) -> int:
    """Queue two reporters' different results for one count; return the first one's key."""
    Election.objects.filter(pk=other.election_id).update(second_person=Election.SecondPerson.ALWAYS)
    waiting = []
    for name, votes in (("reporter", (20000, 9000)), ("colleague", (20000, 9001))):
        submission = desk.RevisionRequest(
            kind=Declaration.Kind.DECLARATION,
            by=nights.user(name),
            idempotency_key=nights.key(),
            base_revision=0,
        )
        waiting.append(desk.submit_result(other, nights.ballot_counts(other, *votes), submission))
    first = waiting[0]
    assert isinstance(first, ReviewItem)
    return int(first.pk)


def approve_quote(key: int) -> None:
    desk.approve(ReviewItem.objects.get(pk=key), by=nights.user("colleague"))


def publish_photo(election: str) -> int:
    """Publish a picture from the declared contest; return its key."""
    contest = Contest.objects.get(election__slug=election, name="Islington North")
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(file, "JPEG")
    stored = store(SimpleUploadedFile("a.jpg", file.getvalue()), file.tell())
    words = {"caption": "On the stage", "alt": "A man", "credit": "Ann"}
    content = desk.PhotoContent(name=stored.name, contest=contest, **words)
    by, key = nights.user("editor"), nights.key()
    published = desk.publish(contest.election, content, by=by, idempotency_key=key)
    assert published.bulletin.photo is not None
    return int(published.bulletin.photo.pk)


def make_rehearsal(election: str) -> None:
    Election.objects.filter(slug=election).update(rehearsal=True)


def without_second_person(election: str) -> None:
    Election.objects.filter(slug=election).update(second_person=Election.SecondPerson.NEVER)

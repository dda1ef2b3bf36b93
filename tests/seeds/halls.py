"""Seed functions: counts that a phone declares one after the other."""

from typing import TypedDict

from django.utils import timezone

from results.models import Assignment, Bulletin, Contest
from tests import nights

PASSWORD = nights.PASSWORD
CANDIDATES = [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")]


class Record(TypedDict):
    """What the desk holds of a hall: the last three are of the declaration that stands."""

    revisions: int
    bulletins: int
    sequence: int | None
    votes: list[int | None]
    seconds_ago: float | None


def reporter() -> None:
    person = nights.user("reporter")
    person.set_password(PASSWORD)
    person.save()


def night(slug: str, halls: int) -> None:
    election = nights.election(slug)
    for number in range(halls):
        seat = nights.contest(election, f"Hall {number:02}", CANDIDATES)
        Assignment.objects.create(reporter=nights.user("reporter"), contest=seat)


def records(election: str) -> dict[str, Record]:
    """Each hall's record, by its slug."""
    return {seat.slug: _record(seat) for seat in Contest.objects.filter(election__slug=election)}


def _record(seat: Contest) -> Record:
    record = Record(
        revisions=seat.declarations.count(),
        bulletins=Bulletin.objects.filter(contest=seat).count(),
        sequence=None,
        votes=[],
        seconds_ago=None,
    )
    declaration = seat.standing.declaration
    if declaration is not None:
        record["sequence"] = declaration.sequence
        record["votes"] = [total.votes for total in declaration.totals.order_by("candidate")]
        declared_at = seat.standing.first_declared_at
        assert declared_at is not None
        record["seconds_ago"] = (timezone.now() - declared_at).total_seconds()
    return record

"""Seed functions: the night of the fault tests, and what its database holds."""

from datetime import datetime
from typing import Any

from results import desk
from results.models import Assignment, Bulletin, Declaration, Election, IdempotencyRecord, Night
from tests import nights
from tests.seeds.counts import with_password

REPORTERS, EDITOR = ("ann", "bob"), "eve"

#: A seat's slug, its candidates' ids in ballot order, and its own id.
Seat = tuple[str, list[int], int]


def night(seats: int, polls_close: str | None = None) -> list[Seat]:
    """Two reporters take turns at the seats; the polls close at a moment in ISO 8601."""
    closing = datetime.fromisoformat(polls_close) if polls_close else None
    times: dict[str, Any] = {}
    if closing is not None:
        times = {"date": closing.date(), "polls_close": closing}
    election = nights.election(second_person="never", **times)
    reporters = [with_password(nights.user(name)) for name in REPORTERS]
    with_password(nights.user(EDITOR, staff=True))
    return [_seat(election, number, reporters[number % len(reporters)]) for number in range(seats)]


def _seat(election: Election, number: int, reporter: Any) -> Seat:
    contest = nights.contest(
        election,
        f"Seat {number}",
        [("Ann Hall", "lab"), ("Bob Rice", "con")],
        last={"con": 20000, "lab": 15000},
        hex_q=number,
        hex_r=0,
    )
    Assignment.objects.create(reporter=reporter, contest=contest)
    return contest.slug, [candidate.pk for candidate in contest.candidates.all()], contest.pk


def headlines(count: int) -> None:
    election, by = Election.objects.get(slug="ge"), nights.user()
    for number in range(count):
        desk.publish(
            election,
            desk.HeadlineContent(text=f"Headline {number}"),
            by=by,
            idempotency_key=f"headline-{number}",
        )


def position() -> tuple[str, int]:
    """The epoch and the number that the night is at."""
    held = Night.objects.get(election__slug="ge")
    return str(held.epoch), held.sequence


def log() -> dict[str, Any]:
    """Return the data of `tests.faults.checker.Log`, without the fresh pages."""
    held = Night.objects.get(election__slug="ge")
    bulletins = Bulletin.objects.filter(election=held.election).order_by("sequence")
    records = IdempotencyRecord.objects.filter(bulletin__in=bulletins)
    revisions = Declaration.objects.filter(contest__election=held.election).order_by("pk")
    return {
        "epoch": str(held.epoch),
        "sequence": held.sequence,
        "bulletins": [
            [str(bulletin.epoch), bulletin.sequence, bulletin.fragments] for bulletin in bulletins
        ],
        "sequences": dict(records.values_list("idempotency_key", "bulletin__sequence")),
        "revisions": [
            [revision.contest.slug, revision.revision, revision.sequence, _votes(revision)]
            for revision in revisions
        ],
    }


def _votes(declaration: Declaration) -> list[int | None]:
    votes = declaration.ballot_counts.votes
    return [votes[candidate.pk] for candidate in declaration.contest.candidates.all()]

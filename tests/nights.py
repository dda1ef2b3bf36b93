"""Small invented elections for tests."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.text import slugify

from results import desk
from results.arithmetic import BallotCounts
from results.desk.accounts import set_trusted
from results.models import (
    Candidate,
    Contest,
    Declaration,
    Election,
    LastResult,
    LastVotes,
    Party,
    Person,
    Region,
    Standing,
    StandingAs,
    clock,
)

PARTIES = {
    "lab": ("Labour", "Labour", "Lab", "#dc241f"),
    "con": ("Conservative", "Conservatives", "Con", "#0087dc"),
    "ld": ("Liberal Democrat", "Liberal Democrats", "LD", "#faa61a"),
    "green": ("Green", "Greens", "Green", "#6ab023"),
    "brexit": ("Brexit Party", "Brexit Party", "Brexit", "#12b6cf"),
    "loony": ("Official Monster Raving Loony Party", "Monster Raving Loonies", "MRLP", "#ffd700"),
}

#: Of every user that a seed function gives one: several of them share a desk, and its users.
PASSWORD = "password of this test"

#: Islington North, 12 December 2019: name, party, votes.
ISLINGTON_NORTH = [
    ("Jeremy Corbyn", "lab", 34603),
    ("Nick Wakeling", "ld", 8415),
    ("James Clark", "con", 5483),
    ("Caroline Russell", "green", 4326),
    ("Yosef David", "brexit", 742),
    ("Nick the Flying Brick", "loony", 236),
]


def key() -> str:
    """Return a new idempotency key."""
    return secrets.token_hex(8)


def user(name: str = "reporter", *, staff: bool = False) -> User:
    """Return the user of this name, made if missing; nobody loses rights by being asked for."""
    found, created = User.objects.get_or_create(
        username=name, defaults={"is_staff": staff, "is_superuser": staff}
    )
    if staff and not created and not found.is_superuser:
        # Seed functions share a desk, in any order: another may have made a user without rights.
        found.is_staff = found.is_superuser = True
        found.save(update_fields=["is_staff", "is_superuser"])
    return found


def trust(reporter: User) -> User:
    """Let a reporter's quotes and photos be published without review."""
    set_trusted(reporter, True)
    return reporter


def party(slug: str) -> Party:
    name, collective, abbreviation, colour = PARTIES[slug]
    return Party.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "collective": collective,
            "abbreviation": abbreviation,
            "colour": colour,
        },
    )[0]


def election(slug: str = "ge", **fields: object) -> Election:
    return Election.objects.create(
        **{
            "slug": slug,
            "name": "General election",
            "date": date(2019, 12, 12),
            "polls_close": datetime(2019, 12, 12, 22, tzinfo=UTC),
        }
        | fields
    )


def contest(
    night: Election,
    name: str,
    candidates: Sequence[tuple[str, str]],
    *,
    last: Mapping[str, int] | None = None,
    region: str = "",
    **fields: object,
) -> Contest:
    """A contest with `(name, label)` candidates in ballot order; a label is a party's slug,
    `independent` or `speaker`. `last` is last time's votes by label; the most votes won.
    """
    with _one_commit():
        made_region = None
        if region:
            made_region = Region.objects.get_or_create(
                election=night, slug=region.lower().replace(" ", "-"), defaults={"name": region}
            )[0]
        seat = Contest.objects.create(
            **{"election": night, "name": name, "slug": slugify(name)}
            | {"region": made_region}
            | fields
        )
        people = Person.objects.bulk_create(Person(name=who) for who, _label in candidates)
        standing = standing_of(label for _who, label in candidates)
        Candidate.objects.bulk_create(
            Candidate(contest=seat, name=who, ballot_order=order, person=person, **standing[label])
            for order, ((who, label), person) in enumerate(zip(candidates, people, strict=True), 1)
        )
        if last:
            add_last_time(seat, last)
    return seat


def _one_commit() -> AbstractContextManager[object]:
    """Commit several rows at once, not each by itself; within a transaction it does nothing."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def add_last_time(seat: Contest, votes: Mapping[str, int]) -> LastResult:
    result = LastResult.objects.create(
        contest=seat, date=date(2017, 6, 8), valid=sum(votes.values()), electorate=70000
    )
    standing, most = standing_of(votes), max(votes.values())
    LastVotes.objects.bulk_create(
        LastVotes(last_result=result, votes=total, elected=total == most, **standing[label])
        for label, total in votes.items()
    )
    return result


def standing_of(labels: Iterable[str]) -> dict[str, dict[str, Any]]:
    """How a candidate of each label stands: for a party, which is made if missing, or not."""
    of_no_party = (StandingAs.INDEPENDENT, StandingAs.SPEAKER, StandingAs.ANSWER)
    labels = list(dict.fromkeys(labels))
    slugs = [label for label in labels if label not in of_no_party]
    found = {known.slug: known for known in Party.objects.filter(slug__in=slugs)}
    parties = {slug: found.get(slug) or party(slug) for slug in slugs}
    return {
        label: {"party": parties[label]} if label in parties else {"standing_as": label}
        for label in labels
    }


def stand_for(night: Election, old: str, slug: str, *names: str) -> None:
    """Have who stands and stood for a party do so for another, of this name, collective, and
    abbreviation. Renamed itself, it would have another name in every night of a shared desk.
    """
    fields = dict(zip(("name", "collective", "abbreviation"), names, strict=True))
    colour = PARTIES[old][-1]
    new, _is_new = Party.objects.get_or_create(slug=slug, defaults={**fields, "colour": colour})
    of_old = {"party__slug": old}
    Candidate.objects.filter(contest__election=night, **of_old).update(party=new)
    LastVotes.objects.filter(last_result__contest__election=night, **of_old).update(party=new)


def islington_north(night: Election) -> Contest:
    """Create the seat with its real candidates, in alphabetical order of surnames."""
    by_surname = sorted(ISLINGTON_NORTH, key=lambda row: row[0].split()[-1])
    seat = contest(
        night,
        "Islington North",
        [(name, label) for name, label, _votes in by_surname],
        last={"lab": 40086, "con": 6871, "ld": 4946, "green": 2229},
        region="London",
        electorate=75162,
        venue="Sobell Leisure Centre",
    )
    seat.candidates.filter(name="Jeremy Corbyn").update(times_elected=9, sitting_member=True)
    return seat


def ballot_counts(seat: Contest, *votes: int | None, **more: Any) -> BallotCounts:
    """Return ballot counts with votes in ballot-paper order."""
    ids = [candidate.pk for candidate in seat.candidates.all()]
    return BallotCounts(votes=dict(zip(ids, votes, strict=True)), **more)


def islington_ballot_counts(seat: Contest, **changes: object) -> BallotCounts:
    totals = {name: votes for name, _label, votes in ISLINGTON_NORTH}
    ordered = [totals[candidate.name] for candidate in seat.candidates.all()]
    return ballot_counts(seat, *ordered, **({"rejected": 227, "electorate": 75162} | changes))


def postpone(seat: Contest) -> None:
    """Publish that the poll is held on another day, as the desk does."""
    desk.report_status(seat, Standing.Status.POSTPONED, by=user("desk"), idempotency_key="p")


def declare(seat: Contest, *votes: int | None, **more: object) -> desk.PublishResult:
    """Declare votes in ballot-paper order, with a reason for any warning."""
    counts = ballot_counts(seat, *votes, **more)
    reason = {"warning_reason": "As read out."}
    return declare_counts(seat, counts, by=user(), idempotency_key=key(), **reason)


def declare_counts(seat: Contest, counts: BallotCounts, **request: Any) -> desk.PublishResult:
    """Declare a result now; `request` are further fields of a RevisionRequest."""
    return _publish(
        Declaration.Kind.DECLARATION, seat, counts, **({"declared_at": clock.now()} | request)
    )


def declare_winner(
    seat: Contest,
    winners: Iterable[Candidate],
    *,
    votes: Mapping[int, int] | None = None,
    **request: Any,
) -> desk.PublishResult:
    """Publish only the winners, with the `votes` known so far by candidate id."""
    candidates = seat.candidates.values_list("pk", flat=True)
    counts = BallotCounts.of_winners(candidates, [winner.pk for winner in winners], votes)
    return _publish(
        Declaration.Kind.WINNER_ONLY, seat, counts, **({"declared_at": clock.now()} | request)
    )


def publish_some(seat: Contest, *votes: int | None, **request: Any) -> desk.PublishResult:
    """Publish some totals in ballot-paper order, None for each that is not known."""
    more = {"by": user(), "idempotency_key": key(), "declared_at": clock.now()}
    return _publish(
        Declaration.Kind.INCOMPLETE, seat, ballot_counts(seat, *votes), **(more | request)
    )


def complete(seat: Contest, counts: BallotCounts, **request: Any) -> desk.PublishResult:
    """Publish every candidate's votes for a contest whose winner is published."""
    return _publish(Declaration.Kind.UPDATE, seat, counts, **request)


def correct(seat: Contest, counts: BallotCounts, **request: Any) -> desk.PublishResult:
    ours = {"blame": Declaration.Blame.OURS}
    return _publish(Declaration.Kind.CORRECTION, seat, counts, **(ours | request))


def withdraw(seat: Contest, **request: Any) -> desk.PublishResult:
    ours = {"blame": Declaration.Blame.OURS}
    return _publish(Declaration.Kind.WITHDRAWAL, seat, None, **(ours | request))


def _publish(
    kind: Declaration.Kind, seat: Contest, counts: BallotCounts | None, **request: Any
) -> desk.PublishResult:
    return desk.publish_result(seat, counts, desk.RevisionRequest(kind=kind, **request))

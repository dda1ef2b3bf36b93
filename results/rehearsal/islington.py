"""Load the Islington night of 12 December 2019, as a local paper reported it, in our words.

One count in full, its neighbour only as far as the report went, and the winner's speech as
reported speech.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from results import desk
from results.arithmetic import BallotCounts
from results.models import (
    Candidate,
    Contest,
    Declaration,
    Election,
    LastResult,
    LastVotes,
    Person,
    Region,
    StandingAs,
    clock,
)
from results.models.known_parties import known_party

SLUG = "ge2019"
#: In ballot-paper order: name, party, description on the ballot paper, votes.
ISLINGTON_NORTH = (
    ("James Clark", "con", "Conservative", 5483),
    ("Jeremy Corbyn", "lab", "Labour", 34603),
    ("Yosef David", "reform", "The Brexit Party", 742),
    ("Nick the Flying Brick", "loony", "Official Monster Raving Loony Party", 236),
    ("Caroline Russell", "green", "Green Party", 4326),
    ("Nick Wakeling", "ld", "Liberal Democrats", 8415),
)
ISLINGTON_SOUTH = (
    ("Kate Pothalingam", "ld", "Liberal Democrats", 9569),
    ("Emily Thornberry", "lab", "Labour", 26897),
)
NORTH_NOTE = (
    "Jeremy Corbyn first won Islington North in 1983, from a sitting member who had left the "
    "party. In 2017 he took 40,086 votes here."
)
SOUTH_NOTE = (
    "The report of the night gave the first and the second here and nothing about anyone else, so "
    "the others stand on one line, their figures to follow."
)
#: The other candidates of Islington South, whom the report does not name.
NOT_NAMED = "Other candidates"
HEADLINE = "Labour leader holds Islington North and says he will not fight another election"
#: Jeremy Corbyn at the count, in our words, by the minute after three.
SPEECH = {
    24: "He will not lead the party into another general election, and stays until it has chosen "
    "a successor.",
    26: "He puts the defeat down to Brexit, which he says crowded out everything else.",
    28: "He stands by the manifesto and the policies in it.",
    30: "He objects to how the media intruded on the people close to him.",
    31: "He thanks his family for standing by him.",
}


def at(hour: int, minute: int) -> datetime:
    """Return a time of that night; in December the zone's clock is UTC."""
    return datetime(2019, 12, 13, hour, minute, tzinfo=UTC)


@transaction.atomic
def load(by: User) -> Election:
    """Load the night as declared; loading it again changes nothing."""
    election, created = Election.objects.get_or_create(
        slug=SLUG,
        defaults={
            "name": "General election 2019: Islington",
            "date": date(2019, 12, 12),
            "polls_close": datetime(2019, 12, 12, 22, tzinfo=UTC),
            "house_seats": 650,
        },
    )
    if created:
        north, south = _contests(election)
        _declare(election, north, south, by)
    return election


def _contests(election: Election) -> tuple[Contest, Contest]:
    london = Region.objects.create(
        election=election, slug="london", name="London", nation="England"
    )
    north = Contest.objects.create(
        election=election,
        slug="islington-north",
        name="Islington North",
        code="E14000763",
        region=london,
        electorate=75162,
        venue="Sobell Leisure Centre",
        note=NORTH_NOTE,
        expected_at=at(3, 15),
    )
    south = Contest.objects.create(
        election=election,
        slug="islington-south-and-finsbury",
        name="Islington South and Finsbury",
        code="E14000764",
        region=london,
        note=SOUTH_NOTE,
        expected_at=at(3, 0),
    )
    _candidates(north, ISLINGTON_NORTH)
    _candidates(south, ISLINGTON_SOUTH)
    Candidate.objects.create(
        contest=south,
        name=NOT_NAMED,
        ballot_order=len(ISLINGTON_SOUTH) + 1,
        description="not named in the report",
        standing_as=StandingAs.INDEPENDENT,
    )
    north.candidates.filter(name="Jeremy Corbyn").update(sitting_member=True, times_elected=9)
    south.candidates.filter(name="Emily Thornberry").update(sitting_member=True)
    _last_time(north, "Jeremy Corbyn", votes=40086, electorate=74831)
    _last_time(south, "Emily Thornberry")
    return north, south


def _candidates(contest: Contest, ballot: tuple[tuple[str, str, str, int], ...]) -> None:
    for order, (name, party, description, _votes) in enumerate(ballot, start=1):
        Candidate.objects.create(
            contest=contest,
            person=Person.objects.create(name=name),
            name=name,
            ballot_order=order,
            description=description,
            party=known_party(party).make(),
        )


def _last_time(
    contest: Contest, winner: str, *, votes: int | None = None, electorate: int | None = None
) -> None:
    """Store what the report says of 2017: the winner, and for one seat votes and electorate."""
    result = LastResult.objects.create(
        contest=contest, date=date(2017, 6, 8), electorate=electorate, source="As reported"
    )
    candidate = contest.candidates.get(name=winner)
    LastVotes.objects.create(
        last_result=result,
        party=candidate.party,
        person=candidate.person,
        name=winner,
        votes=votes,
        elected=True,
    )


def _publish(
    contest: Contest, ballot_counts: BallotCounts, *, declared_at: datetime, **fields: Any
) -> None:
    request = desk.RevisionRequest(declared_at=declared_at, **fields)
    with clock.at(declared_at):
        desk.publish_result(contest, ballot_counts, request)


def _declare(election: Election, north: Contest, south: Contest, by: User) -> None:
    _declare_south(south, by)
    _declare_north(north, by)
    _quote_speech(election, north, by)
    with clock.at(at(3, max(SPEECH))):
        desk.publish(
            election, desk.HeadlineContent(text=HEADLINE), by=by, idempotency_key="demo-headline"
        )


def _declare_south(south: Contest, by: User) -> None:
    """Publish the winner, and the votes of those whom the report names."""
    known = {name: votes for name, _party, _description, votes in ISLINGTON_SOUTH}
    candidates = south.candidates.all()
    _publish(
        south,
        BallotCounts.of_winners(
            (candidate.pk for candidate in candidates),
            [south.candidates.get(name="Emily Thornberry").pk],
            {row.pk: known[row.name] for row in candidates if row.name != NOT_NAMED},
        ),
        kind=Declaration.Kind.WINNER_ONLY,
        by=by,
        idempotency_key="demo-islington-south",
        declared_at=at(3, 5),
        source="As reported on the night",
    )


def _declare_north(north: Contest, by: User) -> None:
    totals = {name: votes for name, _party, _description, votes in ISLINGTON_NORTH}
    ballot_counts = BallotCounts(
        votes={candidate.pk: totals[candidate.name] for candidate in north.candidates.all()},
        rejected=227,
        electorate=75162,
        turnout_announced=Decimal("71.8"),
    )
    _publish(
        north,
        ballot_counts,
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key="demo-islington-north",
        declared_at=at(3, 18),
        source="Read out at the count, Sobell Leisure Centre",
    )


def _quote_speech(election: Election, north: Contest, by: User) -> None:
    corbyn = north.candidates.get(name="Jeremy Corbyn")
    for minute, words in SPEECH.items():
        content = desk.QuoteContent(
            words=words, contest=north, candidate=corbyn, role="Labour leader", reported=True
        )
        with clock.at(at(3, minute)):
            desk.publish(election, content, by=by, idempotency_key=f"demo-speech-{minute}")

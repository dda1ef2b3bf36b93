"""Seed functions: a small night with everything that readers' pages show."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

from django.core.management import call_command

from results import desk
from results.arithmetic import ElectionKind
from results.models import Contest, Election, ExternalFigures, Group, Quote
from tests import councils, nights


def elections() -> None:
    """The night, one with nothing in it, a rehearsal, and a night of two councils; once a desk."""
    if Election.objects.filter(slug="ge").exists():
        return
    night("ge")
    locals_ = councils.council_night("locals", name="Council elections")
    for name in ("Northshire", "Southshire"):
        councils.council(locals_, councils.HARROWMERE, name=name, slug=name.lower())
    for ward in locals_.contests.filter(slug__in=["northshire-castle", "northshire-fell-road"]):
        councils.declare(ward)
    _by_election("alone")
    call_command(
        "rehearse",
        "chamber",
        kind=ElectionKind.LONDON_ASSEMBLY,
        declared=4,
        speed=0,
        stdout=StringIO(),
    )
    nights.election("empty", name="An empty night")
    dummy = nights.election("dummy", name="A rehearsal", rehearsal=True)
    for town in ("Nowhere", "Erewhon", "Utopia"):
        nights.contest(dummy, town, [("Ann Test", "con"), ("Bob Test", "lab")])


def awaited() -> None:
    """A seat and two mayors, of whom the first is expected at 01:30; once a desk.

    In a year to come: the server judges by its own clock what has passed.
    """
    if Election.objects.filter(slug="house").exists():
        return
    when = {"date": date(2093, 5, 4), "polls_close": datetime(2093, 5, 4, 21, tzinfo=UTC)}
    people = [("Ann Hall", "con"), ("Bob Rice", "lab")]
    for slug, kind in (("house", ElectionKind.UK_PARLIAMENT), ("mayors", ElectionKind.MAYOR)):
        election = nights.election(slug, kind=kind, **when)
        for hour, name in enumerate(("Vale", "Dale")):
            at = datetime(2093, 5, 5, hour, 30, tzinfo=UTC)
            nights.contest(election, name, people, expected_at=at)


def two_councils(slug: str) -> None:
    """A night of two councils, of which no ward has declared."""
    election = councils.council_night(slug, name="Council elections")
    for name in ("Eastshire", "Westshire"):
        councils.council(election, councils.HARROWMERE, name=name, slug=name.lower())


def mapped_council(slug: str) -> None:
    """A council with a map, of which one ward has declared."""
    election = councils.council_night(slug, name="Council elections")
    councils.council(election, councils.HARROWMERE, name="Westshire", slug="westshire")
    for number, ward in enumerate(election.contests.order_by("slug")):
        ward.hex_q, ward.hex_r = number % 3, number // 3
        ward.save()
    councils.declare(election.contests.get(slug="westshire-castle"))


def declare_ward(slug: str) -> None:
    councils.declare(Election.objects.get(slug=slug).contests.get(slug="eastshire-castle"))


def quote_ward(slug: str, words: str) -> None:
    """Publish a quote from the ward that declares first."""
    ward = Contest.objects.get(election__slug=slug, slug="eastshire-castle")
    content = desk.QuoteContent(contest=ward, words=words, speaker="Ann Hall")
    by = nights.user("editor")
    desk.publish(ward.election, content, by=by, idempotency_key=nights.key())


def withdraw_quote(slug: str) -> None:
    """Withdraw the newest quote."""
    newest = Quote.objects.filter(election__slug=slug).latest("pk")
    desk.withdraw_publication(newest, by=nights.user("editor"), idempotency_key=nights.key())


def _by_election(slug: str) -> None:
    """One seat, whose result is all of the election."""
    election = nights.election(slug, kind=ElectionKind.UK_PARLIAMENT_BY_ELECTION)
    people = [("Olive Eaton", "lab"), ("Pat Frost", "con"), ("Quin Gray", "ld")]
    last = {"lab": 16000, "con": 15000, "ld": 4000}
    seat = nights.contest(election, "Alderbrook", people, last=last)
    nights.declare(seat, 15000, 14900, 6000, electorate=70000)


def night(slug: str) -> None:
    election = nights.election(slug, house_seats=650)
    by = nights.user()
    north = nights.islington_north(election)
    election.contests.filter(pk=north.pk).update(hex_q=0, hex_r=0)
    south = nights.contest(
        election,
        "Islington South and Finsbury",
        [("Emily Thornberry", "lab"), ("Kate Pothalingam", "ld")],
        last={"lab": 30000, "ld": 5000, "con": 9000},
        region="London",
        hex_q=1,
        hex_r=0,
    )
    nights.contest(election, "Elsewhere", [("Ann Hall", "con"), ("Bob Rice", "independent")])
    _declare_and_correct(north)
    nights.declare_winner(south, [south.candidates.all()[0]], by=by, idempotency_key=nights.key())
    desk.publish(
        election,
        desk.QuoteContent(
            words="I will not lead the party into another election.",
            contest=north,
            candidate=north.candidates.get(name="Jeremy Corbyn"),
            role="Labour leader",
        ),
        by=by,
        idempotency_key=nights.key(),
    )
    group = Group.objects.create(election=election, slug="patch", name="Our patch", about="Ours.")
    group.contests.set([north, south])
    _exit_poll(election)


def _exit_poll(election: Election) -> None:
    content = desk.ExternalFiguresContent(
        seats={"con": 368, "lab": 191, "others": 91},
        kind=ExternalFigures.Kind.EXIT_POLL,
        source="Three broadcasters",
        as_of=election.polls_close,
    )
    desk.publish(election, content, by=nights.user(), idempotency_key=nights.key())


def _declare_and_correct(north: Contest) -> None:
    """8,451 for a candidate, and then 8,415."""
    by = nights.user()
    ballot_counts = nights.islington_ballot_counts(north)
    wakeling = north.candidates.get(name="Nick Wakeling")
    misheard = replace(ballot_counts, votes={**ballot_counts.votes, wakeling.pk: 8451})
    nights.declare_counts(north, misheard, by=by, idempotency_key=nights.key())
    nights.correct(
        north,
        ballot_counts,
        by=by,
        idempotency_key=nights.key(),
        base_revision=1,
        reason="Two digits were transposed.",
    )


def declare_elsewhere(election: str) -> None:
    contest = Contest.objects.get(election__slug=election, slug="elsewhere")
    nights.declare(contest, 21000, 9000, electorate=45000)

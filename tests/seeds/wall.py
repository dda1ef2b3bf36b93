"""Seed functions: a night whose names are as long as names are, for a screen that cannot scroll."""

from results import desk
from results.models import Contest, Election, Group
from tests import nights
from tests.seeds import front

LONG_HEADLINE = "Conservatives and Liberal Democrats up 26 seats, Labour down 35 after the recount"
LONG_NAMES = (
    "Cumbernauld, Kilsyth and Kirkintilloch East",
    "Inverness, Nairn, Badenoch and Strathspey",
    "Dumfriesshire, Clydesdale and Tweeddale",
    # Of wide letters.
    "Mawmwood and Wrawmwhaven",
)
LONG_PARTY = "Trade Unionist and Socialist Coalition"


def night(slug: str) -> None:
    """`front.night` with a long headline, long names of seats and of a party, and a group."""
    front.night(slug)
    election = Election.objects.get(slug=slug)
    seats = list(election.contests.order_by("name")[12:])
    for seat, name in zip(seats, LONG_NAMES, strict=False):
        Contest.objects.filter(pk=seat.pk).update(name=name)
    nights.stand_for(election, "green", "tusc", LONG_PARTY, "Trade Unionists", "TUSC")
    group = Group.objects.create(election=election, slug="ours", name="Our patch")
    group.contests.set(election.contests.all()[:16])
    desk.start_new_epoch(election)
    for seat in seats[: len(LONG_NAMES)]:
        nights.declare(seat, 700, 8000, 9000)
    headline(slug, LONG_HEADLINE)


def patterned(slug: str) -> None:
    """Gains of the parties that hue alone does not tell apart, and one to come, without a map."""
    election = nights.election(slug)
    for label in ("ld", "green", "lab"):
        people = [("Ann Hall", label), ("Bob Rice", "con")]
        name = label.title()
        last = {"con": 9000, label: 8000}
        seat = nights.contest(election, f"{name} Vale", people, region=f"{name} Side", last=last)
        nights.declare(seat, 9000, 8000)
    nights.contest(election, "Dale", [("Ann Hall", "ld"), ("Bob Rice", "con")])


def headline(slug: str, text: str) -> None:
    by, content = nights.user("editor"), desk.HeadlineContent(text=text)
    election = Election.objects.get(slug=slug)
    desk.publish(election, content, by=by, idempotency_key=nights.key())


def withdraw(slug: str, contest: str) -> None:
    seat = Contest.objects.get(election__slug=slug, slug=contest)
    nights.withdraw(
        seat,
        by=nights.user("editor"),
        idempotency_key=nights.key(),
        base_revision=seat.standing.revision,
        reason="Another count.",
    )


def headlines(slug: str, number: int) -> int:
    """Publish `number` headlines, two in turn. Returns the night's newest sequence."""
    for at in range(number):
        headline(slug, ("Half-way through", "Still half-way through")[at % 2])
    return front.newest_sequence(slug)

"""Seed function: a count of every form that a reporter's phone has, with long names."""

from results import desk
from results.arithmetic import Method
from results.models import Assignment, Contest, Declaration, Election, Message, clock
from tests import nights
from tests.lists import list_ballot
from tests.seeds.phone import PASSWORD

PEOPLE = [
    ("Bartholomew Featherstonehaugh-Cholmondeley", "loony"),
    ("Ann Hall", "lab"),
    ("Ann Hall", "con"),
    ("Wolfeschlegelsteinhausenbergerdorff", "independent"),
    ("Bob Rice", "ld"),
]
#: The slugs of the counts.
COUNTS = ("votes", "ward", "stv", "lists", "area", "unopposed", "differing", "declared")


def night(slug: str) -> None:
    """Counts of one reporter; of `differing` a colleague has sent other figures."""
    election = nights.election(slug)
    seats = [
        nights.contest(election, "Dumfriesshire, Clydesdale and Tweeddale", PEOPLE, slug="votes"),
        nights.contest(election, "Ward", PEOPLE, slug="ward", seats=3),
        nights.contest(election, "Stages", PEOPLE, slug="stv", seats=3, method=Method.DECLARED),
        list_ballot(
            election,
            "Lists",
            {"lab": ["Ann Hall", "Bob Rice"], "con": ["Cat Moss"], "independent": ["Dan Dee"]},
            method=Method.LISTS,
        ),
        nights.contest(election, "Unopposed", PEOPLE[:2], slug="unopposed", seats=3),
        nights.contest(election, "Differing", PEOPLE, slug="differing"),
        nights.contest(election, "Declared", PEOPLE, slug="declared"),
    ]
    area = nights.contest(election, "Area", PEOPLE, slug="area", part_of=seats[0])
    reporter = nights.user("reporter")
    reporter.set_password(PASSWORD)
    reporter.save()
    for seat in (*seats, area):
        Assignment.objects.create(reporter=reporter, contest=seat)
    editor = nights.user("editor")
    desk.publish_unopposed(seats[4], by=editor, idempotency_key=nights.key())
    nights.declare(seats[6], 100, 21000, 9000, 400, 300, electorate=70000)
    for name, votes in (("colleague", 21001), ("reporter", 21000)):
        _send(seats[5], name, votes)
    Message.objects.create(election=election, text="Which hall are you in?", by=editor)


def _send(seat: Contest, name: str, votes: int) -> None:
    Election.objects.filter(pk=seat.election_id).update(second_person=Election.SecondPerson.ALWAYS)
    counts = nights.ballot_counts(seat, 100, votes, 9000, 400, 300)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=nights.user(name),
        idempotency_key=nights.key(),
        declared_at=clock.now(),
        warning_reason="As read out.",
    )
    seat.election.refresh_from_db()
    desk.submit_result(seat, counts, request)

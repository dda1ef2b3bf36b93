"""Seed functions: a night of four seats, with a reporter and an editor."""

from results import desk
from results.models import Assignment, Contest, Election
from tests import nights

PASSWORD = nights.PASSWORD


def night(slug: str) -> int:
    """The key of Islington North, which the reporter is assigned to."""
    election = nights.election(slug, house_seats=650)
    north = nights.islington_north(election)
    for name in ("One", "Two", "Three"):
        nights.contest(election, name, [("Ann", "lab"), ("Bob", "con")], last={"con": 9, "lab": 5})
    reporter, editor = nights.user("reporter"), nights.user("editor", staff=True)
    for person in (reporter, editor):
        person.set_password(PASSWORD)
        person.save()
    Assignment.objects.filter(reporter=reporter).delete()
    Assignment.objects.create(reporter=reporter, contest=north)
    return int(north.pk)


def declare(election: str) -> None:
    """Three declarations: sequences 1 to 3."""
    for slug in ("one", "two", "three"):
        seat = Contest.objects.get(election__slug=election, slug=slug)
        nights.declare(seat, 21000, 9000, electorate=45000)


def headline(election: str, text: str) -> None:
    night = Election.objects.get(slug=election)
    desk.publish(
        night, desk.HeadlineContent(text=text), by=nights.user(), idempotency_key=nights.key()
    )


def rename_liberals_and_declare(election: str, name: str) -> None:
    """Rename a party of this night and declare a seat: a new epoch with a bulletin in it."""
    night = Election.objects.get(slug=election)
    nights.stand_for(night, "ld", "liberal", name, name, "Lib")
    nights.declare(night.contests.get(slug="one"), 21000, 9000, electorate=45000)
    desk.start_new_epoch(night)

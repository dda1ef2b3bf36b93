"""Seed functions: a count of each kind of election, with its reporter assigned."""

from collections.abc import Callable

from results import desk
from results.arithmetic import ElectionKind
from results.models import Assignment, Contest, Election
from tests import nights
from tests.seeds.phone import PASSWORD

NEVER = Election.SecondPerson.NEVER


def _assigned(contest: Contest) -> None:
    reporter = nights.user("reporter")
    reporter.set_password(PASSWORD)
    reporter.save()
    Assignment.objects.get_or_create(reporter=reporter, contest=contest)


def general(slug: str) -> None:
    """A seat that Labour won last time by 33,215 of 54,132 votes."""
    night = nights.election(slug, second_person=NEVER)
    people = [("Ann", "con"), ("Bob", "lab"), ("Cat", "ld"), ("Dan", "green")]
    last = {"lab": 40086, "con": 6871, "ld": 4946, "green": 2229}
    _assigned(nights.contest(night, "Abbey", people, last=last, electorate=75162))


def ward(slug: str) -> None:
    """Three seats, five candidates."""
    night = nights.election(slug, kind=ElectionKind.COUNCIL, second_person=NEVER)
    people = [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab"), ("Dan", "con"), ("Eve", "green")]
    _assigned(nights.contest(night, "Abbey", people, seats=3, electorate=5000))


def mayor(slug: str) -> None:
    night = nights.election(
        slug, name="Mayor of Vale", kind=ElectionKind.MAYOR, second_person=NEVER
    )
    people = [("Ann", "lab"), ("Bob", "con"), ("Cat", "independent")]
    _assigned(nights.contest(night, "Abbey", people, electorate=400000))


def referendum(slug: str) -> None:
    night = nights.election(
        slug, name="Referendum", kind=ElectionKind.REFERENDUM, second_person=NEVER
    )
    answers = [("Yes", "answer"), ("No", "answer")]
    _assigned(nights.contest(night, "Abbey", answers, electorate=400000))


def unopposed(slug: str) -> None:
    """Two stand for the two seats of a ward: no poll is held."""
    night = nights.election(slug, kind=ElectionKind.COUNCIL)
    contest = nights.contest(night, "Abbey", [("Ann", "lab"), ("Bob", "con")], seats=2)
    _assigned(contest)
    desk.publish_unopposed(contest, by=nights.user("editor"), idempotency_key=nights.key())


KINDS: dict[str, Callable[[str], None]] = {
    "general": general, "ward": ward, "mayor": mayor, "referendum": referendum,
}  # fmt: skip

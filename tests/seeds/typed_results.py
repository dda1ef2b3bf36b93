"""The wards of `tests.typed_results`, and what the server says of each of its cases."""

from typing import Any

from django.http import QueryDict

from results.arithmetic import ElectionKind
from results.desk.checks import check
from results.live.seat import Seat, read_seats, with_results
from results.models import Assignment, Contest, Election, Standing
from results.reporter.forms import ResultForm
from results.reporter.statement import statement_of
from results.words.validation_messages import message_text
from tests import nights
from tests.typed_results import TYPED_RESULTS, Typed

THREE = [("Ann", "lab"), ("Bob", "con"), ("Cat", "green")]
FIVE = [*THREE, ("Dan", "ld"), ("Eve", "independent")]


def night(slug: str = "vale") -> None:
    """Four wards that the reporter is sent to."""
    election = nights.election(
        slug, kind=ElectionKind.COUNCIL, second_person=Election.SecondPerson.NEVER
    )
    last = {"lab": 20_000, "con": 14_000, "green": 1_000}
    wards = [
        nights.contest(election, "Abbey", THREE, electorate=10_000),
        nights.contest(election, "Bridge", THREE, electorate=11_000),
        nights.contest(election, "Castle", FIVE, electorate=5_000, seats=3),
        nights.contest(election, "Dell", THREE, last=last),
    ]
    verified = {"verified_electorate": 10_000, "verified_papers": 6_000}
    Standing.objects.update_or_create(contest=wards[1], defaults=verified)
    reporter = nights.trust(nights.user("reporter"))
    if not reporter.check_password(nights.PASSWORD):
        reporter.set_password(nights.PASSWORD)
        reporter.save()
    for ward in wards:
        Assignment.objects.create(reporter=reporter, contest=ward)


def fields_of(typed: Typed, contest: Contest) -> dict[str, Any]:
    """What the ward's form sends."""
    names = [f"votes-{pk}" for pk in contest.candidates.values_list("pk", flat=True)]
    votes = zip(names, typed.votes, strict=True)
    return {
        **{name: "" if total is None else str(total) for name, total in votes},
        **typed.fields,
        "lot": [names[place].removeprefix("votes-") for place in typed.lot],
        "base_revision": "0",
        **({"incomplete": "1"} if None in typed.votes else {}),
    }


def said(slug: str) -> dict[str, dict[str, Any]]:
    """For each case what the server says: codes, levels, texts, and the statement's sentences."""
    contests = with_results(Contest.objects.filter(election__slug=slug))
    seats = {seat.contest.slug: seat for seat in read_seats(contests)}
    return {name: _said(typed, seats[typed.ward]) for name, typed in TYPED_RESULTS.items()}


def _said(typed: Typed, seat: Seat) -> dict[str, Any]:
    data = QueryDict(mutable=True)
    for name, value in fields_of(typed, seat.contest).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = ResultForm(seat, data)
    assert form.is_valid(), form.errors
    counts = form.ballot_counts()
    messages = check(seat, counts, incomplete=form.is_incomplete)
    blocked = any(message.level == "block" for message in messages)
    statement = None if blocked or form.is_incomplete else statement_of(seat, counts)
    return {
        "messages": [[each.level, each.code, each.field, message_text(each)] for each in messages],
        "sentences": list(statement.sentences) if statement else [],
        "elected": list(statement.elected) if statement else [],
        "duly_elected": statement.duly_elected if statement else "",
    }

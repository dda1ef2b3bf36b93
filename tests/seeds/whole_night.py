"""Seed functions: a past election as tonight's, the people who work on it, and its log."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypedDict

from django.utils import timezone

from results import desk
from results.desk.accounts import system_user
from results.editor.roles import set_up_groups
from results.exchange import commons_library
from results.exchange.elections import UK_ZONE
from results.exchange.options import ReadOptions
from results.exchange.past_results import SeatResult, set_up_contests
from results.models import (
    ApiToken,
    Assignment,
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    Night,
    ReviewItem,
)
from tests import nights
from tests.seeds.counts import with_password

EDITORS = ("eve", "fay")
#: Whose phone is a page in a browser; `tests.seeds.truth` knows this name.
REPORTER = "reporter"


class Seat(TypedDict):
    """A contest with its real result; `votes` are of each candidate, in ballot order.

    `seconds` is when it was declared, after the first one, or None where the file has no times.
    """

    slug: str
    pk: int
    votes: list[tuple[int, int]]
    rejected: int | None
    electorate: int | None
    seconds: float | None


def tonight(files: list[str], slug: str = "ge") -> list[Seat]:
    """Move the election to tonight; return its seats in the order in which they were declared."""
    set_up_groups()
    election = Election.objects.get(slug=slug)
    edition = commons_library.read([Path(name) for name in files], UK_ZONE, _options(election))
    results = set_up_contests(election, edition)
    yesterday = timezone.now().date() - timedelta(days=1)
    Election.objects.update(
        date=yesterday,
        polls_close=datetime.combine(yesterday, time(22), UTC),
        second_person=Election.SecondPerson.NEVER,
    )
    desk.start_new_epoch(Election.objects.get(slug=slug))
    first = min(filter(None, map(_declared, results)), default=None)
    return [_seat(result, first) for result in results]


def _options(election: Election) -> ReadOptions:
    options = ReadOptions()
    options.polling_day = election.date
    return options


def _declared(result: SeatResult) -> datetime | None:
    return result.seat.declared_at


def _seat(result: SeatResult, first: datetime | None) -> Seat:
    counts, at = result.ballot_counts, _declared(result)
    return Seat(
        slug=result.contest.slug,
        pk=result.contest.pk,
        votes=[
            (candidate.pk, counts.votes.get(candidate.pk) or 0)
            for candidate in result.contest.candidates.all()
        ],
        rejected=counts.rejected,
        electorate=counts.electorate,
        seconds=(at - first).total_seconds() if at is not None and first is not None else None,
    )


def election_pk(slug: str = "ge") -> int:
    return Election.objects.get(slug=slug).pk


def people(counts: dict[str, list[str]], slug: str = "ge") -> str:
    """Make two editors, and reporters with their counts; return the secret of a newsroom."""
    for name in EDITORS:
        with_password(nights.user(name, staff=True))
    contests = {each.slug: each for each in Contest.objects.filter(election__slug=slug)}
    for name, seats in counts.items():
        reporter = with_password(nights.user(name))
        for seat in seats:
            Assignment.objects.create(reporter=reporter, contest=contests[seat])
    made = ApiToken.issue(
        newsroom="agency",
        scopes=list(ApiToken.Scope.values),
        election=None,
        account=system_user("api-agency"),
        expires_at=timezone.now() + timedelta(hours=12),
    )
    return made.secret


def log(slug: str = "ge") -> dict[str, Any]:
    """The data of `tests.faults.checker.Log` without fragments and fresh pages, and the quotes."""
    night = Night.objects.get(election__slug=slug)
    bulletins = Bulletin.objects.filter(election=night.election).order_by("sequence")
    records = IdempotencyRecord.objects.filter(bulletin__in=bulletins)
    revisions = Declaration.objects.filter(contest__election=night.election).order_by("pk")
    revisions = revisions.select_related("contest").prefetch_related("contest__candidates")
    return {
        "epoch": str(night.epoch),
        "sequence": night.sequence,
        "bulletins": [[str(each.epoch), each.sequence, {}] for each in bulletins],
        "sequences": dict(records.values_list("idempotency_key", "bulletin__sequence")),
        "revisions": [
            [each.contest.slug, each.revision, each.sequence, _votes(each)] for each in revisions
        ],
        "fresh": {},
        "quotes": _quotes(night.election),
    }


def _quotes(election: Election) -> dict[str, list[int]]:
    """The bulletins that published each quote's words, by the key under which it was sent."""
    items = ReviewItem.objects.filter(contest__election=election, kind=ReviewItem.Kind.QUOTE)
    bulletins = Bulletin.objects.filter(election=election, quote__isnull=False)
    numbers: dict[str, list[int]] = {}
    for number, words in bulletins.order_by("sequence").values_list("sequence", "quote__words"):
        numbers.setdefault(words, []).append(number)
    return {each.idempotency_key: numbers.get(each.content["words"], []) for each in items}


def _votes(declaration: Declaration) -> list[int | None]:
    votes = declaration.ballot_counts.votes
    return [votes.get(candidate.pk) for candidate in declaration.contest.candidates.all()]

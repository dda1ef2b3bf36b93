"""Small invented elections with party lists, and by single transferable vote, for tests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import slugify

from results import desk
from results.arithmetic import BallotCounts, ElectionKind
from results.models import Body, Candidate, Contest, Declaration, Election, Person, Standing
from tests.nights import election, key, party, user


def chamber(kind: ElectionKind, slug: str = "chamber", **fields: object) -> Election:
    polls_close = datetime(2026, 5, 7, 21, tzinfo=UTC)
    return election(
        slug,
        **{"kind": kind.value, "name": "Chamber", "date": date(2026, 5, 7)}
        | {"polls_close": polls_close, "second_person": Election.SecondPerson.NEVER}
        | fields,
    )


def list_ballot(
    night: Election, name: str, lists: Mapping[str, Sequence[Any]], **fields: object
) -> Contest:
    """A ballot of lists by party, in order; the names under `independent` stand alone."""
    seat = Contest.objects.create(
        **{"election": night, "name": name, "slug": slugify(name), "seats": 6}
        | {"body": Body.only_one_of(night)}
        | fields
    )
    place = 0
    for label, people in lists.items():
        for position, who in enumerate(people, start=1):
            place += 1
            alone = label == "independent"
            person = who if isinstance(who, Person) else Person.objects.create(name=who)
            standing: dict[str, Any] = {"standing_as": label} if alone else {"party": party(label)}
            Candidate.objects.create(
                contest=seat,
                name=person.name,
                person=person,
                ballot_order=place,
                list_position=None if alone else position,
                **standing,
            )
    return seat


def heads(contest: Contest) -> dict[str, int]:
    """The id of each list's first candidate by label, of independents by name."""
    found: dict[str, int] = {}
    for candidate in contest.candidates.all():
        alone = candidate.label == "independent"
        found.setdefault(candidate.name if alone else candidate.label, candidate.pk)
    return found


def names_elected(contest: Contest) -> list[str]:
    summary = Standing.objects.get(contest=contest).summary
    return [winner["name"] for winner in summary["elected"]]


def publish(
    contest: Contest,
    votes: Mapping[str, int],
    *,
    by: User | None = None,
    lot: Sequence[str] = (),
    kind: Declaration.Kind = Declaration.Kind.DECLARATION,
    **more: Any,
) -> desk.PublishResult:
    """Publish votes by list: a party's label, or an independent's name."""
    ids = heads(contest)
    counts = BallotCounts(
        votes={ids[name]: total for name, total in votes.items()},
        lot=tuple(ids[name] for name in lot),
    )
    return desk.publish_result(contest, counts, _request(contest, kind, by, more))


def elect(
    contest: Contest,
    winners: Sequence[str],
    *,
    stages: Mapping[str, int] | None = None,
    quota: int | None = None,
    votes: Mapping[str, int] | None = None,
    by: User | None = None,
    kind: Declaration.Kind | None = None,
    **more: Any,
) -> desk.PublishResult:
    """Publish who is declared elected so far, by name; `votes` are first preferences."""
    ids = {candidate.name: candidate.pk for candidate in contest.candidates.all()}
    counts = BallotCounts(
        votes={ids[name]: (votes or {}).get(name) for name in ids},
        winners=tuple(ids[name] for name in winners),
        stages={ids[name]: stage for name, stage in (stages or {}).items()} or None,
        quota=quota,
    )
    standing = Standing.objects.filter(contest=contest).first()
    first = standing is None or not standing.has_result
    kind = kind or (Declaration.Kind.WINNER_ONLY if first else Declaration.Kind.UPDATE)
    return desk.publish_result(contest, counts, _request(contest, kind, by, more))


def withdraw(contest: Contest, *, by: User | None = None) -> desk.PublishResult:
    more = {"reason": "Read out for another constituency."}
    request = _request(contest, Declaration.Kind.WITHDRAWAL, by, more)
    return desk.publish_result(contest, None, request)


def _request(
    contest: Contest, kind: Declaration.Kind, by: User | None, more: Mapping[str, Any]
) -> desk.RevisionRequest:
    standing = Standing.objects.filter(contest=contest).first()
    return desk.RevisionRequest(
        **{
            "kind": kind,
            "by": by or user(),
            "idempotency_key": key(),
            "base_revision": standing.revision if standing else 0,
            "warning_reason": "Invented.",
            **more,
        }
    )

"""Seed function: a night of forty counts that are under way now, and seven things that wait."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import TypedDict

from django.contrib.auth.models import User
from django.utils import timezone

from results import desk
from results.desk.messages import messages_to as messages_to_reporter
from results.editor.roles import set_up_groups
from results.models import (
    Assignment,
    Contest,
    Declaration,
    Election,
    Phone,
    ReviewItem,
    Standing,
)
from results.words.times import clock
from tests import nights

PASSWORD = nights.PASSWORD
PLACES = (
    "Millhaven", "Thornby Vale", "Elmscar", "Abbots Cross", "Otterby", "Coldharbour",
    "Linden Vale", "Sedgewell", "Harrowick", "Pellbridge", "Ravensholt", "Cressmoor", "Dunmarsh",
    "Oxlode", "Amberfleet", "Wexmoor", "Stonefold", "Bramblecombe", "Puffindale", "Islington Test",
    "Tarnbridge", "Quinceshaw", "Curlewcombe", "Marram Coast", "Brackenbrook", "Wrenworth",
    "Larkminster", "Foxdene", "Gorsely", "Heronsgate", "Ivelbury", "Juniper Hill", "Kestrel Down",
    "Lowmere", "Maplestead", "Netherby", "Owlerton", "Plumley Green", "Quarrendon", "Rushmere",
)  # fmt: skip
PEOPLE = ("Ann Smith", "Jo Park", "R. Five", "M. Two", "R. Three", "K. Lane", "P. Otter", "V. Six")
PARTIES = ("con", "lab", "ld", "green", "brexit")


class Keys(TypedDict):
    """What a test needs of the night."""

    election: int
    differ: int
    overdue: int


def night(slug: str) -> Keys:
    """Make the night: 14 declared, 18 counting, one of them overdue, and seven things waiting."""
    set_up_groups()
    closed = timezone.now() - timedelta(hours=5)
    election = nights.election(
        slug, name="General election", date=closed.date(), polls_close=closed
    )
    random = Random(1)
    for name in ("editor", "neil", "reporter"):
        person = nights.user(name, staff=name != "reporter")
        person.set_password(PASSWORD)
        person.save()
    people = [_person(name) for name in PEOPLE]
    contests = [_contest(election, place, random) for place in PLACES]
    for number, contest in enumerate(contests):
        Assignment.objects.create(reporter=people[number % len(people)], contest=contest)
    with desk.batch(election):
        for number, contest in enumerate(contests[17:31]):
            _declare(contest, random, minutes_ago=150 - 10 * number)
    _expect(contests[:14])
    _hold(contests[14:17], people)
    _wait(election, {contest.name: contest for contest in contests}, people)
    _phones(people)
    return Keys(election=election.pk, differ=contests[10].pk, overdue=contests[0].pk)


def _person(name: str) -> User:
    first, last = name.split()
    user = nights.user(name.lower().replace(". ", "-").replace(" ", "-"))
    user.first_name, user.last_name = first, last
    user.save()
    return user


def _contest(election: Election, place: str, random: Random) -> Contest:
    names = ("Felix Hart", "Emma Dene", "Samir Gale", "Olive Marsh", "Ivo Stone")
    last = {"con": 17000 + random.randrange(4000), "lab": 17000 + random.randrange(4000)}
    return nights.contest(
        election,
        place,
        [(f"{name}-Test", party) for name, party in zip(names, PARTIES, strict=True)],
        last=last | {"ld": 6000, "green": 1800},
        region="North" if len(place) % 2 else "South",
        electorate=65800,
    )


def _votes(random: Random) -> list[int]:
    first, second = 14000 + random.randrange(7000), 14000 + random.randrange(7000)
    return [first, second, 8905, 700, 483]


def _declare(contest: Contest, random: Random, *, minutes_ago: int) -> None:
    counts = nights.ballot_counts(contest, *_votes(random), rejected=92, electorate=65800)
    nights.declare_counts(
        contest,
        counts,
        by=Assignment.objects.get(contest=contest).reporter,
        idempotency_key=nights.key(),
        declared_at=(timezone.now() - timedelta(minutes=minutes_ago)).replace(microsecond=0),
        warning_reason="Read out twice.",
    )


def _expect(contests: list[Contest]) -> None:
    for number, contest in enumerate(contests):
        at = timezone.now() + timedelta(minutes=12 * number - 24 if number == 0 else 10 * number)
        Contest.objects.filter(pk=contest.pk).update(expected_at=at.replace(second=0))


def _hold(contests: list[Contest], people: list[User]) -> None:
    desk.report_status(
        contests[0], Standing.Status.RECOUNT, by=people[0], idempotency_key=nights.key()
    )
    for contest in contests[1:]:
        winner = [contest.candidates.order_by("ballot_order")[0]]
        nights.declare_winner(contest, winner, by=people[1], idempotency_key=nights.key())


def _wait(election: Election, by_name: dict[str, Contest], people: list[User]) -> None:
    Election.objects.filter(pk=election.pk).update(second_person=Election.SecondPerson.ALWAYS)
    ann, jo, five, two, three, *_others = people
    standing, _new = Standing.objects.get_or_create(contest=by_name["Ravensholt"])
    standing.verified_papers, standing.verified_electorate = 44854, 65800
    standing.save()
    for person, votes, source in (
        (ann, 17412, "at the count"),
        (jo, 17422, "off the stream"),
    ):
        _submit(by_name["Ravensholt"], person, [votes, 17262, 8905, 700, 483], source)
    _submit(by_name["Cressmoor"], five, [18061, 18000, 7905, 700, 483], "")
    _submit(by_name["Dunmarsh"], ann, [18138, 18000, 6905, 700, 483], "")
    corrected = by_name["Bramblecombe"]
    counts = corrected.declarations.get().ballot_counts
    ids = list(counts.votes)
    asked = dict(counts.votes) | {ids[2]: 8950}
    figures = counts.to_json() | {"votes": {str(pk): votes for pk, votes in asked.items()}}
    names = {str(pk): name for pk, name in corrected.candidates.values_list("pk", "name")}
    for contest, kind, content, person in (
        (
            corrected,
            ReviewItem.Kind.CORRECTION,
            {
                "figures": figures,
                "base_revision": 1,
                "reason": "Digits transposed.",
                "names": names,
            },
            two,
        ),
        (by_name["Pellbridge"], ReviewItem.Kind.QUOTE, _quote(_WORDS[0]), three),
        (by_name["Elmscar"], ReviewItem.Kind.QUOTE, _quote(_WORDS[1]), three),
    ):
        desk.queue_for_review(contest, kind, content, by=person, idempotency_key=nights.key())
    for minutes, item in zip(_ages(), _items(election), strict=False):
        ReviewItem.objects.filter(pk=item.pk).update(
            created_at=timezone.now() - timedelta(minutes=minutes)
        )


def _items(election: Election) -> list[ReviewItem]:
    return list(ReviewItem.objects.filter(contest__election=election).order_by("pk"))


_WORDS = (
    "I will work for those who voted for me and for those who did not.",
    "We knew at half past ten that it would be close.",
)


def _ages() -> Iterator[int]:
    yield from (7, 5, 4, 3, 3, 2, 1)


def _quote(words: str) -> dict[str, str]:
    said_at = timezone.now().isoformat()
    return {"words": words, "speaker": "Felix Hart-Test", "role": "Candidate", "said_at": said_at}


def _submit(contest: Contest, by: User, votes: list[int], source: str) -> None:
    counts = nights.ballot_counts(contest, *votes, rejected=92, electorate=65800)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=nights.key(),
        base_revision=0,
        source=source,
        warning_reason="Read out twice.",
    )
    desk.submit_result(contest, counts, request)


def _phones(people: list[User]) -> None:
    seconds = (12, 20, 31, 44, 9, 130, 840, 25)
    for number, person in enumerate(people):
        at = timezone.now() - timedelta(seconds=seconds[number])
        state = {"seen_at": at, "unsent": 1 if number == 5 else 0}
        Phone.objects.update_or_create(reporter=person, defaults=state)


def messages_to(election: int, username: str) -> list[str]:
    """What a reporter's phone shows of the messages at an election, oldest first."""
    shown = messages_to_reporter(User.objects.get(username=username))
    return [each.text for each, _reading in reversed(shown) if each.election_id == election]


def state(election: int) -> dict[str, int]:
    """How much waits and is published, for a test to compare."""
    waiting = ReviewItem.objects.filter(contest__election=election, state="waiting")
    night = Election.objects.get(pk=election).night
    return {"waiting": waiting.count(), "sequence": night.sequence}


def approve_a_quote(election: int) -> None:
    waiting = ReviewItem.objects.filter(contest__election=election, state="waiting", kind="quote")
    item = waiting.first()
    assert item is not None
    desk.approve(item, by=nights.user("editor"))


def queue_a_quote(election: int, words: str) -> None:
    contest = Contest.objects.filter(election=election).first()
    assert contest is not None
    content = {"words": words, "speaker": "Ann", "said_at": timezone.now().isoformat()}
    person = nights.user("reporter")
    kind = ReviewItem.Kind.QUOTE
    desk.queue_for_review(contest, kind, content, by=person, idempotency_key=nights.key())


def approve_result_of(election: int, place: str) -> None:
    """Publish the result that waits for a place, as another editor does."""
    waiting = ReviewItem.objects.filter(contest__election=election, contest__name=place)
    desk.approve(waiting.get(state="waiting"), by=nights.user("editor"))


def send_a_third_result(election: int, place: str) -> None:
    """Send figures that differ from both that wait."""
    contest = Contest.objects.get(election=election, name=place)
    _submit(contest, nights.user("k-lane"), [17432, 17262, 8905, 700, 483], "by telephone")


def enter_a_result(election: int, place: str) -> None:
    """Enter a result at the desk, as the editor whose page is open."""
    contest = Contest.objects.get(election=election, name=place)
    _submit(contest, nights.user("neil"), [19000, 16000, 8000, 700, 500], "by telephone")


def in_an_hour(election: int) -> str:
    """The time of the night an hour from now, in the election's zone, as an editor types it."""
    return clock(timezone.now() + timedelta(hours=1), Election.objects.get(pk=election).zone)


def let_sign_in(election: int, username: str, place: str) -> None:
    """Give a reporter a password, and a count."""
    person = User.objects.get(username=username)
    person.set_password(PASSWORD)
    person.save()
    contest = Contest.objects.get(election=election, name=place)
    Assignment.objects.get_or_create(reporter=person, contest=contest)

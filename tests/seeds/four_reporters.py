"""Seed functions: a night of five counts, and what four reporters send in the course of it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from results import desk
from results.arithmetic import BallotCounts
from results.editor.roles import set_up_groups
from results.models import Assignment, AuditEntry, Contest, Declaration, Election, ReviewItem
from tests import nights

PASSWORD = nights.PASSWORD
#: Who is sent where. Two are at Ashcombe.
SENT_TO = {
    "Ann Smith": ("Ashcombe", "Birchley"),
    "Jo Park": ("Ashcombe", "Cedarholt"),
    "Kay Lane": ("Dalewick",),
    "Pat Otter": ("Elmstead",),
}
#: What each entry of the audit trail has: who, what, where, about, before and after.
Entry = tuple[str, str, str, str, str, str]


def night(slug: str) -> dict[str, int]:
    """Make the night: a second person is asked for each result."""
    set_up_groups()
    closed = timezone.now() - timedelta(hours=4)
    election = nights.election(
        slug, name="General election", date=closed.date(), polls_close=closed,
        second_person=Election.SecondPerson.ALWAYS,
    )  # fmt: skip
    neil = nights.user("neil", staff=True)
    neil.set_password(PASSWORD)
    neil.save()
    for name, places in SENT_TO.items():
        person = _person(name)
        for place in places:
            Assignment.objects.create(reporter=person, contest=_contest(election, place))
    return {"election": election.pk}


def _person(name: str) -> User:
    first, last = name.split()
    user = nights.user(name.lower().replace(" ", "-"))
    user.first_name, user.last_name = first, last
    user.save()
    return user


def _contest(election: Election, place: str) -> Contest:
    found = Contest.objects.filter(election=election, name=place).first()
    people = [("Felix Hart", "con"), ("Emma Dene", "lab"), ("Olive Marsh", "green")]
    last = {"con": 23000, "lab": 20000, "green": 3000}
    return found or nights.contest(election, place, people, last=last, electorate=60000)


def _send(election: int, place: str, name: str, votes: list[int], source: str = "") -> None:
    contest = Contest.objects.get(election=election, name=place)
    counts = nights.ballot_counts(contest, *votes, rejected=80, electorate=60000)
    _submit(contest, name, counts, Declaration.Kind.DECLARATION, source=source)


def _submit(
    contest: Contest,
    name: str,
    counts: BallotCounts,
    kind: Declaration.Kind,
    *,
    base_revision: int = 0,
    source: str = "",
) -> None:
    asked = desk.RevisionRequest(
        kind=kind,
        by=User.objects.get(username=name),
        idempotency_key=nights.key(),
        base_revision=base_revision,
        source=source,
        warning_reason="Read out twice.",
    )
    desk.submit_result(contest, counts, asked)


def send_two_that_differ(election: int) -> None:
    _send(election, "Ashcombe", "ann-smith", [19000, 17000, 2000], source="at the count")
    _send(election, "Ashcombe", "jo-park", [19010, 17000, 2000], source="off the stream")


def send_winner(election: int) -> None:
    """Before the figures are read out."""
    contest = Contest.objects.get(election=election, name="Birchley")
    winner = contest.candidates.get(name="Emma Dene")
    candidates = contest.candidates.values_list("pk", flat=True)
    counts = BallotCounts.of_winners(candidates, [winner.pk])
    _submit(contest, "ann-smith", counts, Declaration.Kind.WINNER_ONLY)


def send_figures_of_winner(election: int) -> None:
    contest = Contest.objects.get(election=election, name="Birchley")
    counts = nights.ballot_counts(contest, 16000, 21000, 1500, rejected=80, electorate=60000)
    _submit(contest, "ann-smith", counts, Declaration.Kind.UPDATE, base_revision=1)


def send_result_and_quotes(election: int) -> None:
    _send(election, "Cedarholt", "jo-park", [15000, 22000, 1700])
    for words in ("A good night for Cedarholt.", "I thank the counters."):
        _queue("Cedarholt", "jo-park", ReviewItem.Kind.QUOTE, {
            "words": words, "speaker": "Emma Dene", "said_at": timezone.now().isoformat(),
        }, election)  # fmt: skip


def send_result(election: int, place: str, name: str) -> None:
    _send(election, place, name, [20000, 18500, 2100])


def ask_for_correction(election: int) -> None:
    """Of the result of Dalewick, which was published: the votes of the third candidate."""
    contest = Contest.objects.get(election=election, name="Dalewick")
    counts = contest.declarations.get().ballot_counts
    votes = {str(pk): count for pk, count in counts.votes.items()}
    votes[list(votes)[2]] = 2010
    names = {str(pk): name for pk, name in contest.candidates.values_list("pk", "name")}
    _queue("Dalewick", "kay-lane", ReviewItem.Kind.CORRECTION, {
        "figures": counts.to_json() | {"votes": votes}, "base_revision": 1,
        "reason": "Digits transposed.", "names": names,
    }, election)  # fmt: skip


def _queue(
    place: str, name: str, kind: ReviewItem.Kind, content: dict[str, Any], election: int
) -> None:
    contest = Contest.objects.get(election=election, name=place)
    person = User.objects.get(username=name)
    desk.queue_for_review(contest, kind, content, by=person, idempotency_key=nights.key())


def audit_entries(slug: str) -> list[Entry]:
    """What the audit trail has of the election, the oldest first."""
    columns = ("user", "what", "contest", "about", "before", "after")
    return list(AuditEntry.objects.filter(election=slug).order_by("pk").values_list(*columns))

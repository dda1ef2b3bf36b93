"""Two people settle the same review item at the same moment: one outcome, the other is told.

SQLite has one writer at a time anyway; on PostgreSQL the lock of the night keeps the order.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from results import desk
from results.desk.publishing import locked_night
from results.models import AuditEntry, Contest, Declaration, Election, Quote, ReviewItem
from tests import nights
from tests.desk.lock_waits import until_waiting
from tests.editor.night_items import queue_quote, submit
from tests.processes import START_SECONDS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    pytest.mark.usefixtures("two_writers"),
]

Action = Callable[[], str]


@pytest.fixture
def reporter(seat: Contest) -> User:
    return nights.user()


def at_once(night: Election, *actions: Action) -> list[str]:
    """Let the actions, each on a connection of its own, wait for the night's lock, and let it go.

    Returns what each said. A DeskError is what its sender is told.
    """

    def run(action: Action) -> str:
        try:
            return action()
        except desk.DeskError as refusal:
            return f"refused: {refusal}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        with locked_night(night.pk):
            answers = [pool.submit(run, action) for action in actions]
            until_waiting(len(actions))
        return [each.result(timeout=START_SECONDS) for each in answers]


def approve(item: ReviewItem, name: str) -> Action:
    def action() -> str:
        fresh = ReviewItem.objects.select_related("contest__election", "by").get(pk=item.pk)
        result = desk.approve(
            fresh, by=User.objects.get(username=name), idempotency_key=f"approve-{item.pk}"
        )
        return f"bulletin {result.sequence}"

    return action


def set_aside(item: ReviewItem, name: str) -> Action:
    def action() -> str:
        fresh = ReviewItem.objects.select_related("contest__election", "by").get(pk=item.pk)
        desk.decline(fresh, by=User.objects.get(username=name), note="Read it again.")
        return "set aside"

    return action


def take_back(item: ReviewItem) -> Action:
    def action() -> str:
        answer = desk.take_back(item.contest, by=item.by, idempotency_key=item.idempotency_key)
        return "taken back" if answer is None else "the desk has it"

    return action


def send(seat: Contest, by: User, *, key: str = "") -> Action:
    """Send another result of the same contest, with two ballots rejected."""

    def action() -> str:
        counts = nights.islington_ballot_counts(seat, rejected=2)
        request = desk.RevisionRequest(
            kind=Declaration.Kind.DECLARATION, by=by, idempotency_key=key or nights.key()
        )
        fresh = Contest.objects.select_related("election").get(pk=seat.pk)
        answer = desk.submit_result(fresh, counts, request)
        return "waits" if isinstance(answer, ReviewItem) else "published"

    return action


def press(client: Client, night: Election, *items: ReviewItem) -> Action:
    """Press the dashboard's button that publishes these items."""

    def action() -> str:
        answer = client.post(
            f"/admin/results/election/{night.pk}/night/action/",
            {"action": "approve", "item": [item.pk for item in items]},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200
        return answer.content.decode()

    return action


def only_one_is_refused(answers: list[str], names: dict[int, str]) -> None:
    """`names` has who the other person is told of, by the number of who did it."""
    refused = [number for number, words in enumerate(answers) if words.startswith("refused")]
    assert len(refused) == 1, answers
    (loser,) = refused
    assert answers[loser] == f"refused: {names[1 - loser]} has dealt with this already."


def test_two_editors_publish_one_result_once(seat: Contest, reporter: User) -> None:
    item = submit(seat, reporter)
    for name in ("one", "two"):
        nights.user(name, staff=True)
    only_one_is_refused(
        at_once(seat.election, approve(item, "one"), approve(item, "two")), {0: "one", 1: "two"}
    )
    assert seat.declarations.count() == 1
    (entry,) = AuditEntry.objects.filter(what="declaration")
    assert entry.user in ("one", "two")


def test_one_publishes_while_another_sets_aside(seat: Contest, reporter: User) -> None:
    item = submit(seat, reporter)
    for name in ("one", "two"):
        nights.user(name, staff=True)
    only_one_is_refused(
        at_once(seat.election, approve(item, "one"), set_aside(item, "two")), {0: "one", 1: "two"}
    )
    item.refresh_from_db()
    assert seat.declarations.count() == (1 if item.state == "published" else 0)
    settled = AuditEntry.objects.filter(what__in=["declaration", "result: set aside"])
    assert settled.count() == 1


def test_does_not_take_back_what_is_being_published(seat: Contest, reporter: User) -> None:
    item = submit(seat, reporter)
    nights.user("one", staff=True)
    answers = at_once(seat.election, approve(item, "one"), take_back(item))
    assert answers == ["bulletin 1", "the desk has it"]
    assert seat.declarations.count() == 1


def test_one_publishes_while_the_reporter_sends_other_figures(
    seat: Contest, reporter: User
) -> None:
    item = submit(seat, reporter)
    nights.user("one", staff=True)
    published, _sent = at_once(seat.election, approve(item, "one"), send(seat, reporter))
    item.refresh_from_db()
    if item.state == "published":
        assert published == "bulletin 1"
    else:
        assert item.state == "replaced"
        assert published == "refused: reporter has sent other figures since: look at those."
        assert not seat.declarations.exists()


def test_a_request_that_arrives_while_it_is_taken_back_has_one_outcome(
    seat: Contest, reporter: User
) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    key = nights.key()
    taken, sent = at_once(
        seat.election,
        lambda: str(desk.take_back(seat, by=reporter, idempotency_key=key)),
        send(seat, reporter, key=key),
    )
    if taken == "None":
        assert sent.startswith("refused: ")
        assert not ReviewItem.objects.exists()
    else:
        assert sent == "waits"
        assert ReviewItem.objects.get().waits


def test_two_results_that_differ_are_published_by_two_editors(
    seat: Contest, reporter: User
) -> None:
    first, second = submit(seat, reporter), submit(seat, nights.user("colleague"), rejected=5)
    for name in ("one", "two"):
        nights.user(name, staff=True)
    answers = at_once(seat.election, approve(first, "one"), approve(second, "two"))
    assert sum(words.startswith("refused") for words in answers) == 1, answers
    assert seat.declarations.count() == 1
    told = next(words for words in answers if words.startswith("refused"))
    assert told == "refused: Another result was published there meanwhile."
    states = sorted(ReviewItem.objects.values_list("state", flat=True))
    assert states == ["published", "replaced"]


def test_several_quotes_are_published_while_another_editor_publishes_one(
    seat: Contest, reporter: User
) -> None:
    items = [queue_quote(seat, words) for words in ("One.", "Two.", "Three.")]
    clients = []
    for name in ("one", "two"):
        clients.append(Client())
        clients[-1].force_login(nights.user(name, staff=True))
    night = seat.election
    several, single = at_once(
        seat.election, press(clients[0], night, *items), press(clients[1], night, items[1])
    )
    assert Quote.objects.count() == 3
    assert night.bulletins.count() == 3
    told = (
        "two has dealt with this already." in several,
        "one has dealt with this already." in single,
    )
    assert sorted(told) == [False, True]

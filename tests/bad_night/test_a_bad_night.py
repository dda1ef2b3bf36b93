"""A night of mistakes: checks warn of what they can, and corrections reach every page and the log.

At the end `verify` finds no difference, and the bulletins give what a fresh page shows.
"""

import io
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from results import desk
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import NIGHT, render_night, render_seat
from results.live.seat import with_results
from results.models import AuditEntry, Bulletin, Contest, Declaration, Election, ReviewItem
from tests import nights

#: A usual contest: a turnout of 60% of 70,000, as last time.
CANDIDATES = [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")]
LAST = {"lab": 21000, "con": 14000, "ld": 7000}
RIGHT = (20000, 15000, 7000)
#: Limit of a wait for another thread.
WAIT_SECONDS = 60


@pytest.fixture
def night(db: None) -> Election:
    return nights.election()


def contest(night: Election, name: str) -> Contest:
    return nights.contest(night, name, CANDIDATES, last=LAST, electorate=70000)


def submit(
    seat: Contest, votes: tuple[int, ...], *, by: User, reason: str = "", base: int = 0, **more: Any
) -> desk.PublishResult | ReviewItem:
    """Submit a result as a reporter's phone does."""
    numbers = {"rejected": 100, "electorate": 70000} | more
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=nights.key(),
        base_revision=base,
        warning_reason=reason,
    )
    return desk.submit_result(seat, nights.ballot_counts(seat, *votes, **numbers), request)


def message_codes(seat: Contest, votes: tuple[int, ...], **more: Any) -> set[str]:
    """The codes of the checks' messages for a result that is sent without a reason."""
    with pytest.raises(desk.ValidationRefused) as refusal:
        submit(seat, votes, by=nights.user(), **more)
    return {message.code for message in refusal.value.messages}


def correct(
    seat: Contest, votes: tuple[int, ...], *, by: User, base: int, **more: Any
) -> desk.PublishResult:
    ballot_counts = nights.ballot_counts(
        seat, *votes, **({"rejected": 100, "electorate": 70000} | more)
    )
    return nights.correct(
        seat,
        ballot_counts,
        by=by,
        idempotency_key=nights.key(),
        base_revision=base,
        reason="Held against the notice.",
        warning_reason="As on the notice.",
    )


def assert_fragments_give_the_page(night: Election) -> None:
    """All bulletins' fragments, each replacing the older ones, are what a fresh page shows."""
    merged: dict[str, str] = {}
    for fragments in Bulletin.objects.order_by("sequence").values_list("fragments", flat=True):
        merged |= fragments
    snapshot = ElectionSnapshot(Election.objects.get(pk=night.pk))
    fresh = dict(render_night(snapshot, (*NIGHT, "corrections")))
    for contest in with_results(Contest.objects.filter(election=night)):
        fresh |= render_seat(snapshot, snapshot.seat(contest))
    differing = [name for name, html in fresh.items() if name in merged and merged[name] != html]
    assert differing == []


def assert_verified(night: Election) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("verify", night.slug, "--pages", stdout=out, stderr=err)
    assert err.getvalue() == ""
    numbers = list(Bulletin.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    entries = AuditEntry.objects.order_by("pk")
    published = [entry.what for entry in entries if entry.about[:1].isdigit()]
    assert len(published) == len(numbers)


def test_warns_of_swapped_candidates(night: Election) -> None:
    seat = contest(night, "Swapped")
    assert "swapped" in message_codes(seat, (4000, 15000, 23000))


def test_warns_of_a_missing_bundle(night: Election) -> None:
    """As in Putney in 2019: a bundle was left out, and only the turnout shows it."""
    seat = contest(night, "Short")
    assert message_codes(seat, (13500, 15000, 7000)) >= {"turnout_far"}


def test_warns_of_the_electorate_typed_as_a_total(night: Election) -> None:
    seat = contest(night, "Repeated")
    assert "electorate_repeats" in message_codes(seat, RIGHT, valid_announced=70000)


def _withdraw_the_wrong_winner(seat: Contest, reporter: User, editor: User) -> None:
    """Declare the wrong winner, withdraw it, and publish the right result."""
    wrong = seat.candidates.get(name="Bob")
    nights.declare_winner(seat, [wrong], by=reporter, idempotency_key=nights.key())
    nights.withdraw(
        seat,
        by=editor,
        idempotency_key=nights.key(),
        base_revision=1,
        reason="The wrong name.",
    )
    submit(seat, RIGHT, by=reporter, base=2)


def _set_aside_swapped_votes(client: Client, seat: Contest, reporter: User, editor: User) -> None:
    """Send two candidates' votes swapped, decline what waits, and publish the right result.

    A reason for the warning is not enough: the result waits for a second person.
    """
    swapped = (4000, 15000, 23000)
    held = submit(seat, swapped, by=reporter, reason="I heard so.")
    assert isinstance(held, ReviewItem)
    screen = client.get(f"/admin/results/election/{seat.election_id}/night/").content.decode()
    assert "Second person" in screen
    assert "are they swapped?" in client.get(
        f"/admin/results/reviewitem/{held.pk}/change/"
    ).content.decode().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    desk.decline(held, by=editor, note="Read them again.")
    submit(seat, (20100, 15010, 7020), by=reporter)


def test_every_mistake_is_corrected_everywhere(night: Election, client: Client) -> None:
    reporter, editor = nights.user(), nights.user("editor", staff=True)
    client.force_login(editor)
    seats = {name: contest(night, name) for name in ("A", "B", "C", "D", "E")}

    # Two digits transposed, which no check can see.
    submit(seats["A"], (20000, 15000, 7900), by=reporter)
    correct(seats["A"], (20000, 15000, 7090), by=editor, base=1)

    _withdraw_the_wrong_winner(seats["B"], reporter, editor)
    _set_aside_swapped_votes(client, seats["C"], reporter, editor)
    # Votes missing, published with a reason where one person's word is enough; the correction
    # changes the winner, and says so.
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    submit(seats["D"], (14000, 15000, 7000), by=reporter, reason="As read out.", electorate=70000)
    assert (
        "As read out." in client.get(f"/admin/results/election/{night.pk}/night/").content.decode()
    )
    correct(seats["D"], (20500, 15000, 7000), by=editor, base=1)
    sentence = "We said that Bob had won here. That was wrong: Ann has won."
    for path in ("/ge/", "/ge/feed/", "/ge/corrections/", "/ge/d/", "/ge/feed.atom"):
        assert sentence in client.get(path).content.decode(), path

    # One without a mistake.
    submit(seats["E"], (20300, 14900, 7100), by=reporter)

    public = client.get("/ge/corrections/").content.decode()
    for words in ("7,900", "7,090", "The wrong name.", "Held against the notice."):
        assert words in public, words
    tally = ElectionSnapshot(Election.objects.get(pk=night.pk)).tally
    assert (tally.seats, tally.parties["lab"].seats) == (5, 5)
    assert_fragments_give_the_page(night)
    assert_verified(night)


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
def test_one_of_two_simultaneous_corrections_is_stale() -> None:
    """One is published, the other is refused as stale."""
    night = nights.election()
    seat = contest(night, "Contested")
    submit(seat, RIGHT, by=nights.user())
    start = threading.Barrier(2)
    outcomes: dict[str, object] = {}

    def edit(name: str, votes: tuple[int, ...]) -> None:
        by = nights.user(name, staff=True)
        start.wait(timeout=WAIT_SECONDS)
        try:
            outcomes[name] = correct(seat, votes, by=by, base=1)
        except desk.DeskError as refusal:
            outcomes[name] = refusal
        finally:
            connection.close()

    threads = [
        threading.Thread(target=edit, args=("ann", (20100, 15000, 7000))),
        threading.Thread(target=edit, args=("bob", (20200, 15000, 7000))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=WAIT_SECONDS)
    assert sorted(type(outcome).__name__ for outcome in outcomes.values()) == [
        "PublishResult",
        "StaleRevision",
    ]
    assert Declaration.objects.count() == 2
    assert_fragments_give_the_page(night)
    assert_verified(night)

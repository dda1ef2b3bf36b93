"""A night with mistakes thrown in: each that a check can see is shown to the desk, each correction
reaches every page and the public log, nothing is lost, and `verify` finds nothing at the end.
"""

import io
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from results import desk
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import NIGHT, render_night, render_seat
from results.live.seat import with_results
from results.models import AuditEntry, Bulletin, Contest, Declaration, Election, ReviewItem
from tests import nights

#: Turnout 60% of 70,000 everywhere, as last time: what is odd is odd against that.
PEOPLE = [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")]
LAST = {"lab": 21000, "con": 14000, "ld": 7000}
RIGHT = (20000, 15000, 7000)
#: Bounds the waits for another thread.
WAIT_SECONDS = 60


@pytest.fixture
def night(db):
    return nights.election()


def hall(night, name):
    return nights.contest(night, name, PEOPLE, last=LAST, electorate=70000)


def sent(seat, votes, *, by, reason="", base=0, **more):
    """What a reporter's phone sends."""
    given = {"rejected": 100, "electorate": 70000} | more
    submission = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=nights.key(),
        base_revision=base,
        warning_reason=reason,
    )
    return desk.submit_result(seat, nights.ballot_counts(seat, *votes, **given), submission)


def asked(seat, votes, **more):
    """The codes of what the checks find in figures that are sent without a reason."""
    with pytest.raises(desk.ValidationRefused) as refusal:
        sent(seat, votes, by=nights.user(), **more)
    return {finding.code for finding in refusal.value.messages}


def correct(seat, votes, *, by, base, **more):
    ballot_counts = nights.ballot_counts(
        seat, *votes, **({"rejected": 100, "electorate": 70000} | more)
    )
    reason = "Held against the notice."
    return nights.correct(
        seat,
        ballot_counts,
        by=by,
        idempotency_key=nights.key(),
        base_revision=base,
        reason=reason,
        warning_reason="As on the notice.",
    )


def assert_the_stream_is_the_page(night):
    """Everything that was ever sent, one over the other, is what a fresh page shows."""
    merged = {}
    for fragments in Bulletin.objects.order_by("sequence").values_list("fragments", flat=True):
        merged |= fragments
    snapshot = ElectionSnapshot(Election.objects.get(pk=night.pk))
    fresh = dict(render_night(snapshot, (*NIGHT, "corrections")))
    for contest in with_results(Contest.objects.filter(election=night)):
        fresh |= render_seat(snapshot, snapshot.seat(contest))
    differing = [name for name, html in fresh.items() if name in merged and merged[name] != html]
    assert differing == []


def assert_clean(night):
    out, err = io.StringIO(), io.StringIO()
    call_command("verify", night.slug, "--pages", stdout=out, stderr=err)
    assert err.getvalue() == ""
    numbers = list(Bulletin.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    published = [act.what for act in AuditEntry.objects.order_by("pk") if act.about[:1].isdigit()]
    assert len(published) == len(numbers)


def test_swapped_totals_are_asked_about(night):
    seat = hall(night, "Swapped")
    assert "swapped" in asked(seat, (4000, 15000, 23000))


def test_a_returning_officer_6500_votes_short(night):
    """Putney, 2019: the total read out left out a bundle; only the turnout shows it."""
    seat = hall(night, "Short")
    assert asked(seat, (13500, 15000, 7000)) >= {"turnout_jump"}


def test_an_electorate_typed_in_place_of_a_total(night):
    seat = hall(night, "Repeated")
    assert "electorate_repeats" in asked(seat, RIGHT, valid_announced=70000)


def test_the_whole_of_it(night, client):
    reporter, editor = nights.user(), nights.user("editor", staff=True)
    client.force_login(editor)
    seats = {name: hall(night, name) for name in ("A", "B", "C", "D", "E")}

    # Two digits transposed: nothing is odd about them, and no check can see it.
    sent(seats["A"], (20000, 15000, 7900), by=reporter)
    correct(seats["A"], (20000, 15000, 7090), by=editor, base=1)

    # A winner alone, and the wrong one: withdrawn, then declared.
    wrong = seats["B"].candidates.get(name="Bob")
    nights.declare_winner(seats["B"], [wrong], by=reporter, idempotency_key=nights.key())
    nights.withdraw(
        seats["B"],
        by=editor,
        idempotency_key=nights.key(),
        base_revision=1,
        reason="The wrong name.",
    )
    sent(seats["B"], RIGHT, by=reporter, base=2)

    # Two boxes exchanged, the warning overridden: kept until a second person looks.
    swapped = (4000, 15000, 23000)
    kept = sent(seats["C"], swapped, by=reporter, reason="I heard so.")
    assert isinstance(kept, ReviewItem)
    screen = client.get(f"/admin/results/election/{night.pk}/night/").content.decode()
    assert "Result, for a second person" in screen
    assert "are they swapped?" in client.get(
        f"/admin/results/reviewitem/{kept.pk}/change/"
    ).content.decode().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    desk.decline(kept, by=editor, note="Read them again.")
    sent(seats["C"], RIGHT, by=reporter)

    # Published in spite of a warning by a desk of one person, found to be short, corrected:
    # another candidate has won, and readers are told so in words.
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    sent(seats["D"], (14000, 15000, 7000), by=reporter, reason="As read out.", electorate=70000)
    assert (
        "As read out." in client.get(f"/admin/results/election/{night.pk}/night/").content.decode()
    )
    correct(seats["D"], (20500, 15000, 7000), by=editor, base=1)
    said = "We said that Bob had won here. That was wrong: Ann has won."
    for path in ("/ge/", "/ge/feed/", "/ge/corrections/", "/ge/d/", "/ge/feed.atom"):
        assert said in client.get(path).content.decode(), path

    # And one without a fault.
    sent(seats["E"], RIGHT, by=reporter)

    public = client.get("/ge/corrections/").content.decode()
    for words in ("7,900", "7,090", "The wrong name.", "Held against the notice."):
        assert words in public, words
    tally = ElectionSnapshot(Election.objects.get(pk=night.pk)).tally
    assert (tally.seats, tally.lines["lab"].seats) == (5, 5)
    assert_the_stream_is_the_page(night)
    assert_clean(night)


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
def test_two_editors_correct_the_same_seat_in_the_same_second():
    """One is published; the other is told what stands now, and has lost nothing that was typed."""
    night = nights.election()
    seat = hall(night, "Contested")
    sent(seat, RIGHT, by=nights.user())
    start = threading.Barrier(2)
    outcomes: dict[str, object] = {}

    def edit(name, votes):
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
    assert sorted(type(one).__name__ for one in outcomes.values()) == ["Answer", "Stale"]
    assert Declaration.objects.count() == 2
    assert_the_stream_is_the_page(night)
    assert_clean(night)

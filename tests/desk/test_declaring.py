"""Declaring a result: what is stored, published and refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from results import desk
from results.models import Bulletin, Contest, Declaration, Election, Night, Standing
from tests import nights

pytestmark = pytest.mark.django_db


def test_declaration_is_one_revision_and_one_bulletin(seat: Contest) -> None:
    ballot_counts = nights.islington_ballot_counts(seat, turnout_announced=Decimal("71.8"))

    answer = nights.declare_counts(seat, ballot_counts, by=nights.user(), idempotency_key="one")

    declaration = Declaration.objects.get()
    assert (declaration.revision, declaration.kind) == (1, "declaration")
    assert declaration.ballot_counts.votes == ballot_counts.votes
    assert (answer.sequence, answer.repeated, answer.unchanged) == (1, False, False)
    assert answer.bulletin == Bulletin.objects.get() == declaration.bulletin
    assert answer.bulletin.summary == "Labour hold Islington North, majority 26,188"
    assert Night.objects.get().sequence == 1


def test_bulletin_has_every_changed_fragment(seat: Contest) -> None:
    answer = nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    assert set(answer.bulletin.fragments) == {
        "progress",
        "headline",
        "scoreboard",
        "feed",
        "result-islington-north",
        "expected",
        "seat-islington-north",
        "line",
        "watch",
        "row-islington-north",
        "hex-islington-north",
        "shade-islington-north",
        "region-london",
    }
    assert all(
        html.split(">")[0].count(f'id="{name}"') == 1
        for name, html in answer.bulletin.fragments.items()
        if name != "region-london"
    )


def test_is_added_to_the_tally(seat: Contest) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    tally = Night.objects.get().standing_tally
    assert (tally.seats, tally.valid, tally.rejected, tally.electorate) == (1, 53805, 227, 75162)
    assert tally.parties["lab"].seats == 1
    assert tally.parties["lab"].gains == 0


def test_time_is_now_by_default(seat: Contest) -> None:
    before = timezone.now()
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    declared_at = Standing.objects.get().first_declared_at
    assert declared_at is not None
    assert before <= declared_at <= timezone.now()


def test_time_can_be_unknown(seat: Contest) -> None:
    ballot_counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(
        seat, ballot_counts, by=nights.user(), idempotency_key="one", declared_at=None
    )
    assert Declaration.objects.get().declared_at is None


def test_blank_votes_are_not_zero(seat: Contest) -> None:
    missing = nights.ballot_counts(seat, 5483, None, 742, 4326, 236, 8415)
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(seat, missing, by=nights.user(), idempotency_key="one")
    assert [message.code for message in refusal.value.messages] == ["votes_missing"]
    assert not refusal.value.needs_reason
    assert not Bulletin.objects.exists()
    assert not Declaration.objects.exists()


def test_warning_needs_a_reason_and_is_stored_with_it(seat: Contest) -> None:
    ballot_counts = nights.islington_ballot_counts(seat, turnout_announced=Decimal("78.1"))
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(seat, ballot_counts, by=nights.user(), idempotency_key="one")
    assert refusal.value.needs_reason
    assert [message.code for message in refusal.value.messages] == ["turnout_differs"]

    nights.declare_counts(
        seat,
        ballot_counts,
        by=nights.user(),
        idempotency_key="one",
        warning_reason="As read out, twice.",
    )

    declaration = Declaration.objects.get()
    assert [warning["code"] for warning in declaration.warnings] == ["turnout_differs"]
    assert declaration.warning_reason == "As read out, twice."


def test_reason_does_not_accept_impossible_counts(seat: Contest) -> None:
    too_many = nights.islington_ballot_counts(seat, electorate=50000)
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, too_many, by=nights.user(), idempotency_key="one", warning_reason="Honest."
        )
    assert refusal.value.messages[0].code == "sum_over_electorate"


def test_is_refused_before_the_close_of_poll() -> None:
    later = timezone.now() + timedelta(minutes=1)
    seat = nights.islington_north(nights.election(polls_close=later))
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )
    assert refusal.value.messages[0].code == "polls_open"


@pytest.mark.parametrize(
    ("hours", "code"), [(-24, "declared_early"), (-1, "declared_early"), (24, "declared_later")]
)
def test_time_before_the_close_of_poll_or_to_come_is_refused(hours: int, code: str) -> None:
    close = timezone.now() - timedelta(hours=2)
    seat = nights.islington_north(nights.election(polls_close=close))
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat,
            nights.islington_ballot_counts(seat),
            by=nights.user(),
            idempotency_key="one",
            declared_at=close + timedelta(hours=hours),
            warning_reason="As typed.",
        )
    assert code in [message.code for message in refusal.value.messages]
    assert not refusal.value.needs_reason
    assert not Declaration.objects.exists()
    assert not Bulletin.objects.exists()


def test_time_of_the_close_of_poll_is_accepted(seat: Contest) -> None:
    close = seat.election.polls_close
    nights.declare_counts(
        seat,
        nights.islington_ballot_counts(seat),
        by=nights.user(),
        idempotency_key="one",
        declared_at=close,
    )
    assert Declaration.objects.get().declared_at == close


def test_tie_is_decided_by_a_recorded_lot() -> None:
    seat = nights.contest(nights.election(), "Tie", [("Ann", "lab"), ("Bob", "con")])
    _ann, bob = seat.candidates.all()
    tied = nights.ballot_counts(seat, 900, 900)
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, tied, by=nights.user(), idempotency_key="one", warning_reason="Tied."
        )
    assert refusal.value.messages[0].code == "tie_needs_lot"

    drawn = replace(tied, lot=(bob.pk,))
    answer = nights.declare_counts(
        seat, drawn, by=nights.user(), idempotency_key="one", warning_reason="Tied."
    )

    assert answer.bulletin.summary == "Conservatives win Tie, decided by lot after a tie"
    assert Standing.objects.get().summary["majority"] == 0


def test_contest_with_several_seats() -> None:
    seat = nights.contest(
        nights.election(deposits=False),
        "Ward",
        [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab"), ("Dan", "con")],
        seats=2,
    )
    answer = nights.declare(seat, 700, 900, 800, 100, papers=1400, rejected=10, electorate=2500)
    assert answer.bulletin.summary == "Ward: Conservatives 1, Labour 1, majority 100"
    assert Night.objects.get().standing_tally.seats == 2


def test_second_declaration_is_refused(seat: Contest) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    other = nights.islington_ballot_counts(seat, rejected=228)
    with pytest.raises(desk.InvalidTransition):
        nights.declare_counts(
            seat, other, by=nights.user("other"), idempotency_key="two", base_revision=1
        )


def test_postponed_poll_cannot_be_declared(seat: Contest) -> None:
    desk.report_status(seat, Standing.Status.POSTPONED, by=nights.user(), idempotency_key="p")
    with pytest.raises(desk.InvalidTransition):
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )


class TestWhilePollsAreOpen:
    """Readers are told of no count before there are votes to count."""

    @pytest.fixture
    def open_polls(self, seat: Contest) -> None:
        Election.objects.update(polls_close=timezone.now() + timedelta(hours=1))

    @pytest.mark.parametrize("status", ["under_way", "bundle_check", "recount", "on_stage"])
    def test_no_state_of_a_count_is_published(
        self, seat: Contest, open_polls: None, status: str
    ) -> None:
        with pytest.raises(desk.InvalidTransition, match="polls are still open"):
            desk.report_status(seat, Standing.Status(status), by=nights.user(), idempotency_key="s")
        assert not Bulletin.objects.exists()

    def test_nothing_of_the_verification_is_published(
        self, seat: Contest, open_polls: None
    ) -> None:
        announced = desk.Verification(turnout=Decimal("31.5"))
        with pytest.raises(desk.InvalidTransition, match="polls are still open"):
            desk.report_status(
                seat, None, by=nights.user(), idempotency_key="s", verification=announced
            )
        assert not Bulletin.objects.exists()

    def test_expected_times_and_postponements_are(self, seat: Contest, open_polls: None) -> None:
        by, at = nights.user(), timezone.now() + timedelta(hours=5)
        desk.report_status(seat, None, by=by, idempotency_key="time", expected_at=at)
        for status in (Standing.Status.POSTPONED, Standing.Status.AWAITING):
            desk.report_status(seat, status, by=by, idempotency_key=status)
        assert Bulletin.objects.count() == 3


def test_reported_recount_is_stored_with_the_result(seat: Contest) -> None:
    desk.report_status(seat, Standing.Status.RECOUNT, by=nights.user(), idempotency_key="r")
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    assert Declaration.objects.get().recount


@pytest.mark.parametrize(
    ("reported", "recounted"),
    [
        ("recount on_stage", True),
        ("recount bundle_check recount on_stage", True),
        ("recount bundle_check", True),
        ("recount incomplete", True),
        ("incomplete on_stage", False),
        ("under_way on_stage", False),
        # Pressed by mistake.
        ("recount under_way on_stage", False),
        ("recount awaiting", False),
    ],
)
def test_recount_is_not_forgotten_on_the_way_to_the_stage(
    seat: Contest, reported: str, recounted: bool
) -> None:
    for status in reported.split():
        if status == "incomplete":
            nights.publish_some(seat, 236, 5483, None, None, None, None)
            continue
        desk.report_status(
            seat, Standing.Status(status), by=nights.user(), idempotency_key=nights.key()
        )
    revision = Declaration.objects.count()
    counts = nights.islington_ballot_counts(seat)
    request = {"by": nights.user(), "idempotency_key": "one", "warning_reason": "As read out."}
    nights.declare_counts(seat, counts, base_revision=revision, **request)
    assert Declaration.objects.get(revision=revision + 1).recount is recounted


def test_stores_times_of_declaration_receipt_and_publication(seat: Contest) -> None:
    read_out = datetime(2019, 12, 13, 3, 18, tzinfo=UTC)
    answer = nights.declare_counts(
        seat,
        nights.islington_ballot_counts(seat),
        by=nights.user(),
        idempotency_key="one",
        declared_at=read_out,
    )
    declaration = Declaration.objects.get()
    assert declaration.declared_at == read_out
    assert read_out < declaration.created_at <= answer.bulletin.published_at

"""Updates, corrections and withdrawals of published results."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from results import desk
from results.arithmetic import BallotCounts, Tally
from results.live.feed_list import entry_ids
from results.models import Bulletin, Candidate, Contest, Declaration, Night, Standing
from tests import nights

pytestmark = pytest.mark.django_db


def corbyn(seat: Contest) -> Candidate:
    return seat.candidates.get(name="Jeremy Corbyn")


def declare_winner(seat: Contest, **more: Any) -> desk.PublishResult:
    return nights.declare_winner(
        seat, [corbyn(seat)], by=nights.user(), idempotency_key=nights.key(), **more
    )


def correct(seat: Contest, ballot_counts: BallotCounts, **more: Any) -> desk.PublishResult:
    options = {"base_revision": 1, "reason": "A digit was misheard.", "by": nights.user("editor")}
    return nights.correct(seat, ballot_counts, idempotency_key=nights.key(), **options | more)


class TestWinnerOnly:
    def test_adds_the_seat_but_no_votes_to_the_tally(self, seat: Contest) -> None:
        answer = declare_winner(seat, votes={corbyn(seat).pk: 34603})
        tally = Night.objects.get().standing_tally
        assert answer.bulletin.summary == "Labour hold Islington North; full figures to follow"
        assert (tally.seats, tally.parties["lab"].seats) == (1, 1)
        assert (tally.complete, tally.valid, tally.parties["lab"].votes) == (0, 0, 0)
        assert Standing.objects.get().status == Standing.Status.WINNER_ONLY

    def test_shows_known_totals_and_that_more_follow(self, seat: Contest) -> None:
        page = declare_winner(seat, votes={corbyn(seat).pk: 34603}).bulletin.fragments
        assert "34,603" in page["seat-islington-north"]
        assert "Full figures to follow" in page["seat-islington-north"]
        assert "Majority" not in page["seat-islington-north"]

    def test_is_refused_after_a_result(self, seat: Contest) -> None:
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )
        with pytest.raises(desk.InvalidTransition):
            declare_winner(seat, base_revision=1)

    def test_needs_as_many_winners_as_seats(self, seat: Contest) -> None:
        with pytest.raises(desk.ValidationRefused) as refusal:
            nights.declare_winner(seat, [], by=nights.user(), idempotency_key="one")
        assert refusal.value.messages[0].code == "winners_wrong"


class TestUpdate:
    def test_completes_a_winner_only_result(self, seat: Contest) -> None:
        declare_winner(seat)
        answer = nights.complete(
            seat,
            nights.islington_ballot_counts(seat),
            by=nights.user(),
            idempotency_key="two",
            base_revision=1,
        )
        assert answer.bulletin.kind == "update"
        assert Standing.objects.get().status == Standing.Status.DECLARED
        assert Night.objects.get().standing_tally.valid == 53805

    def test_keeps_the_time_of_the_winner(self, seat: Contest) -> None:
        declare_winner(seat)
        at = Declaration.objects.get().declared_at
        nights.complete(
            seat,
            nights.islington_ballot_counts(seat),
            by=nights.user(),
            idempotency_key="two",
            base_revision=1,
        )
        assert Standing.objects.get().first_declared_at == at

    def test_warns_if_the_winner_differs(self, seat: Contest) -> None:
        wakeling = seat.candidates.get(name="Nick Wakeling")
        nights.declare_winner(seat, [wakeling], by=nights.user(), idempotency_key="one")
        with pytest.raises(desk.ValidationRefused) as refusal:
            nights.complete(
                seat,
                nights.islington_ballot_counts(seat),
                by=nights.user(),
                idempotency_key="two",
                base_revision=1,
            )
        assert "winner_reversed" in [message.code for message in refusal.value.messages]

    def test_needs_a_winner_only_result(self, seat: Contest) -> None:
        with pytest.raises(desk.InvalidTransition):
            nights.complete(
                seat,
                nights.islington_ballot_counts(seat),
                by=nights.user(),
                idempotency_key="one",
                base_revision=0,
            )


class TestCorrection:
    @pytest.fixture(autouse=True)
    def declared(self, seat: Contest) -> None:
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )

    def changed(self, seat: Contest, name: str, votes: int) -> BallotCounts:
        ballot_counts = nights.islington_ballot_counts(seat)
        candidate = seat.candidates.get(name=name)
        return replace(ballot_counts, votes={**ballot_counts.votes, candidate.pk: votes})

    def test_is_a_new_revision_with_a_reason(self, seat: Contest) -> None:
        answer = correct(
            seat, self.changed(seat, "Nick Wakeling", 8451), blame=Declaration.Blame.OFFICER
        )
        declaration = Declaration.objects.get(revision=2)
        assert (declaration.kind, declaration.blame) == ("correction", "officer")
        assert Standing.objects.get().status == Standing.Status.CORRECTED
        assert answer.bulletin.kind == "correction"
        assert (
            Declaration.objects.get(revision=1).ballot_counts.votes
            != declaration.ballot_counts.votes
        )

    def test_shows_both_values_on_the_contest_page_and_in_the_log(self, seat: Contest) -> None:
        page = correct(seat, self.changed(seat, "Nick Wakeling", 8451)).bulletin.fragments
        for part in ("corrections", "seat-islington-north"):
            assert '<del><span class="visually-hidden">was </span>8,415</del>' in page[part]
            assert '<ins><span class="visually-hidden">is </span>8,451</ins>' in page[part]
            assert "A digit was misheard." in page[part]

    def test_keeps_first_sequence_and_time(self, seat: Contest) -> None:
        before = Standing.objects.get()
        correct(seat, self.changed(seat, "Nick Wakeling", 8451))
        after = Standing.objects.get()
        assert after.first_sequence == before.first_sequence
        assert after.first_declared_at == before.first_declared_at

    def test_moves_the_tally_when_the_winner_changes(self, seat: Contest) -> None:
        correct(seat, self.changed(seat, "Jeremy Corbyn", 8414), warning_reason="Recounted.")
        tally = Night.objects.get().standing_tally
        assert tally.parties["lab"].seats == 0
        assert tally.parties["lab"].losses == 1
        assert (tally.parties["ld"].seats, tally.parties["ld"].gains) == (1, 1)

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_needs_a_reason(self, seat: Contest, reason: str) -> None:
        with pytest.raises(desk.ValidationRefused) as refusal:
            correct(seat, self.changed(seat, "Nick Wakeling", 8451), reason=reason)
        assert refusal.value.messages[0].code == "reason_missing"

    def test_keeps_fields_that_are_not_given(self, seat: Contest) -> None:
        other = nights.contest(seat.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        nights.declare_counts(
            other,
            nights.ballot_counts(other, 9000, 8000),
            by=nights.user(),
            idempotency_key="other",
            recount=True,
            source="The notice on the door",
            warning_reason="x",
        )
        correct(other, nights.ballot_counts(other, 9001, 8000), warning_reason="x")
        corrected = Declaration.objects.get(contest=other, revision=2)
        first = Declaration.objects.get(contest=other, revision=1)
        assert corrected.recount
        assert corrected.source == "The notice on the door"
        assert corrected.declared_at == first.declared_at

    def test_can_change_only_the_time(self, seat: Contest) -> None:
        at = datetime(2019, 12, 13, 3, 18, tzinfo=UTC)
        answer = correct(seat, nights.islington_ballot_counts(seat), declared_at=at)
        assert not answer.unchanged
        assert Standing.objects.get().first_declared_at == at
        assert "03:18</ins>" in answer.bulletin.fragments["corrections"]

    def test_needs_a_published_result(self, seat: Contest) -> None:
        other = nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
        with pytest.raises(desk.InvalidTransition):
            correct(other, nights.ballot_counts(other, 1), base_revision=0, warning_reason="x")


class TestWithdrawal:
    def test_empties_the_tally_and_shows_the_reason(self, seat: Contest) -> None:
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )
        answer = nights.withdraw(
            seat,
            by=nights.user(),
            idempotency_key="two",
            base_revision=1,
            reason="The count was reopened.",
        )
        assert Night.objects.get().standing_tally == Tally()
        assert Standing.objects.get().status == Standing.Status.WITHDRAWN
        assert Standing.objects.get().summary == {}
        page = answer.bulletin.fragments
        assert "The count was reopened." in page["corrections"]
        assert "The count was reopened." in page["seat-islington-north"]
        assert page["result-islington-north"] == ""
        assert entry_ids(page["feed"]) == ["bulletin-2"]
        assert "The count was reopened." in page["bulletin-2"]

    def test_contest_can_be_declared_again(self, seat: Contest) -> None:
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )
        nights.withdraw(
            seat, by=nights.user(), idempotency_key="two", base_revision=1, reason="Reopened."
        )
        ballot_counts = nights.islington_ballot_counts(seat)
        nights.declare_counts(
            seat, ballot_counts, by=nights.user(), idempotency_key="three", base_revision=2
        )
        assert Standing.objects.get().status == Standing.Status.DECLARED
        assert [b.kind for b in Bulletin.objects.order_by("sequence")] == [
            "declaration",
            "withdrawal",
            "declaration",
        ]

    def test_needs_a_reason(self, seat: Contest) -> None:
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
        )
        with pytest.raises(desk.ValidationRefused):
            nights.withdraw(
                seat, by=nights.user(), idempotency_key="two", base_revision=1, reason=" "
            )

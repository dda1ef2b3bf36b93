"""Repeated, late and conflicting requests to publish a result."""

import hashlib
import json

import pytest
from django.db import IntegrityError, transaction

from results import desk
from results.arithmetic import BallotCounts
from results.models import Bulletin, Contest, Declaration, IdempotencyRecord
from tests import nights
from tests.arithmetic.test_inputs import NextCounts

pytestmark = pytest.mark.django_db


def test_repeated_request_gets_its_first_result(seat: Contest) -> None:
    ballot_counts, by = nights.islington_ballot_counts(seat), nights.user()
    first = nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="one")
    again = nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="one")
    assert again.repeated
    assert again.bulletin == first.bulletin
    assert Bulletin.objects.count() == Declaration.objects.count() == 1


def test_repeated_request_gets_its_first_result_after_a_correction(seat: Contest) -> None:
    ballot_counts, by = nights.islington_ballot_counts(seat), nights.user()
    first = nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="one")
    fixed = nights.islington_ballot_counts(seat, rejected=229)
    nights.correct(seat, fixed, by=by, idempotency_key="two", base_revision=1, reason="Misheard.")
    assert (
        nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="one").bulletin
        == first.bulletin
    )


def test_request_repeated_over_an_upgrade_gets_its_first_result(
    seat: Contest,
) -> None:
    """Its record has the fingerprint of the release that answered first."""
    by, votes = nights.user(), nights.islington_ballot_counts(seat).votes
    first = nights.declare_counts(
        seat, BallotCounts(votes=votes, rejected=9), by=by, idempotency_key="one"
    )
    stored = json.dumps(
        {
            "act": "result",
            "contest": seat.pk,
            "figures": {
                "electorate": None,
                "lot": [],
                "papers": None,
                "rejected": 9,
                "turnout_announced": None,
                "valid_announced": None,
                "votes": {str(candidate): number for candidate, number in votes.items()},
                "winners": [],
            },
            "reason": "",
        },
        sort_keys=True,
    )
    record = IdempotencyRecord.objects.get()
    assert record.fingerprint == hashlib.sha256(stored.encode()).hexdigest()
    again = nights.declare_counts(
        seat, NextCounts(votes=votes, rejected=9), by=by, idempotency_key="one"
    )
    assert again.bulletin == first.bulletin
    other = NextCounts(votes=votes, rejected=9, postal_votes=1)
    with pytest.raises(desk.IdempotencyKeyReused):
        nights.declare_counts(seat, other, by=by, idempotency_key="one")


def test_key_cannot_be_reused_for_another_request(seat: Contest) -> None:
    by = nights.user()
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="one")
    with pytest.raises(desk.IdempotencyKeyReused):
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat, rejected=1), by=by, idempotency_key="one"
        )


def test_same_key_of_another_user_is_independent(seat: Contest) -> None:
    desk.publish(
        seat.election,
        desk.QuoteContent(words="Thank you.", speaker="Ann"),
        by=nights.user("a"),
        idempotency_key="k",
    )
    desk.publish(
        seat.election,
        desk.QuoteContent(words="Thank you all.", speaker="Bob"),
        by=nights.user("b"),
        idempotency_key="k",
    )
    assert Bulletin.objects.count() == 2


def test_same_counts_from_another_user_publish_nothing(seat: Contest) -> None:
    ballot_counts = nights.islington_ballot_counts(seat)
    first = nights.declare_counts(seat, ballot_counts, by=nights.user("a"), idempotency_key="one")
    same = nights.declare_counts(seat, ballot_counts, by=nights.user("b"), idempotency_key="two")
    assert same.unchanged
    assert same.bulletin == first.bulletin
    assert Bulletin.objects.count() == 1
    again = nights.declare_counts(seat, ballot_counts, by=nights.user("b"), idempotency_key="two")
    assert (again.unchanged, again.repeated) == (True, True)


def test_unchanged_correction_publishes_nothing(seat: Contest) -> None:
    ballot_counts, by = nights.islington_ballot_counts(seat), nights.user()
    nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="one")
    same = nights.correct(
        seat, ballot_counts, by=by, idempotency_key="two", base_revision=1, reason="Nothing."
    )
    assert same.unchanged
    assert Declaration.objects.count() == 1


def test_stale_revision_is_refused_with_the_current_one(seat: Contest) -> None:
    by = nights.user()
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="one")
    fixed = nights.islington_ballot_counts(seat, rejected=229)
    nights.correct(seat, fixed, by=by, idempotency_key="two", base_revision=1, reason="Misheard.")
    late = nights.islington_ballot_counts(seat, rejected=230)
    with pytest.raises(desk.StaleRevision) as refusal:
        nights.correct(
            seat, late, by=by, idempotency_key="three", base_revision=1, reason="Misheard."
        )
    assert refusal.value.standing.revision == 2
    assert refusal.value.declaration is not None
    assert refusal.value.declaration.rejected == 229
    assert Bulletin.objects.count() == 2


def test_refused_request_leaves_its_key_free(seat: Contest) -> None:
    by = nights.user()
    with pytest.raises(desk.ValidationRefused):
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat, electorate=1), by=by, idempotency_key="one"
        )
    assert not IdempotencyRecord.objects.exists()
    assert (
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="one"
        ).sequence
        == 1
    )


def test_database_refuses_a_duplicate_revision(seat: Contest) -> None:
    nights.declare(seat, 5483, 34603, 742, 4326, 236, 8415, rejected=227, electorate=75162)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.create(
            contest=seat, revision=1, kind="declaration", sequence=9, by=nights.user()
        )

"""The status of a count, and pages published again after details changed."""

from typing import Any

import pytest
from django.utils import timezone

from results import desk
from results.models import Bulletin, Contest, Night, Party, Standing
from tests import nights

pytestmark = pytest.mark.django_db


def report(seat: Contest, status: Standing.Status, **more: Any) -> desk.PublishResult:
    return desk.report_status(seat, status, by=nights.user(), idempotency_key=nights.key(), **more)


def test_publishes_a_status(seat: Contest) -> None:
    page = report(seat, Standing.Status.RECOUNT).bulletin.fragments
    assert set(page) == {
        "expected",
        "headline",
        "hex-islington-north",
        "shade-islington-north",
        "region-london",
        "row-islington-north",
        "seat-islington-north",
    }
    assert "Recount" in page["row-islington-north"]
    assert "Recount" in page["expected"]


def test_repeated_status_publishes_nothing(seat: Contest) -> None:
    report(seat, Standing.Status.UNDER_WAY)
    assert report(seat, Standing.Status.UNDER_WAY).unchanged
    assert Bulletin.objects.count() == 1


def test_publishes_an_expected_time(seat: Contest) -> None:
    at = timezone.now()
    report(seat, Standing.Status.UNDER_WAY)
    assert not report(seat, Standing.Status.UNDER_WAY, expected_at=at).unchanged
    seat.refresh_from_db()
    assert seat.expected_at == at


def test_refuses_a_status_after_the_result(seat: Contest) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    with pytest.raises(desk.InvalidTransition):
        report(seat, Standing.Status.RECOUNT)


def test_refuses_a_result_as_status(seat: Contest) -> None:
    with pytest.raises(desk.InvalidTransition):
        report(seat, Standing.Status.DECLARED)


def test_republishes_changed_details(seat: Contest) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    seat.candidates.filter(name="Nick Wakeling").update(name="Nicholas Wakeling")
    answer = desk.republish(seat.election, [seat], by=nights.user(), idempotency_key="two")
    assert "Nicholas Wakeling" in answer.bulletin.fragments["seat-islington-north"]
    assert "Nicholas Wakeling" in answer.bulletin.fragments["result-islington-north"]


def test_new_epoch_recomputes_the_tally(seat: Contest) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    before = Night.objects.get()
    other = nights.party("con")
    Party.objects.filter(slug="lab").update(tallied_with=other)

    desk.start_new_epoch(seat.election)

    after = Night.objects.get()
    assert after.epoch != before.epoch
    assert after.sequence == before.sequence
    assert after.standing_tally.parties["con"].seats == 1
    assert Standing.objects.get().summary["elected"][0]["label"] == "con"

"""How a count is going, and pages published again after their details changed."""

import pytest
from django.utils import timezone

from results import desk
from results.models import Bulletin, Night, Party, Standing
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return nights.islington_north(nights.election())


def report(seat, status, **more):
    return desk.report_status(seat, status, by=nights.user(), idempotency_key=nights.key(), **more)


def test_a_state_of_the_count_is_published(seat):
    page = report(seat, Standing.Status.RECOUNT).bulletin.fragments
    assert set(page) == {
        "expected",
        "headline",
        "hex-islington-north",
        "row-islington-north",
        "seat-islington-north",
        "seat-voices-islington-north",
    }
    assert "Recount" in page["row-islington-north"]
    assert "Recount" in page["expected"]


def test_the_same_state_again_publishes_nothing(seat):
    report(seat, Standing.Status.UNDER_WAY)
    assert report(seat, Standing.Status.UNDER_WAY).unchanged
    assert Bulletin.objects.count() == 1


def test_an_expected_time_is_published(seat):
    at = timezone.now()
    report(seat, Standing.Status.UNDER_WAY)
    assert not report(seat, Standing.Status.UNDER_WAY, expected_at=at).unchanged
    seat.refresh_from_db()
    assert seat.expected_at == at


def test_not_after_the_result(seat):
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    with pytest.raises(desk.InvalidTransition):
        report(seat, Standing.Status.RECOUNT)


def test_a_result_is_not_a_state_one_can_report(seat):
    with pytest.raises(desk.InvalidTransition):
        report(seat, Standing.Status.DECLARED)


def test_changed_details_are_published_again(seat):
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="one"
    )
    seat.candidates.filter(name="Nick Wakeling").update(name="Nicholas Wakeling")
    answer = desk.republish(seat.election, [seat], by=nights.user(), idempotency_key="two")
    assert "Nicholas Wakeling" in answer.bulletin.fragments["seat-islington-north"]
    assert "Nicholas Wakeling" in answer.bulletin.fragments["feed"]


def test_a_new_epoch_works_the_night_out_again(seat):
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

"""A status is published while figures or a time of the same count wait for the night's lock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from results import desk
from results.desk.publishing import locked_night
from results.models import Assignment, Contest, Election, Standing
from tests import nights
from tests.desk.lock_waits import until_waiting
from tests.processes import START_SECONDS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    pytest.mark.usefixtures("two_writers"),
]


@pytest.fixture(autouse=True)
def tonight(seat: Contest) -> Election:
    closed = timezone.now() - timedelta(hours=1)
    Election.objects.update(polls_close=closed, date=closed.date())
    return seat.election


def while_it_waits(seat: Contest, request: Callable[[], int], before: Callable[[], object]) -> int:
    """Let a request read the count and wait for the lock, and do something before it gets it."""

    def run() -> int:
        try:
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with locked_night(seat.election_id):
            answer = pool.submit(run)
            until_waiting(1)
            before()
        return answer.result(timeout=START_SECONDS)


def recount(seat: Contest) -> None:
    editor = nights.user("editor")
    desk.report_status(seat, Standing.Status.RECOUNT, by=editor, idempotency_key="recount")


def test_figures_leave_a_status_that_was_published_meanwhile(seat: Contest) -> None:
    reporter = nights.user("reporter")
    Assignment.objects.create(reporter=reporter, contest=seat)
    phone = Client()
    phone.force_login(reporter)
    fields = {"step": "count", "papers": "900", "key": "figures"}

    def announce() -> int:
        address = "/count/ge/islington-north/"
        return phone.post(address, fields, headers={"Accept": "application/json"}).status_code

    assert while_it_waits(seat, announce, lambda: recount(seat)) == 200
    standing = Standing.objects.get()
    assert (standing.status, standing.verified_papers) == (Standing.Status.RECOUNT, 900)


def test_another_expected_time_leaves_it_too(seat: Contest) -> None:
    desk_client = Client()
    desk_client.force_login(nights.user("boss", staff=True))
    address = f"/admin/results/election/{seat.election_id}/night/action/"
    at = timezone.localtime(timezone.now() + timedelta(hours=1), seat.election.zone)
    fields = {"action": "retime", "contest": seat.pk, "expected_at": f"{at:%H:%M}"}

    def retime() -> int:
        return desk_client.post(address, fields, headers={"HX-Request": "true"}).status_code

    assert while_it_waits(seat, retime, lambda: recount(seat)) == 200
    assert Standing.objects.get().status == Standing.Status.RECOUNT
    seat.refresh_from_db()
    assert seat.expected_at == at.replace(second=0, microsecond=0)


def test_earlier_time_is_published_again_after_another_was_meanwhile(seat: Contest) -> None:
    first = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    editor = nights.user("editor")
    desk.report_status(seat, None, by=editor, idempotency_key="first", expected_at=first)

    def again() -> int:
        fresh = Contest.objects.get(pk=seat.pk)
        return desk.report_status(
            fresh, None, by=nights.user("boss"), idempotency_key="again", expected_at=first
        ).sequence

    def later() -> None:
        at = first + timedelta(minutes=30)
        desk.report_status(seat, None, by=editor, idempotency_key="later", expected_at=at)

    assert while_it_waits(seat, again, later) == 3
    seat.refresh_from_db()
    assert seat.expected_at == first

"""Night dashboard: what needs a person comes first, in a fixed number of queries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from results import desk
from results.models import Assignment, Contest, Declaration, Election, Phone, ReviewItem
from tests import nights
from tests.editor.conftest import address, staff_with

Dashboard = Callable[..., str]


@pytest.fixture
def dashboard(admin: Client, night: Election) -> Dashboard:
    """Requests the dashboard; returns its HTML."""

    def get(*, htmx: bool = False) -> str:
        headers = {"HX-Request": "true"} if htmx else {}
        page = admin.get(address("election_night", night.pk), headers=headers)
        return page.content.decode()

    return get


def submit(seat: Contest, by: User, **changes: object) -> ReviewItem:
    """Submit a result that waits for a second person."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    ballot_counts = nights.islington_ballot_counts(seat, **changes)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION, by=by, idempotency_key=nights.key(), base_revision=0
    )
    item = desk.submit_result(seat, ballot_counts, request)
    assert isinstance(item, ReviewItem)
    return item


def test_says_so_when_nothing_needs_a_person(dashboard: Dashboard, seat: Contest) -> None:
    assert "All is dealt with." in dashboard()
    assert "Nothing is published yet." in dashboard()


def test_lists_differing_results_before_waiting_items(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    quiet = nights.contest(night, "Quiet", [("Ann", "lab"), ("Bob", "con")])
    content = {"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}
    desk.queue_for_review(
        quiet, ReviewItem.Kind.QUOTE, content, by=nights.user(), idempotency_key="q"
    )
    submit(seat, nights.user())
    submit(seat, nights.user("colleague"), rejected=5)
    text = dashboard()
    assert text.index("Two results differ") < text.index(">Quote<")
    assert "3 things need a person" in text
    assert 'class="urgency-0"' in text


def test_names_editor_who_opened_an_item(
    dashboard: Dashboard, admin: Client, seat: Contest, editor: User
) -> None:
    item = submit(seat, nights.user())
    assert "is looking at it" not in dashboard()
    admin.get(address("reviewitem_change", item.pk))
    assert "editor is looking at it" in dashboard()
    ReviewItem.objects.update(opened_at=timezone.now() - timedelta(minutes=10))
    assert "is looking at it" not in dashboard()


def test_lists_overdue_counts_and_winners_without_votes(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    early = timezone.now() - timedelta(hours=1)
    Contest.objects.filter(pk=seat.pk).update(expected_at=early)
    assert "Overdue" in dashboard()
    winner = [seat.candidates.get(name="Jeremy Corbyn")]
    nights.declare_winner(seat, winner, by=nights.user(), idempotency_key="f", declared_at=early)
    text = dashboard()
    assert "Overdue" not in text
    assert "the figures are still to follow" in text


def test_lists_counts_without_reporter(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    other = nights.contest(night, "Sent", [("Ann", "lab")])
    soon = timezone.now() + timedelta(minutes=30)
    Contest.objects.update(expected_at=soon)
    assert "Nobody there" not in dashboard()
    Assignment.objects.create(reporter=nights.user(), contest=other)
    text = dashboard()
    assert text.count("Nobody there") == 1
    assert "Islington North" in text
    assert f"expected {localtime(soon, night.zone):%H:%M}" in text


def test_lists_overridden_warnings_until_verified(
    dashboard: Dashboard, seat: Contest, admin: Client
) -> None:
    ballot_counts = nights.islington_ballot_counts(seat, electorate=65000)
    nights.declare_counts(
        seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason="Read out twice."
    )
    assert "Read out twice." in dashboard()
    declaration = seat.declarations.get()
    action = {"action": "verify", "_selected_action": [declaration.pk]}
    admin.post(address("declaration_changelist"), action)
    assert "Read out twice." not in dashboard()


def test_lists_phones_with_unsent_results(dashboard: Dashboard, seat: Contest) -> None:
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    phone = Client()
    phone.force_login(reporter)
    phone.post("/count/phone/", {"unsent": "2", "asked": "1"})
    text = dashboard()
    assert "2 not sent" in text
    assert "a check asks the reporter something" in text
    phone.post("/count/phone/", {"unsent": "rubbish", "asked": "-1"})
    assert Phone.objects.get().unsent == 0
    assert Client().post("/count/phone/", {"unsent": "2"}).status_code == 401


def test_sends_only_the_fragment_to_htmx(dashboard: Dashboard, seat: Contest) -> None:
    part = dashboard(htmx=True)
    assert "<html" not in part
    assert 'class="states"' in part


def test_number_of_queries_does_not_grow_with_contests(
    admin: Client, night: Election, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        contest = nights.contest(night, f"Hall {number}", [("Ann", "lab"), ("Bob", "con")])
        Contest.objects.filter(pk=contest.pk).update(expected_at=timezone.now())
    with django_assert_max_num_queries(20):
        admin.get(address("election_night", night.pk))


def test_needs_permission_to_view_contests(client: Client, night: Election) -> None:
    client.force_login(staff_with("view_party"))
    assert client.get(address("election_night", night.pk)).status_code == 403

"""The night on one screen: what needs a person is on top, and it costs the same always."""

from datetime import timedelta

import pytest
from django.utils import timezone

from results import desk
from results.models import Assignment, Contest, Declaration, Election, Phone, ReviewItem
from tests import nights
from tests.editor.conftest import address, staff_with


@pytest.fixture
def screen(admin, night):
    def look(**headers):
        return admin.get(address("election_night", night.pk), **headers).content.decode()

    return look


def send(seat, by, **changes):
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    ballot_counts = nights.islington_ballot_counts(seat, **changes)
    submission = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION, by=by, idempotency_key=nights.key(), base_revision=0
    )
    return desk.submit_result(seat, ballot_counts, submission)


def test_all_is_dealt_with_when_nothing_waits(screen, seat):
    assert "All is dealt with." in screen()
    assert "Nothing is published yet." in screen()


def test_what_differs_is_above_what_waits(screen, seat, night):
    quiet = nights.contest(night, "Quiet", [("Ann", "lab"), ("Bob", "con")])
    content = {"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}
    desk.queue_for_review(
        quiet, ReviewItem.Kind.QUOTE, content, by=nights.user(), idempotency_key="q"
    )
    send(seat, nights.user())
    send(seat, nights.user("colleague"), rejected=5)
    text = screen()
    assert text.index("Two results differ") < text.index(">Quote<")
    assert "3 things need a person" in text
    assert 'class="urgency-0"' in text


def test_who_looks_at_it_is_said_to_the_next(screen, admin, seat, editor):
    offer = send(seat, nights.user())
    assert "is looking at it" not in screen()
    admin.get(address("reviewitem_change", offer.pk))
    assert "editor is looking at it" in screen()
    ReviewItem.objects.update(opened_at=timezone.now() - timedelta(minutes=10))
    assert "is looking at it" not in screen()


def test_overdue_counts_and_a_winner_without_figures(screen, seat, night):
    early = timezone.now() - timedelta(hours=1)
    Contest.objects.filter(pk=seat.pk).update(expected_at=early)
    assert "Overdue" in screen()
    winner = [seat.candidates.get(name="Jeremy Corbyn")]
    desk.declare_winner(seat, winner, by=nights.user(), idempotency_key="f", declared_at=early)
    text = screen()
    assert "Overdue" not in text
    assert "the figures are still to follow" in text


def test_a_count_that_nobody_is_sent_to(screen, seat, night):
    other = nights.contest(night, "Sent", [("Ann", "lab")])
    soon = timezone.now() + timedelta(minutes=30)
    Contest.objects.update(expected_at=soon)
    assert "Nobody there" not in screen()
    Assignment.objects.create(reporter=nights.user(), contest=other)
    text = screen()
    assert text.count("Nobody there") == 1
    assert "Islington North" in text


def test_what_was_published_in_spite_of_a_warning_until_it_is_verified(screen, seat, admin):
    ballot_counts = nights.islington_ballot_counts(seat, electorate=65000)
    desk.declare(
        seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason="Read out twice."
    )
    assert "Read out twice." in screen()
    declaration = seat.declarations.get()
    action = {"action": "verify", "_selected_action": [declaration.pk]}
    admin.post(address("declaration_changelist"), action)
    assert "Read out twice." not in screen()


def test_phones_with_something_unsent(screen, seat, client):
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    phone = type(client)()
    phone.force_login(reporter)
    phone.post("/count/phone/", {"unsent": "2", "asked": "1"})
    text = screen()
    assert "2 not sent" in text
    assert "a check asks the reporter something" in text
    phone.post("/count/phone/", {"unsent": "rubbish", "asked": "-1"})
    assert Phone.objects.get().unsent == 0
    assert type(client)().post("/count/phone/", {"unsent": "2"}).status_code == 401


def test_only_the_changing_part_is_asked_for_again(screen, seat):
    part = screen(HTTP_HX_REQUEST="true")
    assert "<html" not in part
    assert 'class="states"' in part


def test_costs_the_same_however_many_counts(admin, night, django_assert_max_num_queries):
    for number in range(40):
        made = nights.contest(night, f"Hall {number}", [("Ann", "lab"), ("Bob", "con")])
        Contest.objects.filter(pk=made.pk).update(expected_at=timezone.now())
    with django_assert_max_num_queries(20):
        admin.get(address("election_night", night.pk))


def test_not_for_those_who_may_not_see_counts(client, night):
    client.force_login(staff_with("view_party"))
    assert client.get(address("election_night", night.pk)).status_code == 403

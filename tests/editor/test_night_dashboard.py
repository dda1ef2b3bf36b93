"""Night dashboard: what needs a person first, judged in place, in a fixed number of queries."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from results import desk
from results.desk.backups import record_backup
from results.editor.night import screen
from results.models import (
    Assignment,
    Contest,
    Election,
    Phone,
    Region,
    ReviewItem,
)
from tests import nights
from tests.editor.conftest import Dashboard, address
from tests.editor.night_items import queue_quote, submit

# --- The queue ------------------------------------------------------------------------------


def test_says_so_when_nothing_needs_a_person(dashboard: Dashboard, seat: Contest) -> None:
    assert "All is dealt with." in dashboard()
    assert "nothing published yet" in dashboard()


def test_lists_differing_results_before_waiting_items(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    queue_quote(nights.contest(night, "Quiet", [("Ann", "lab"), ("Bob", "con")]))
    submit(seat, nights.user())
    submit(seat, nights.user("colleague"), rejected=5)
    text = dashboard()
    assert text.index("Two results differ") < text.index(">Quote<")
    assert "2 things need a person" in text
    assert 'data-waiting="2"' in text


def test_shows_figures_party_turnout_and_last_time_beside_a_result(
    dashboard: Dashboard, seat: Contest
) -> None:
    submit(seat, nights.user())
    text = dashboard()
    for shown in ("34,603", "Lab hold", "71.9%", "26,188", "64.3%", "Last time: Lab by 33,215"):
        assert shown in text, shown


def test_marks_what_differs_and_names_whose_each_button_publishes(
    dashboard: Dashboard, seat: Contest
) -> None:
    submit(seat, nights.user())
    submit(seat, nights.user("colleague"), rejected=5)
    text = dashboard()
    assert text.count('class="differs"') == 2  # rejected ballots, and so the turnout
    assert "Publish reporter’s" in text
    assert "Publish colleague’s" in text
    assert "Lab hold either way" in text
    assert "−222" in text


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
    assert f"row-overdue-{seat.pk}" in dashboard()
    winner = [seat.candidates.get(name="Jeremy Corbyn")]
    nights.declare_winner(seat, winner, by=nights.user(), idempotency_key="f", declared_at=early)
    text = dashboard()
    assert f"row-overdue-{seat.pk}" not in text
    assert "the votes are still to follow" in text


def test_lists_counts_without_reporter(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    other = nights.contest(night, "Sent", [("Ann", "lab")])
    soon = timezone.now() + timedelta(minutes=30)
    Contest.objects.update(expected_at=soon)
    assert "Nobody there" not in dashboard()
    Assignment.objects.create(reporter=nights.user(), contest=other)
    desk.report_status(other, "under_way", by=nights.user(), idempotency_key="s")  # type: ignore[arg-type]
    text = dashboard()
    assert text.count("Nobody there") == 1
    assert f"Expected {localtime(soon, night.zone):%H:%M}, no reporter" in text


def test_filters_by_region_group_and_kind_in_the_address(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    other = nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")], region="North")
    queue_quote(other, "From the north.")
    submit(seat, nights.user())
    north = Region.objects.get(name="North").pk
    text = dashboard(query=f"?region={north}")
    assert "From the north." in text
    assert f"row-results-{seat.pk}" not in text
    # What is done there leads back to the same filter.
    assert f"/night/act/?region={north}" in text
    assert "From the north." not in dashboard(query="?kind=results")
    assert "2 things need a person" in dashboard(query="?region=x&kind=y&group=z")
    night.groups.create(name="Ours", slug="ours").contests.add(other)
    empty = dashboard(query="?group=99999999")
    assert "All is dealt with." not in empty
    assert "2 things wait outside of the filter" in empty
    group = night.groups.get().pk
    assert "1 thing needs a person" in dashboard(query=f"?group={group}")


def test_another_election_is_another_address(admin: Client, night: Election) -> None:
    other = nights.election("other")
    page = admin.get(address("election_night", night.pk) + f"?election={other.pk}&kind=quotes")
    assert page.headers["Location"] == address("election_night", other.pk) + "?kind=quotes"


# --- On the page now, phones ----------------------------------------------------------------


def test_lists_overridden_warnings_until_verified(
    dashboard: Dashboard, seat: Contest, admin: Client
) -> None:
    ballot_counts = nights.islington_ballot_counts(seat, electorate=65000)
    nights.declare_counts(
        seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason="Read out twice."
    )
    assert "Read out twice." in dashboard()
    assert "Labour hold Islington North" in dashboard()
    declaration = seat.declarations.get()
    action = {"action": "verify", "_selected_action": [declaration.pk]}
    admin.post(address("declaration_changelist"), action)
    ReviewItem.objects.create(contest=seat, kind="quote", content={}, by=nights.user())
    assert "Read out twice." not in dashboard()


def test_lists_phones_with_unsent_results(dashboard: Dashboard, seat: Contest) -> None:
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    phone = Client()
    phone.force_login(reporter)
    phone.post("/count/phone/", {"unsent": "2", "asked": "1"})
    text = dashboard()
    assert "2 kept on the phone, not sent" in text
    assert "a check asks the reporter something" in text
    phone.post("/count/phone/", {"unsent": "rubbish", "asked": "-1"})
    assert Phone.objects.get().unsent == 0
    assert Client().post("/count/phone/", {"unsent": "2"}).status_code == 401


def test_sends_only_the_parts_to_htmx(dashboard: Dashboard, seat: Contest) -> None:
    part = dashboard(htmx=True)
    assert "<html" not in part
    assert 'id="night-queue"' in part


def test_number_of_queries_does_not_grow_with_contests(
    admin: Client,
    night: Election,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Ages are shown anew every few seconds: not within this test.
    monkeypatch.setattr(screen, "STEP_SECONDS", 10**7)
    for number in range(40):
        contest = nights.contest(night, f"Hall {number}", [("Ann", "lab"), ("Bob", "con")])
        Assignment.objects.create(reporter=nights.user(f"r{number}"), contest=contest)
        if number % 2:
            queue_quote(contest)
    Contest.objects.update(expected_at=timezone.now())
    with django_assert_max_num_queries(65):
        admin.get(address("election_night", night.pk))
    # Another viewer, or the next question, reads no more than what its state is.
    with django_assert_max_num_queries(12):
        admin.get(address("election_night", night.pk), headers={"HX-Request": "true"})


def test_every_page_of_the_admin_leads_back_to_the_night(
    admin: Client, dashboard: Dashboard, night: Election
) -> None:
    link = f'href="{address("election_night", night.pk)}"'
    assert link not in admin.get(address("contest_changelist")).content.decode()
    dashboard()
    for page in ("/admin/", address("contest_changelist"), address("post_add")):
        assert link in admin.get(page).content.decode(), page


def test_says_when_the_last_backup_was_made(dashboard: Dashboard, seat: Contest) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert re.search(r'<dd class="overdue">\s*none is recorded', dashboard())
        record_backup("desk.tar.gz", 1000)
        clock.shift(timedelta(minutes=20))
        assert re.search(r"Last backup</dt>\s*<dd>\s*20\sminutes ago", dashboard())
        clock.shift(timedelta(minutes=100))
        assert re.search(r'<dd class="overdue">\s*2\shours ago', dashboard())

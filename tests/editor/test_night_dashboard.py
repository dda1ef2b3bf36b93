"""Night dashboard: the queue first, judged in place, in a fixed number of queries."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from results import desk
from results.desk.backups import record_backup
from results.desk.worker_status import WorkerReport
from results.editor.night import screen
from results.models import (
    Assignment,
    Contest,
    Election,
    Region,
    ReviewItem,
    Standing,
)
from results.words.times import expected_time
from tests import nights
from tests.editor.conftest import Dashboard, address
from tests.editor.night_items import queue_quote, submit

# --- Counts by state ----------------------------------------------------------------------------


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_counts_of_a_later_day_have_their_day(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    """Polls close on Thursday at 22:00."""
    same = nights.contest(night, "Same", [("Ann", "lab"), ("Bob", "con")])
    done = nights.contest(night, "Done", [("Ann", "lab"), ("Bob", "con")])
    with time_machine.travel("2019-12-14T10:00Z", tick=False):
        nights.declare(done, 6000, 4000)
        Contest.objects.filter(pk=seat.pk).update(expected_at=timezone.now() + timedelta(hours=4))
        Contest.objects.filter(pk=same.pk).update(expected_at=timezone.now() - timedelta(hours=7))
        lists = plain(dashboard().partition('id="now-counts"')[2])
        assert "Islington North Sat 14:00" in lists
        assert "Same Sat 03:00 overdue" in lists
        assert "Done Sat 10:00" in lists
        assert "Expected Sat 03:00, awaited" in plain(dashboard())


def test_postponed_poll_is_not_among_the_declared(
    dashboard: Dashboard, declared: Contest, night: Election
) -> None:
    """As the scoreboard and the front page count it: neither declared nor to come."""
    off = nights.contest(night, "Off", [("Ann", "lab"), ("Bob", "con")])
    alone = nights.contest(night, "Alone", [("Cat", "lab")])
    desk.publish_unopposed(alone, by=nights.user(), idempotency_key="alone", source="")
    desk.report_status(off, Standing.Status.POSTPONED, by=nights.user(), idempotency_key="off")
    lists = plain(dashboard().partition('id="now-counts"')[2])
    done, _heading, postponed = lists.partition("1 Postponed")
    assert "2 Declared" in done
    assert "Alone" in done
    assert "Islington North" in done
    assert "Off" not in done
    assert "Off" in postponed


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


def test_says_of_results_after_the_night_was_closed_whether_they_are_the_same(
    dashboard: Dashboard, seat: Contest
) -> None:
    """Before that, the second of two that are the same publishes them."""
    Election.objects.update(final=True)
    submit(seat, nights.user())
    submit(seat, nights.user("colleague"))
    text = dashboard()
    assert "Two results, the same figures" in text
    assert "results differ" not in text
    submit(seat, nights.user("third"))
    assert "3 results, the same figures" in dashboard()
    submit(seat, nights.user("fourth"), rejected=5)
    text = dashboard()
    assert "4 results differ" in text
    assert "the same figures" not in text


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
    for minutes in (-60, 10):  # by a clock that was set back; long ago
        ReviewItem.objects.update(opened_at=timezone.now() - timedelta(minutes=minutes))
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


def test_count_whose_result_waits_is_not_overdue(dashboard: Dashboard, seat: Contest) -> None:
    """It needs a person once: for its result."""
    early = timezone.now() - timedelta(hours=1)
    Contest.objects.filter(pk=seat.pk).update(expected_at=early)
    submit(seat, nights.user())
    text = dashboard()
    assert f"row-overdue-{seat.pk}" not in text
    assert "1 thing needs a person" in text


def test_count_whose_result_waits_is_listed_once(dashboard: Dashboard, seat: Contest) -> None:
    """At the desk, and no longer among those still to come."""
    assert "Still to come" in dashboard()
    submit(seat, nights.user())
    text = dashboard()
    assert "At the desk" in text
    assert "Still to come" not in text


def test_lists_counts_without_reporter(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    other = nights.contest(night, "Sent", [("Ann", "lab")])
    soon = timezone.now() + timedelta(minutes=30)
    Contest.objects.update(expected_at=soon)
    assert "Nobody there" not in dashboard()
    Assignment.objects.create(reporter=nights.user(), contest=other)
    under_way = Standing.Status.UNDER_WAY
    desk.report_status(other, under_way, by=nights.user(), idempotency_key="s")
    text = dashboard()
    assert text.count("Nobody there") == 1
    assert f"Expected {expected_time(soon, night)}, no reporter" in text


def test_counts_without_reporter_are_no_oversight_where_few_have_one(
    dashboard: Dashboard, seat: Contest, night: Election
) -> None:
    """A desk with forty reporters at 650 counts is not told of the other 610."""
    Assignment.objects.create(reporter=nights.user(), contest=seat)
    for name in ("Far", "Farther"):
        nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")])
    Contest.objects.update(expected_at=timezone.now() + timedelta(minutes=30))
    assert "Nobody there" not in dashboard()


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
    assert f"/night/action/?region={north}" in text
    assert "From the north." not in dashboard(query="?kind=results")
    assert "2 things need a person" in dashboard(query="?region=x&kind=y&group=z")
    night.groups.create(name="Ours", slug="ours").contests.add(other)
    empty = dashboard(query="?group=99999999")
    assert "All is dealt with." not in empty
    assert "2 things wait outside of the filter" in empty
    group = night.groups.get().pk
    assert "1 thing needs a person" in dashboard(query=f"?group={group}")


def test_newest_result_can_be_corrected_and_withdrawn(
    dashboard: Dashboard, admin: Client, seat: Contest, editor: User
) -> None:
    """Whoever published it: of what an editor declares from here nothing was to be withdrawn."""
    counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, counts, by=editor, idempotency_key="k")
    newest = dashboard().partition('id="now-newest"')[2].partition("now-tally")[0]
    for page in ("contest_correct", "contest_withdraw"):
        assert f"{address(page, seat.pk)}?night={seat.election_id}" in newest


def test_another_election_is_another_address(admin: Client, night: Election) -> None:
    other = nights.election("other")
    page = admin.get(address("election_night", night.pk) + f"?election={other.pk}&kind=quotes")
    assert page.headers["Location"] == address("election_night", other.pk) + "?kind=quotes"


def test_says_that_the_night_is_closed(dashboard: Dashboard, seat: Contest) -> None:
    assert "The night is closed" not in dashboard()
    Election.objects.update(final=True)
    assert "The night is closed: every page says “Final”." in dashboard()


# --- On the page now, phones ----------------------------------------------------------------


def test_lists_overridden_warnings_until_verified(
    dashboard: Dashboard, seat: Contest, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballot_counts = nights.islington_ballot_counts(seat, electorate=65000)
    nights.declare_counts(
        seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason="Read out twice."
    )
    monkeypatch.setattr(screen, "STEP_SECONDS", 10**7)  # no age is shown anew in this test
    assert "Read out twice." in dashboard()
    assert "Labour hold Islington North" in dashboard()
    declaration = seat.declarations.get()
    action = {"action": "verify", "_selected_action": [declaration.pk]}
    admin.post(address("declaration_changelist"), action)
    assert "Read out twice." not in dashboard()


def test_sends_only_the_parts_to_htmx(dashboard: Dashboard, seat: Contest) -> None:
    part = dashboard(htmx=True)
    assert "<html" not in part
    assert 'id="night-queue"' in part


def fill(night: Election, numbers: range) -> None:
    """Make overdue counts with a reporter each, and a quote that waits at every second one."""
    for number in numbers:
        contest = nights.contest(night, f"Hall {number}", [("Ann", "lab"), ("Bob", "con")])
        Assignment.objects.create(reporter=nights.user(f"r{number}"), contest=contest)
        if number % 2:
            queue_quote(contest)
    Contest.objects.update(expected_at=timezone.now())


def test_number_of_queries_does_not_grow_with_contests(
    admin: Client,
    night: Election,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Ages are shown anew every few seconds: not within this test.
    monkeypatch.setattr(screen, "STEP_SECONDS", 10**7)
    path = address("election_night", night.pk)
    admin.get(path)  # what is read once by a session or a process
    fill(night, range(40))
    with django_assert_max_num_queries(65) as few:
        admin.get(path)
    # Another viewer, or the next question, reads no more than what its state is.
    with django_assert_max_num_queries(12):
        admin.get(path, headers={"HX-Request": "true"})
    fill(night, range(40, 400))
    with django_assert_max_num_queries(67) as many:
        admin.get(path)
    # Lists that are longer than what is shown are counted as well.
    assert abs(len(many) - len(few)) <= 2


def test_asks_for_no_permissions_of_a_list_that_it_does_not_show(dashboard: Dashboard) -> None:
    """The list of all tables is what the other pages of the admin have at their side."""
    with patch.object(AdminSite, "get_app_list") as get_app_list:
        dashboard()
    get_app_list.assert_not_called()


def test_every_page_of_the_admin_leads_back_to_the_night(
    admin: Client, dashboard: Dashboard, night: Election
) -> None:
    link = f'href="{address("election_night", night.pk)}"'
    assert link not in admin.get(address("contest_changelist")).content.decode()
    dashboard()
    password = [f"/admin/password_change/{path}" for path in ("", "done/")]
    for page in ("/admin/", address("contest_changelist"), address("post_add"), *password):
        assert link in admin.get(page).content.decode(), page


def test_says_when_the_last_backup_was_made(dashboard: Dashboard, seat: Contest) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert re.search(r'<dd class="overdue">\s*none is recorded', dashboard())
        record_backup("desk.tar.gz", 1000)
        clock.shift(timedelta(minutes=20))
        assert re.search(r"Last backup</dt>\s*<dd>\s*20\sminutes ago", dashboard())
        clock.shift(timedelta(minutes=100))
        assert re.search(r'<dd class="overdue">\s*2\shours ago', dashboard())


def test_says_when_no_worker_has_reported_for_a_minute(
    dashboard: Dashboard, seat: Contest, settings: Any
) -> None:
    missing = "not running: files that are loaded"
    assert missing not in dashboard()  # tasks are done where they are enqueued
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False) as clock:
        assert missing in dashboard()
        clock.shift(timedelta(minutes=1))
        WorkerReport("here:1").poll()
        assert missing not in dashboard()
        clock.shift(timedelta(minutes=2))
        assert missing in dashboard()

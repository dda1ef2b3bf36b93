"""A count whose result waits for approval is not merely awaited, on any page of the admin."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Contest, Declaration, Election, ReviewItem
from tests import nights
from tests.editor.conftest import address, staff_with, text_of
from tests.editor.night_items import queue_quote, submit


@pytest.fixture
def reporter(db: None) -> User:
    return nights.user()


def _page(admin: Client, contest: Contest) -> str:
    return admin.get(address("contest_change", contest.pk)).content.decode()


def test_contest_says_that_its_result_waits_and_leads_to_the_queue(
    admin: Client, seat: Contest, reporter: User
) -> None:
    waits = "A result waits at the desk for approval"
    assert waits not in _page(admin, seat)
    item = submit(seat, reporter)
    page = _page(admin, seat)
    link = re.search(rf'<a href="([^"]*)">{waits}</a>', page)
    assert link is not None
    queue = admin.get(link.group(1).replace("&amp;", "&"))
    assert [each.pk for each in queue.context["cl"].result_list] == [item.pk]
    desk.decline(item, by=nights.user("editor"))
    assert waits not in _page(admin, seat)


def test_contest_counts_results_that_differ(admin: Client, seat: Contest, reporter: User) -> None:
    submit(seat, reporter)
    submit(seat, nights.user("second"), rejected=228)
    assert "2 results wait at the desk for approval" in _page(admin, seat)


def test_contest_says_that_a_correction_waits(admin: Client, seat: Contest, reporter: User) -> None:
    item = submit(seat, reporter)
    ReviewItem.objects.filter(pk=item.pk).update(kind=ReviewItem.Kind.CORRECTION)
    page = _page(admin, seat)
    assert "A correction waits at the desk for approval" in page
    assert "A result waits" not in page


def test_quote_that_waits_is_no_result(admin: Client, seat: Contest) -> None:
    queue_quote(seat)
    assert "at the desk for approval" not in _page(admin, seat)


def test_those_who_may_not_see_the_queue_get_no_link(
    client: Client, seat: Contest, reporter: User
) -> None:
    submit(seat, reporter)
    client.force_login(staff_with("view_contest"))
    page = _page(client, seat)
    assert "A result waits at the desk for approval" in page
    assert address("reviewitem_changelist") not in page


def test_lists_and_panels_say_so_too(
    admin: Client, seat: Contest, night: Election, reporter: User
) -> None:
    nights.contest(night, "Islington South", [("Ann", "lab"), ("Bob", "con")])
    submit(seat, reporter)
    rows = text_of(admin.get(address("contest_changelist")))
    assert "Islington North Awaited, a result at the desk" in rows
    assert "Islington South Awaited –" in rows
    panel = text_of(admin.get(address("election_night_count", night.pk, seat.pk)))
    assert "A result waits at the desk for approval" in panel
    found = text_of(admin.get(address("election_night_choose", night.pk, "find") + "?q=Islington"))
    assert re.search(r"Islington North [^.]*a result at the desk", found)


def test_counted_area_is_not_called_declared(admin: Client, seat: Contest) -> None:
    area = nights.contest(seat.election, "Area", [("Ann", "lab"), ("Bob", "con")], part_of=seat)
    nights.declare(area, 60, 40)
    assert Declaration.objects.filter(contest=area).exists()
    page = _page(admin, area)
    assert "Counted, revision 1: Area counted: 100 votes" in page

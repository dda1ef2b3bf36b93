"""The print-out: every result with its figures, and what is to come, in a few queries."""

from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from results import desk
from results.models import Contest, Election, Standing
from tests import nights
from tests.editor.conftest import address


def test_has_every_result_and_what_is_to_come(
    admin: Client, declared: Contest, django_assert_max_num_queries: Any
) -> None:
    for name in ("Elsewhere", "Farther", "Nowhere"):
        nights.contest(declared.election, name, [("Ann Hall", "lab"), ("Bob Rice", "con")])
    with django_assert_max_num_queries(40):
        page: Any = admin.get(address("election_print", declared.election.pk))
    text = page.content.decode()
    for words in ("Jeremy Corbyn", "34,603", "Majority", "26,188", "227", "Farther", "Awaiting"):
        assert words in text
    printed = text.split('<div id="content-main">')[1].split("</main>")[0]
    assert "<strong>General election</strong>, 12 December 2019" in printed
    assert "<script" not in printed


def test_says_its_day_once(admin: Client, declared: Contest) -> None:
    Election.objects.update(name="General election, 12 December 2019")
    page: Any = admin.get(address("election_print", declared.election.pk))
    printed = page.content.decode().split('<div id="content-main">')[1]
    assert "<strong>General election</strong>, 12 December 2019" in printed


def plain_print_out(admin: Client, election: Election) -> str:
    page: Any = admin.get(address("election_print", election.pk))
    words = strip_tags(page.content.decode().split('<div id="content-main">')[1])
    return " ".join(words.split())


def test_postponed_poll_is_not_to_come(admin: Client, declared: Contest) -> None:
    off = nights.contest(declared.election, "Off", [("Ann Hall", "lab"), ("Bob Rice", "con")])
    assert "Results: 1, to come: 1" in plain_print_out(admin, declared.election)
    desk.report_status(off, Standing.Status.POSTPONED, by=nights.user(), idempotency_key="off")
    text = plain_print_out(admin, declared.election)
    assert "Results: 1, to come: 0, postponed: 1" in text
    assert "Off" in text.partition("Postponed")[2]


def test_counting_areas_are_no_results_of_their_own(admin: Client, declared: Contest) -> None:
    people = [("Ann Hall", "lab"), ("Bob Rice", "con")]
    nights.contest(declared.election, "Aford", people, part_of=declared)
    text = plain_print_out(admin, declared.election)
    assert "Results: 1, to come: 0" in text
    assert "Aford" in text

"""Filters of the admin's list of contests."""

import re

from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Body, Election
from tests import nights
from tests.editor.conftest import address
from tests.reporter.conftest import text_of


def test_offers_only_the_bodies_of_the_election_that_is_chosen(admin: Client) -> None:
    general, councils = nights.election(), nights.election("may", kind=ElectionKind.COUNCIL)
    nights.contest(general, "Vale", [("Ann", "lab"), ("Bob", "con")])
    for name in ("Northshire Council", "Southshire Council"):
        body = Body.objects.create(election=councils, name=name, slug=name[:5].lower())
        nights.contest(councils, f"{name} Hill", [("Ann", "lab"), ("Bob", "con")], body=body)
    url = address("contest_changelist")
    assert "House of Commons" in text_of(admin.get(url))
    text = text_of(admin.get(url, {"election__id__exact": councils.pk}))
    assert "Southshire Council" in text
    assert "House of Commons" not in text


def test_bodies_of_one_name_are_told_apart_by_their_elections(admin: Client) -> None:
    for slug in ("first", "second"):
        election = nights.election(slug)
        nights.contest(election, "Vale", [("Ann", "lab"), ("Bob", "con")])
    text = text_of(admin.get(address("contest_changelist")))
    for election in Election.objects.all():
        assert f"House of Commons, {election.name}" in text
    assert text.count("House of Commons") == 2


def test_filters_are_folded_and_name_what_is_chosen(admin: Client) -> None:
    """Where they stand above the list, they would leave it no room."""
    election = nights.election()
    nights.contest(election, "Vale", [("Ann", "lab"), ("Bob", "con")], region="London")
    answer = admin.get(address("contest_changelist"), {"state": "awaiting"}).text
    folds = re.findall(r"<details[^>]*data-filter-title[^>]*>", answer)
    assert len(folds) > 3
    assert [fold for fold in folds if "open" in fold] == []
    chosen = re.findall(r"By (\w+)\s+· <b>(\w+)</b>", answer)
    assert chosen == [("state", "Awaited")]

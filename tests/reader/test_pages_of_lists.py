"""Pages about contests of party lists: their records, descriptions, and the page of regions."""

import re

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Contest, Election, Group
from tests.lists import chamber, list_ballot, publish
from tests.nights import contest
from tests.reader.test_lists import text_of

pytestmark = pytest.mark.django_db
LISTS = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date"]}


def scottish_regions() -> None:
    """Two regions with lists of their own, and a constituency in each."""
    night = chamber(ElectionKind.SCOTTISH_PARLIAMENT, "ge")
    for name, constituency in (("Lothian", "Leith"), ("Fife", "Lochgelly")):
        region = list_ballot(night, name, LISTS, seats=7, method="lists")
        seat = contest(night, constituency, [("Ann Ash", "lab"), ("Dai Date", "con")])
        Contest.objects.filter(pk=seat.pk).update(region_contest=region)


def test_records_have_no_heading_without_rows(client: Client) -> None:
    """Lists have neither majorities nor swings."""
    seat = list_ballot(chamber(ElectionKind.SENEDD, "ge"), "Bangor", LISTS)
    publish(seat, {"lab": 900, "con": 500})
    text = text_of(client.get("/ge/records/"))
    assert "What stands out" in text
    assert "Closest" not in text
    assert "Largest majorities" not in text


def test_description_is_of_lists_votes(client: Client) -> None:
    """Nobody voted for one candidate of a list."""
    described = '"Bangor: the result and every list’s votes. Chamber."'
    list_ballot(chamber(ElectionKind.SENEDD, "ge"), "Bangor", LISTS)
    assert described in client.get("/ge/bangor/").content.decode()


def test_page_of_regions_is_in_the_navigation(client: Client) -> None:
    link = '<a href="/ge/regions/"'
    scottish_regions()
    assert link in client.get("/ge/").content.decode()


def test_page_of_regions_leads_to_each_beside_groups(client: Client) -> None:
    scottish_regions()
    Group.objects.create(election=Election.objects.get(), slug="key", name="Key seats")
    page = client.get("/ge/regions/").content.decode()
    assert page.index('<a href="/ge/lothian/">') < page.index('<a href="/ge/groups/key/">')


def test_others_of_a_whole_chamber_are_not_in_a_place(client: Client) -> None:
    night = chamber(ElectionKind.SENEDD, "ge")
    for name in ("Bangor", "Clwyd", "Gwent"):
        list_ballot(night, name, LISTS)
    text = text_of(client.get("/ge/bangor/"))
    assert "Also in" not in text
    assert "Other constituencies" in text


def test_both_navigations_of_a_page_have_names_of_their_own(client: Client) -> None:
    list_ballot(chamber(ElectionKind.SENEDD, "ge"), "Bangor", LISTS)
    page = client.get("/ge/bangor/").content.decode()
    assert re.findall(r'<nav[^>]* aria-label="([^"]+)"', page) == [
        "This election",
        "Where you are",
        "Sections",
    ]

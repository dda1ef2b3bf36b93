"""The admin's list of elections says of each how much of it is declared, as its pages do."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from results import desk
from results.models import Contest, Election, Standing
from tests import nights

pytestmark = pytest.mark.django_db


def counts(admin: Client) -> list[str]:
    page = admin.get(reverse("admin:results_election_changelist")).content.decode()
    return re.findall(r">(\d+ of \d+ declared[^<]*)<", page)


def test_counting_areas_are_no_contests_of_their_own(
    admin: Client, declared: Contest, night: Election
) -> None:
    nights.contest(night, "Aford", [("Ann", "lab"), ("Bob", "con")], part_of=declared)
    assert counts(admin) == ["1 of 1 declared"]


def test_postponed_polls_are_named_apart(admin: Client, declared: Contest, night: Election) -> None:
    off = nights.contest(night, "Off", [("Ann", "lab"), ("Bob", "con")])
    assert counts(admin) == ["1 of 2 declared"]
    desk.report_status(off, Standing.Status.POSTPONED, by=nights.user(), idempotency_key="off")
    assert counts(admin) == ["1 of 2 declared, 1 postponed"]

"""Counting areas in the API: no contests of their own, and nothing of them is left out."""

import json
from typing import Any

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.desk.counting_areas import follow_ballot_paper
from results.models import Contest
from tests import nights

NAMES = [("Ann", "lab"), ("Bob", "con")]


def read(path: str) -> Any:
    answer = Client().get(f"/api/v1/elections/{path}")
    assert answer.status_code == 200, path
    return json.loads(answer.content)


@pytest.fixture
def withdrawn(db: None) -> Contest:
    """An area whose figures were withdrawn, of the mayor of Northshire."""
    night = nights.election("mayor", kind=ElectionKind.MAYOR)
    whole = nights.contest(night, "Northshire", NAMES, slug="northshire")
    area = nights.contest(night, "Vale", [], slug="vale", part_of=whole)
    follow_ballot_paper([whole])
    nights.declare(area, 9000, 8000)
    area.refresh_from_db()
    nights.withdraw(area, by=nights.user(), idempotency_key="w", base_revision=1, reason="Misread.")
    return area


@pytest.mark.usefixtures("withdrawn")
def test_changes_name_a_contest_that_can_be_fetched() -> None:
    changes = [each for each in read("mayor/changes")["changes"] if each["contest"]]
    assert [(each["contest"], each["counting_area"]) for each in changes] == [
        ("northshire", "vale"),
        ("northshire", "vale"),
    ]
    (area,) = read(f"mayor/contests/{changes[0]['contest']}")["counting_areas"]
    assert (area["slug"], area["counted"]) == ("vale", False)


@pytest.mark.usefixtures("withdrawn")
def test_corrections_have_those_of_areas() -> None:
    (found,) = read("mayor/corrections")["corrections"]
    assert (found["contest"], found["counting_area"]) == ("northshire", "vale")
    assert (found["kind"], found["reason"]) == ("withdrawal", "Misread.")

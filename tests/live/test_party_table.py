"""The scoreboard has all its rows from the start."""

import pytest

from results.live.election_snapshot import ElectionSnapshot
from results.live.party_table import ROWS
from results.models import Election, Party
from tests import nights

pytestmark = pytest.mark.django_db


def labels(night: Election) -> list[str]:
    return [
        row.party_name.label
        for row in ElectionSnapshot(Election.objects.get(pk=night.pk)).party_table.rows
    ]


def test_lists_all_parties_from_the_start_those_defending_most_first() -> None:
    night = nights.election()
    people = [("Ann", "green"), ("Bob", "lab"), ("Cy", "con")]
    first = nights.contest(night, "One", people, last={"con": 9000, "lab": 8000})
    nights.contest(night, "Two", [*people, ("Di", "ld")], last={"con": 9000, "lab": 8000})
    assert labels(night) == ["con", "green", "lab", "ld"]
    nights.declare(first, 20, 9000, 8000)
    assert labels(night) == ["lab", "con", "green", "ld"]


def test_sums_further_parties_as_others_from_the_start() -> None:
    night = nights.election()
    people = []
    for number in range(ROWS + 2):
        Party.objects.create(slug=f"p{number:02}", name=f"P {number}", abbreviation=f"P{number}")
        people.append((f"Person {number}", f"p{number:02}"))
    seat = nights.contest(night, "One", [])
    for order, (who, slug) in enumerate(people, start=1):
        seat.candidates.create(name=who, ballot_order=order, party=Party.objects.get(slug=slug))
    before = ElectionSnapshot(night).party_table
    assert before.others is not None
    assert (len(before.rows), before.others.votes, before.others_share) == (ROWS, 0, None)
    nights.declare(seat, *[9000, 5000, *[300] * ROWS])
    after = ElectionSnapshot(Election.objects.get()).party_table
    assert after.others is not None
    assert (len(after.rows), after.others.votes) == (ROWS, 600)
    votes = sum(row.party_tally.votes for row in after.rows) + after.others.votes
    assert votes == 14000 + 300 * ROWS

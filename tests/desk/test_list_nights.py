"""Invented nights of whole chambers: a Senedd, and a London Assembly with its threshold."""

import pytest
from django.test import Client

from results.arithmetic import Kind
from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Night, Standing
from tests.lists import chamber, list_ballot, names_elected, publish
from tests.nights import contest

pytestmark = pytest.mark.django_db


def test_senedd_of_sixteen_constituencies(client: Client) -> None:
    """Each elects six: 900, 700, 450, 350, 310, 300 (Labour's third)."""
    night = chamber(Kind.SENEDD)
    for number in range(16):
        lists = {
            label: [f"{label} {number}.{place}" for place in range(1, 9)]
            for label in ("lab", "con", "green")
        }
        seat = list_ballot(night, f"Constituency {number}", lists)
        publish(seat, {"lab": 900, "con": 700, "green": 310})
        assert len(names_elected(seat)) == 6
    snapshot = ElectionSnapshot(night)
    assert (snapshot.seats, snapshot.majority_threshold, snapshot.to_come) == (96, 49, 0)
    seats = {label: party.seats for label, party in snapshot.tally.parties.items()}
    assert seats == {"lab": 48, "con": 32, "green": 16}
    assert snapshot.tally.parties["lab"].votes == 16 * 900
    page = client.get("/chamber/")
    assert page.status_code == 200
    assert "House" not in page.content.decode()


def test_london_assembly_with_a_threshold() -> None:
    """Eleven list seats beside fourteen constituencies; the Liberal Democrats have 4.9%."""
    night = chamber(Kind.LONDON_ASSEMBLY)
    lists = {label: [f"{label} {place}" for place in range(1, 12)] for label in ("lab", "con")}
    lists |= {label: [f"{label} {place}" for place in range(1, 12)] for label in ("green", "ld")}
    london = list_ballot(night, "Greater London", lists, seats=11, method="lists")
    for number in range(14):
        seat = contest(night, f"Area {number}", [("Ann", "lab"), ("Bob", "con")])
        Contest.objects.filter(pk=seat.pk).update(region_contest=london)
        seat.region_contest = london
        votes = (500, 300) if number < 9 else (300, 500)
        publish(seat, dict(zip(("lab", "con"), votes, strict=True)))
    publish(london, {"lab": 4000, "con": 3000, "green": 2510, "ld": 490})
    won = [name.split()[0] for name in names_elected(london)]
    # Labour start at 4000/10 and Conservatives at 3000/6; Greens at 2510.
    assert {label: won.count(label) for label in ("lab", "con", "green", "ld")} == {
        "lab": 2,
        "con": 3,
        "green": 6,
        "ld": 0,
    }
    tally = Night.objects.get(election=night).standing_tally
    assert (tally.seats, tally.parties["lab"].seats, tally.valid) == (25, 11, 14 * 800)
    assert tally.list_valid == 10000
    snapshot = ElectionSnapshot(night)
    assert (snapshot.seats, snapshot.majority_threshold) == (25, 13)
    assert Standing.objects.get(contest=london).summary["lost_deposits"] == []

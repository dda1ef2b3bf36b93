"""Invented nights of whole chambers: a Senedd, and a London Assembly with its threshold."""

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Declaration, Election, Night, Standing
from tests.councils import hold
from tests.lists import chamber, list_ballot, names_elected, publish
from tests.nights import add_last_time, contest

pytestmark = pytest.mark.django_db


def test_senedd_of_sixteen_constituencies(client: Client) -> None:
    """Each elects six: 900, 700, 450, 350, 310, 300 (Labour's third)."""
    night = chamber(ElectionKind.SENEDD)
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
    night = chamber(ElectionKind.LONDON_ASSEMBLY)
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


class TestChangesOfRegionalSeats:
    """Two constituencies and a region of three: last time Labour 2 + 0, Greens 2, Conservatives 1.

    Now Labour 1,000, Conservatives 800 and Greens 700 votes for lists. With both constituencies
    Labour's, the lists elect a Conservative, a Green, another Conservative; where the second is the
    Conservatives', a Green, Labour, a Conservative.
    """

    def night(self, *, with_region: bool = True) -> tuple[Contest, list[Contest]]:
        night = chamber(ElectionKind.LONDON_ASSEMBLY)
        people = {
            label: [f"{label} {place}" for place in range(1, 4)]
            for label in ("lab", "con", "green")
        }
        region = list_ballot(night, "London", people, seats=3, method="lists")
        seats = []
        for number in range(2):
            seat = contest(night, f"Area {number}", [("Ann", "lab"), ("Bob", "con")])
            Contest.objects.filter(pk=seat.pk).update(region_contest=region)
            seat.region_contest = region
            add_last_time(seat, {"lab": 500, "con": 400})
            seats.append(seat)
        if with_region:
            hold(region, ["green", "green", "con"])
        return region, seats

    def publish_all(self, region: Contest, seats: list[Contest]) -> None:
        for seat in seats:
            publish(seat, {"lab": 500, "con": 300})
        publish(region, {"lab": 1000, "con": 800, "green": 700})

    def net(self, night: Election) -> dict[str, int]:
        tally = Night.objects.get(election=night).standing_tally
        return {label: party.net for label, party in tally.parties.items() if party.net}

    def test_are_in_gains_losses_and_net(self, client: Client) -> None:
        region, seats = self.night()
        self.publish_all(region, seats)
        assert names_elected(region) == ["con 1", "green 1", "con 2"]
        assert self.net(region.election) == {"con": 1, "green": -1}
        assert "whose holders are on record" not in client.get("/chamber/").content.decode()

    def test_follow_a_corrected_constituency(self) -> None:
        """Labour lose it and get a regional seat for it; the Conservatives keep one."""
        region, seats = self.night()
        self.publish_all(region, seats)
        publish(seats[1], {"lab": 300, "con": 500}, kind=Declaration.Kind.CORRECTION, reason="Two")
        assert sorted(names_elected(region)) == ["con 1", "green 1", "lab 1"]
        tally = Night.objects.get(election=region.election).standing_tally
        seats_now = {label: party.seats for label, party in tally.parties.items()}
        assert seats_now == {"lab": 2, "con": 2, "green": 1}
        assert self.net(region.election) == {"con": 1, "green": -1}
        assert (tally.parties["lab"].gains, tally.parties["lab"].losses) == (1, 1)

    def test_page_says_which_seats_they_are_of(self, client: Client) -> None:
        """Where it is not on record who held the seats of the lists."""
        region, seats = self.night(with_region=False)
        self.publish_all(region, seats)
        page = " ".join(client.get("/chamber/").content.decode().split())
        assert "Gains, losses and net: 2 of 5 seats, those whose holders are on record." in page

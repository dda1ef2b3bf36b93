"""A chamber with lists without recorded holders: a partial total is marked as partial."""

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.live.cached_snapshot import CachedSnapshot
from results.models import Contest, Election
from results.reader.card_contents import night_card, party_card
from tests.councils import hold
from tests.lists import chamber, list_ballot, publish
from tests.nights import add_last_time, contest

pytestmark = pytest.mark.django_db


def night(*, with_region: bool) -> tuple[Election, list[Contest]]:
    """Constituencies held by Labour, Labour and a Conservative, and a region of three.

    Where its holders are on record, these are two Greens and a Conservative.
    """
    election = chamber(ElectionKind.LONDON_ASSEMBLY)
    people = {
        label: [f"{label} {place}" for place in range(1, 4)] for label in ("lab", "con", "green")
    }
    region = list_ballot(election, "London", people, seats=3, method="lists")
    seats = []
    for number, holder in enumerate(("lab", "lab", "con")):
        seat = contest(election, f"Area {number}", [("Ann", "lab"), ("Bob", "con")])
        Contest.objects.filter(pk=seat.pk).update(region_contest=region)
        seat.region_contest = region
        add_last_time(seat, {"lab": 400, "con": 400} | {holder: 500})
        seats.append(seat)
    if with_region:
        hold(region, ["green", "green", "con"])
    return election, [*seats, region]


def declare(contests: list[Contest]) -> None:
    *seats, region = contests
    for seat in seats:
        publish(seat, {"lab": 300, "con": 500})
    publish(region, {"lab": 1000, "con": 800, "green": 700})


def page(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_wall_has_no_ticks_and_says_which_seats_its_nets_are_of(client: Client) -> None:
    _election, contests = night(with_region=False)
    assert "last time" not in page(client, "/chamber/wall/")
    declare(contests)
    wall = page(client, "/chamber/wall/")
    assert "last time" not in wall
    assert "net change, 3 of 6 seats" in wall


def test_wall_of_a_chamber_that_is_known_has_both(client: Client) -> None:
    _election, contests = night(with_region=True)
    assert "last time" in page(client, "/chamber/wall/")
    declare(contests)
    wall = page(client, "/chamber/wall/")
    assert "2 last time" in wall
    assert '<span class="what"> net change </span>' in wall


@pytest.mark.parametrize("with_region", [True, False])
def test_cards_have_ticks_and_nets_of_whole_chambers_only(*, with_region: bool) -> None:
    election, contests = night(with_region=with_region)
    declare(contests)
    snapshot = CachedSnapshot.read(election)
    card = night_card(snapshot)
    assert card.bar is not None
    assert bool(card.bar.ticks) is with_region
    title = party_card(snapshot, snapshot.party_names["con"]).title
    assert ("up" in title) is with_region


@pytest.mark.parametrize("with_region", [True, False])
def test_headline_says_nobody_defends_a_part(client: Client, *, with_region: bool) -> None:
    night(with_region=with_region)
    assert ("defend 2 seats" in page(client, "/chamber/")) is with_region


@pytest.mark.parametrize("last", [True, False])
def test_page_names_a_change_of_share_only_where_there_is_one(
    client: Client, *, last: bool
) -> None:
    election = chamber(ElectionKind.SENEDD)
    people = {label: [f"{label} {n}" for n in range(6)] for label in ("lab", "con")}
    seats = [list_ballot(election, f"Area {n}", people) for n in range(3)]
    if last:
        hold(seats[0], ["lab", "lab", "lab", "con", "con", "con"])
    for seat in seats:
        publish(seat, {"lab": 1000, "con": 800})
    text = page(client, "/chamber/")
    assert "Votes and shares: the 3 constituencies with full figures" in text
    assert ("change on the same constituencies last time" in text) is last

"""The chamber: as many dots as seats, none on another, each party's together."""

from itertools import pairwise
from math import dist

import pytest

from results.live.election_snapshot import ElectionSnapshot
from results.reader.chamber import chamber_of, seats_of
from tests import nights


@pytest.mark.parametrize("number", [1, 2, 3, 7, 60, 129, 650])
def test_every_seat_has_a_place_of_its_own(number):
    dots, radius = seats_of(number)
    assert len(dots) == number
    assert all(dot.x - radius >= 0 and dot.x + radius <= 2000 for dot in dots)
    assert all(dot.y - radius >= 0 and dot.y <= 1000 for dot in dots)
    places = [(dot.x, dot.y) for dot in dots]
    for at, place in enumerate(places):
        assert all(dist(place, other) > 2 * radius for other in places[at + 1 :])


def test_seats_go_from_the_left_to_the_right():
    dots, _radius = seats_of(650)
    lefts = [sum(dot.x for dot in dots[at : at + 65]) for at in range(0, 650, 65)]
    assert all(one < other for one, other in pairwise(lefts))


@pytest.mark.django_db
def test_no_seats_and_parties_as_the_bar_has_them(client):
    assert seats_of(0) == ([], 0)
    night = nights.election()
    for name in ("One", "Two", "Three", "Four"):
        nights.contest(night, name, [("Ann", "con"), ("Bob", "lab")])
    one, two, *_rest = night.contests.order_by("pk")
    nights.declare(one, 20000, 9000)
    nights.declare(two, 9000, 20000)
    wedges = {wedge.label: wedge.dots for wedge in chamber_of(ElectionSnapshot(night)).wedges}
    assert {label: len(dots) for label, dots in wedges.items()} == {"": 2, "con": 1, "lab": 1}
    first, second = sorted((dots[0].x, label) for label, dots in wedges.items() if label)
    assert first[0] < min(dot.x for dot in wedges[""]) < second[0]
    assert 'class="chamber"' in client.get("/ge/parties/").content.decode()

"""The chamber: as many dots as seats, without overlap, in a wedge for each party."""

from itertools import combinations, pairwise
from math import dist

import pytest
from django.test import Client

from results.live.election_snapshot import ElectionSnapshot
from results.reader.chamber import chamber_of, seats_of
from tests import nights


@pytest.mark.parametrize("number", [1, 2, 3, 7, 60, 129, 650])
def test_dots_do_not_overlap(number: int) -> None:
    dots, radius = seats_of(number)
    assert len(dots) == number
    assert all(dot.x - radius >= 0 and dot.x + radius <= 2000 for dot in dots)
    assert all(dot.y - radius >= 0 and dot.y <= 1000 for dot in dots)
    points = [(dot.x, dot.y) for dot in dots]
    for first, second in combinations(points, 2):
        assert dist(first, second) > 2 * radius


def test_dots_go_from_left_to_right() -> None:
    dots, _radius = seats_of(650)
    sums = [sum(dot.x for dot in dots[start : start + 65]) for start in range(0, 650, 65)]
    assert all(first < second for first, second in pairwise(sums))


@pytest.mark.django_db
def test_parties_are_in_the_order_of_the_seats_bar(client: Client) -> None:
    assert seats_of(0) == ([], 0)
    night = nights.election()
    for name in ("One", "Two", "Three", "Four"):
        nights.contest(night, name, [("Ann", "con"), ("Bob", "lab")])
    one_seat, other_seat, *_rest = night.contests.order_by("pk")
    nights.declare(one_seat, 20000, 9000)
    nights.declare(other_seat, 9000, 20000)
    wedges = {wedge.label: wedge.dots for wedge in chamber_of(ElectionSnapshot(night)).wedges}
    assert {label: len(dots) for label, dots in wedges.items()} == {"": 2, "con": 1, "lab": 1}
    first, second = sorted((dots[0].x, label) for label, dots in wedges.items() if label)
    assert first[0] < min(dot.x for dot in wedges[""]) < second[0]
    assert 'class="chamber"' in client.get("/ge/parties/").content.decode()

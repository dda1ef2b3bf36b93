"""The invented country: a place for every seat, the same on any machine."""

from results.rehearsal.geography import country
from results.rehearsal.names import REGIONS

SIZES = {region: count for region, _nation, count in REGIONS}


def test_every_seat_has_a_place_of_its_own():
    places = country(SIZES)
    assert {region: len(cells) for region, cells in places.items()} == SIZES
    cells = [cell for some in places.values() for cell in some]
    assert len(set(cells)) == sum(SIZES.values())


def test_it_is_the_same_country_every_time():
    assert country(SIZES) == country(dict(SIZES))


def test_a_small_one_as_well():
    places = country(dict.fromkeys(SIZES, 1))
    assert all(len(cells) == 1 for cells in places.values())

"""The generated hex map has a cell for every seat."""

from results.rehearsal.geography import country
from results.rehearsal.names import REGIONS

SIZES = {region: count for region, _nation, count in REGIONS}


def test_every_seat_has_its_own_cell() -> None:
    cells_of = country(SIZES)
    assert {region: len(cells) for region, cells in cells_of.items()} == SIZES
    cells = [cell for own in cells_of.values() for cell in own]
    assert len(set(cells)) == sum(SIZES.values())


def test_is_reproducible() -> None:
    assert country(SIZES) == country(dict(SIZES))


def test_one_seat_per_region() -> None:
    cells_of = country(dict.fromkeys(SIZES, 1))
    assert all(len(cells) == 1 for cells in cells_of.values())

"""Fixtures: real nights, each replayed once and read by many tests.

2019 is replayed whole. Of 2017 the unusual seats are, and all of them where SOAK=1; the arithmetic
of all is in test_arithmetic.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from results.live.cached_snapshot import CachedSnapshot
from results.models import Contest, Election
from tests.live.pages import Page, all_pages
from tests.real_nights.some_seats import Row, is_unusual, rows_of, with_rows
from tests.soak import SOAK

YEARS = {
    "2019": ("ge2019/*constituency*.csv", "ge2019/*candidate*.csv", "ge2017"),
    "2017": ("ge2017/*constituency*.csv", "ge2017/*candidate*.csv", "ge2015"),
}
#: In `make soak`, whole.
YEAR_2017 = pytest.param("2017", marks=pytest.mark.soak)
#: Those of which every seat is replayed.
WHOLE = ["2019", YEAR_2017] if SOAK else ["2019"]
#: Those whose replay stops half-way and is continued: each time it reads the tables again.
STOPPED = ["2017"]
LOOKED_AT = ["islington-north", "chorley", "buckingham", "ynys-mon", "north-down"]


@dataclass
class RealNight:
    """A night that has been replayed: the pages as they were at the start, and how it ended."""

    election: Election
    files: list[Path]
    #: The table of constituencies.
    rows: list[Row]
    #: By the sequence at which they were drawn.
    pages: dict[int, Page] = field(default_factory=dict)

    @property
    def snapshot(self) -> CachedSnapshot:
        return CachedSnapshot.read(self.election)


def rendered(election: Election) -> Page:
    """Every element of the live page, of the corrections and of a few seats, by id."""
    return all_pages(election, Contest.objects.filter(election=election, slug__in=LOOKED_AT))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all tests of a year in one worker: its night takes a minute to declare."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "real_night" in callspec.params:
            item.add_marker(pytest.mark.xdist_group(f"night of {callspec.params['real_night']}"))


@pytest.fixture(scope="package", params=["2019", YEAR_2017])
def real_night(
    request: pytest.FixtureRequest,
    election_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[RealNight]:
    files, before = files_of(request.param, election_data)
    if request.param == "2017" and not SOAK:
        files, before = _unusual(files, before, tmp_path_factory)
    rows = rows_of(files[0])
    with django_db_blocker.unblock():
        # Set up with a pace of 0, so that the first page has no bulletin.
        call_command("replay", "ge", *files, "--previous", *before, "--only", "0")
        call_command("load_map", "ge", election_data / "hexmap-2019" / "constituencies.hexjson")
        night = RealNight(Election.objects.get(slug="ge"), files, rows)
        night.pages[0] = rendered(night.election)
        if request.param in STOPPED:
            half = len(rows) // 2
            call_command("replay", "ge", *files, "--speed", "0", "--only", str(half))
            night.pages[half] = rendered(night.election)
        call_command("replay", "ge", *files, "--speed", "0")
        yield night
        _remove_everything()


def files_of(year: str, election_data: Path) -> tuple[list[Path], list[Path]]:
    """The tables of a year, that of constituencies first, and those of the election before."""
    seats, candidates, previous = YEARS[year]
    files = [next(election_data.glob(pattern)) for pattern in (seats, candidates)]
    return files, sorted(election_data.glob(f"{previous}/*.csv"))


def _unusual(
    files: list[Path], before: list[Path], folders: pytest.TempPathFactory
) -> tuple[list[Path], list[Path]]:
    """Copies of the tables of a year and of the election before, with the unusual seats."""
    codes = {row["ons_id"] for row in rows_of(files[0]) if is_unusual(row)}
    now, then = folders.mktemp("now"), folders.mktemp("then")
    return (
        [with_rows(now, file, lambda row: row["ons_id"] in codes) for file in files],
        [with_rows(then, file, lambda row: row["ons_id"] in codes) for file in before],
    )


def _remove_everything() -> None:
    """Empty the database: the night was in no test's transaction."""
    from django.core.management import call_command as run

    run("flush", "--no-input", verbosity=0)

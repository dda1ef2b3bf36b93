"""Fixtures: real nights, each replayed once and read by many tests."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from results.live.cached_snapshot import CachedSnapshot
from results.models import Contest, Election
from tests.live.pages import Page, all_pages

YEARS = {
    "2019": ("ge2019/*constituency*.csv", "ge2019/*candidate*.csv", "ge2017"),
    "2017": ("ge2017/*constituency*.csv", "ge2017/*candidate*.csv", "ge2015"),
}
LOOKED_AT = ["islington-north", "chorley", "buckingham", "ynys-mon", "north-down"]


@dataclass
class RealNight:
    """A night that has been replayed: the pages as they were at the start, and how it ended."""

    election: Election
    rows: list[dict[str, str]]
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


@pytest.fixture(scope="package", params=["2019", "2017"])
def real_night(
    request: pytest.FixtureRequest,
    election_data: Path,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[RealNight]:
    seats, candidates, previous = YEARS[request.param]
    files = [next(election_data.glob(pattern)) for pattern in (seats, candidates)]
    before = sorted(election_data.glob(f"{previous}/*.csv"))
    with django_db_blocker.unblock():
        # Set up with a pace of 0, so that the first page has no bulletin.
        call_command("replay", "ge", *files, "--previous", *before, "--only", "0")
        call_command("load_map", "ge", election_data / "hexmap-2019" / "constituencies.hexjson")
        night = RealNight(Election.objects.get(slug="ge"), _rows(files[0]))
        night.pages[0] = rendered(night.election)
        call_command("replay", "ge", *files, "--speed", "0", "--only", "300")
        night.pages[300] = rendered(night.election)
        call_command("replay", "ge", *files, "--speed", "0")
        yield night
        _remove_everything()


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def _remove_everything() -> None:
    """Empty the database: the night was in no test's transaction."""
    from django.core.management import call_command as run

    run("flush", "--no-input", verbosity=0)

"""Fixtures for tests of the shipped desk."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.acceptance.backups import Machines, PostgresMachines
from tests.acceptance.epochs import EpochNight
from tests.backing import Postgres
from tests.chromium import (  # noqa: F401 - fixtures and the hook that pictures failed pages
    chromium,
    desktop,
    full_chromium,
    new_context,
    page_errors,
    phone,
    playwright,
    pytest_runtest_makereport,
)
from tests.other_site import OtherSite
from tests.servers import Server


@pytest.fixture(scope="session", autouse=True)
def _shipped_settings() -> None:
    """Start every server with the settings that ship, and not with the tests' own."""
    Server.settings = "electiondesk.settings"


@pytest.fixture
def publish() -> Iterator[Callable[[str], str]]:
    """`publish(html)`: a page of another origin; returns its address."""
    with ExitStack() as stack:
        yield lambda page: stack.enter_context(OtherSite(page)).url


@pytest.fixture(scope="session")
def night_of_epochs(make_desk: Callable[..., Server]) -> bytes:
    """The SQLite database of an `EpochNight`, set up once for every test."""
    desk = make_desk()
    EpochNight(desk).set_up()
    return (desk.folder / "desk.sqlite3").read_bytes()


@pytest.fixture
def make_night(
    make_desk: Callable[..., Server], night_of_epochs: bytes
) -> Callable[..., EpochNight]:
    """`make_night(**options of Server)`: the night on a desk not yet started."""

    def make(**options: object) -> EpochNight:
        desk = make_desk(**options)
        (desk.folder / "desk.sqlite3").write_bytes(night_of_epochs)
        return EpochNight(desk)

    return make


@pytest.fixture(scope="session")
def sqlite_machines(make_desk: Callable[..., Server]) -> Machines:
    return Machines(make_desk)


@pytest.fixture(scope="session")
def postgres_machines(
    make_desk: Callable[..., Server], postgres: Postgres, migrated_postgres: str
) -> Machines:
    return PostgresMachines(make_desk, postgres, migrated_postgres)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)]
)
def machines(request: pytest.FixtureRequest) -> Machines:
    """Desks to be backed up and restored, on each of the two databases."""
    prepared: Machines = request.getfixturevalue(f"{request.param}_machines")
    return prepared

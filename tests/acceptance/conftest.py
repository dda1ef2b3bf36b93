"""The shipped desk, tried with clients that the project did not write."""

from collections.abc import Callable

import pytest

from tests.acceptance.backups import Machines, PostgresMachines
from tests.backing import Postgres
from tests.servers import Server


@pytest.fixture(scope="session")
def sqlite_machines(make_desk: Callable[..., Server]) -> Machines:
    return Machines(make_desk)


@pytest.fixture(scope="session")
def postgres_machines(
    make_desk: Callable[..., Server], postgres: Postgres, migrated_postgres: str
) -> Machines:
    return PostgresMachines(make_desk, postgres, migrated_postgres)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def machines(request: pytest.FixtureRequest) -> Machines:
    """Desks to be backed up and restored, on each of the two databases."""
    found: Machines = request.getfixturevalue(f"{request.param}_machines")
    return found

"""Fixtures: nights for fault injection, on each database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.night import Application, Night
from tests.servers import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.faults)


@pytest.fixture
def make_night(tmp_path: Path) -> Callable[..., Night]:
    def make(*servers: Server, **options: Any) -> Night:
        return Night(list(servers), tmp_path, **options)

    return make


@pytest.fixture
def make_application(
    tmp_path: Path, migrated_sqlite: bytes
) -> Iterator[Callable[..., Application]]:
    """A server with another application in the desk's place, on a database of its own."""
    servers: list[Application] = []

    def make(application: str, **options: Any) -> Application:
        server = Application(tmp_path, application, **options)
        if not options.get("database_url"):
            (tmp_path / "desk.sqlite3").write_bytes(migrated_sqlite)
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.kill()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Empty for SQLite: a server then has a file of its own."""
    if request.param == "sqlite":
        return ""
    url: str = request.getfixturevalue("postgres_url")
    return url

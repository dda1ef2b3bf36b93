"""Fixtures for tests in Chromium, most on one server with nights of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.live_page import page, still_page  # noqa: F401 - fixtures
from tests.browser.push_service import push_server  # noqa: F401 - a fixture
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
from tests.served_night import ServedNight
from tests.servers import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def shared_server(make_desk: Callable[..., Server]) -> Server:
    """The desk of `server`, started here: what a test starts is closed when that test ends."""
    desk = make_desk()
    desk.start()
    return desk


@pytest.fixture
def server(shared_server: Server) -> Server:
    """A running desk that the tests of a run share; one that a failed test left stopped is started.

    What a test publishes, it publishes in a night of its own.
    """
    if shared_server not in Server.running:
        shared_server.start()
    return shared_server


@pytest.fixture
def night(server: Server, request: pytest.FixtureRequest) -> ServedNight:
    """The night of the file's marker `night`, or 31 seats, twelve of them declared, with a map."""
    marker = request.node.get_closest_marker("night")
    return ServedNight.seeded(server, **(marker.kwargs if marker else {}))


@pytest.fixture(scope="session")
def _still_night(shared_server: Server) -> ServedNight:
    return ServedNight.seeded(shared_server)


@pytest.fixture
def still_night(_still_night: ServedNight, server: Server) -> ServedNight:
    """`night`, shared by tests that publish nothing in it."""
    return _still_night

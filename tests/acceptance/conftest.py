"""The shipped desk, tried with clients that the project did not write."""

from collections.abc import Callable

import pytest

from tests.acceptance.epochs import EpochNight
from tests.chromium import (  # noqa: F401 - fixtures and the hook that pictures failed pages
    chromium,
    desktop,
    faults,
    new_context,
    phone,
    pytest_runtest_makereport,
)
from tests.servers import Server


@pytest.fixture(scope="session")
def night_of_epochs(make_desk: Callable[..., Server]) -> bytes:
    """The SQLite database of an `EpochNight`, set up once for every test."""
    desk = make_desk()
    EpochNight(desk).set_up()
    return (desk.folder / "desk.sqlite3").read_bytes()

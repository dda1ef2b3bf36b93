"""The shipped thing, started as people start it and used by clients that we did not write."""

from collections.abc import Callable

import pytest

from tests.acceptance.epochs import EpochNight
from tests.servers import Server


@pytest.fixture(scope="session")
def night_of_epochs(make_desk: Callable[..., Server]) -> bytes:
    """The SQLite database of an `EpochNight`, set up once for every test."""
    desk = make_desk()
    EpochNight(desk).set_up()
    return (desk.folder / "desk.sqlite3").read_bytes()

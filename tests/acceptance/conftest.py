"""The shipped desk, tried with clients that the project did not write."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

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
from tests.other_site import OtherSite
from tests.servers import Server


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

"""The shipped desk, tried with clients that the project did not write."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.chromium import (  # noqa: F401 - fixtures and the hook that pictures failed pages
    chromium,
    desktop,
    faults,
    new_context,
    phone,
    pytest_runtest_makereport,
)
from tests.other_site import OtherSite


@pytest.fixture
def publish() -> Iterator[Callable[[str], str]]:
    """`publish(html)`: a page of another origin; returns its address."""
    with ExitStack() as stack:
        yield lambda page: stack.enter_context(OtherSite(page)).url

"""Every test of this folder runs in Chromium."""

from pathlib import Path

import pytest

from tests.chromium import (  # noqa: F401 - fixtures and the hook that pictures failed pages
    chromium,
    desktop,
    faults,
    new_context,
    phone,
    pytest_runtest_makereport,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)

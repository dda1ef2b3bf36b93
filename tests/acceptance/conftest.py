"""The shipped desk, tried with clients that the project did not write."""

from tests.chromium import (  # noqa: F401 - fixtures and the hook that pictures failed pages
    chromium,
    desktop,
    faults,
    new_context,
    phone,
    pytest_runtest_makereport,
)

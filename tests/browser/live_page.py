"""Fixtures: the live page of a night, open in Chromium."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.pages import open_live
from tests.served_night import ServedNight


@pytest.fixture
def page(night: ServedNight, desktop: BrowserContext) -> Page:
    """The live page of a night of the test's own."""
    return open_live(desktop, night.url())


@pytest.fixture
def still_page(still_night: ServedNight, desktop: BrowserContext) -> Page:
    """The live page of a night in which nothing changes."""
    return open_live(desktop, still_night.url())

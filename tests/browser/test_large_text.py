"""Readers' pages on a phone whose browser has letters of twice the size (WCAG 2.2, 1.4.4)."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.fit import TOO_WIDE
from tests.browser.test_text_spacing import COUNCILS, EMBEDS, GENERAL, OTHERS
from tests.chromium import headless_chromium, launched
from tests.seeds import narrow, reading
from tests.served_night import ServedNight
from tests.servers import Server


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    # The setting itself: a style for the page would leave its media queries as they are.
    with launched(playwright, headless_chromium, "--blink-settings=defaultFontSize=32") as browser:
        yield browser


def too_wide(desktop: BrowserContext, urls: Sequence[str]) -> dict[str, int]:
    """Return by how many pixels each page scrolls sideways, of those that do."""
    page = desktop.new_page()
    # Not one that emulates a phone, which shrinks a page that is too wide.
    page.set_viewport_size({"width": 390, "height": 844})
    found = {}
    for url in urls:
        page.goto(url)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        page.wait_for_function("document.fonts.status === 'loaded'")
        if wider := page.evaluate(TOO_WIDE):
            found[url] = wider
    return found


@pytest.mark.parametrize("language", ["", "/cy"])
def test_general_election(server: Server, desktop: BrowserContext, language: str) -> None:
    night = ServedNight.seeded(server, narrow.house)
    urls = [server.url(f"{language}{night.path}{path}") for path in GENERAL]
    urls.append(server.url(f"{language}/embed{night.path}scoreboard/"))
    assert too_wide(desktop, urls) == {}


@pytest.mark.parametrize("language", ["", "/cy"])
def test_councils(server: Server, desktop: BrowserContext, language: str) -> None:
    night = ServedNight.seeded(server, narrow.councils_late)
    urls = [server.url(f"{language}{night.path}{path}") for path in COUNCILS]
    urls.append(server.url(f"{language}/embed{night.path}scoreboard/"))
    assert too_wide(desktop, urls) == {}


def test_other_pages_and_embeds(server: Server, desktop: BrowserContext) -> None:
    server.seed(reading.elections)
    assert too_wide(desktop, [server.url(path) for path in (*OTHERS, *EMBEDS)]) == {}

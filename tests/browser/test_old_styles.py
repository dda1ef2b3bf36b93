"""Readers' pages with the styles that the oldest supported browsers know (docs/browsers.md)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.fit import problems
from tests.browser.test_reader_pages import PAGES
from tests.seeds import reading
from tests.served_night import ServedNight
from tests.servers import Server

#: Missing in Safari of iOS 15.0 or in Chrome 100; each is replaced by what no browser knows.
UNKNOWN = {
    "@container": "@no-container",
    "container-type": "no-container-type",
    "cqi": "xqi",
    ":has(": ":no-has(",
    "color-mix(": "no-mix(",
    ":focus-visible": ":no-focus-visible",
    "text-wrap": "no-text-wrap",
}


def _forget(route: Route) -> None:
    answer = route.fetch()
    css = answer.text()
    for known, unknown in UNKNOWN.items():
        css = css.replace(known, unknown)
    route.fulfill(response=answer, body=css)


@pytest.fixture(scope="module", autouse=True)
def _elections(shared_server: Server) -> None:
    shared_server.seed(reading.elections)


@pytest.fixture
def old_page(new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context().new_page()
    page.route("**/*.css", _forget)
    return page


def test_pages_fit_the_screen(server: Server, old_page: Page) -> None:
    found: dict[tuple[str, int], list[str]] = {}
    for path in PAGES:
        old_page.goto(server.url(path))
        for width in (320, 390, 768, 1440):
            old_page.set_viewport_size({"width": width, "height": 800})
            if at_width := problems(old_page):
                found[path, width] = at_width
    assert found == {}


#: Of the headline and of what is below it, in pixels.
SIZES = """() => [document.querySelector("h1"), document.querySelector(".standfirst")]
  .map((words) => parseFloat(getComputedStyle(words).fontSize))"""


@pytest.mark.parametrize("width", [390, 1440])
def test_headlines_are_larger_than_what_is_below_them(
    server: Server, old_page: Page, width: int
) -> None:
    old_page.set_viewport_size({"width": width, "height": 800})
    for path in ("/ge/", "/ge/islington-north/", "/locals/", "/locals/bodies/northshire/"):
        old_page.goto(server.url(path))
        headline, standfirst = old_page.evaluate(SIZES)
        assert headline >= 22, path
        assert 17 <= standfirst < headline, path


def test_the_chosen_mode_of_the_map_is_marked(old_page: Page, still_night: ServedNight) -> None:
    old_page.goto(still_night.url())
    modes = old_page.locator(".map-modes label span")
    expect(modes.filter(has_text="Winner")).to_have_css("font-weight", "700")
    old_page.get_by_label("Majority").check()
    expect(modes.filter(has_text="Majority")).to_have_css("font-weight", "700")
    expect(modes.filter(has_text="Winner")).to_have_css("font-weight", "400")


def test_a_map_of_wards_offers_no_mode_that_it_cannot_show(server: Server, old_page: Page) -> None:
    old_page.goto(server.url("/locals/bodies/northshire/"))
    expect(old_page.locator(".ward-map .map-modes")).to_be_hidden()
    expect(old_page.locator(".ward-key").filter(visible=True)).to_have_count(1)

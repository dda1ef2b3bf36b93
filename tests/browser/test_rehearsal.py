"""A whole rehearsal on open pages: no layout shift, nothing missing, equal to fresh pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS, assert_equal_to_a_fresh_one
from tests.chromium import wait_for
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server

SEATS = 100
PARTS = ("#progress", "#headline", "#scoreboard", "#feed", "#expected", "#seats .rows", ".hexmap")

COUNT_FROM_NOW = """() => new Promise((counted) => {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.countedFrom = performance.now();
    counted();
  }));
})"""


@pytest.fixture
def rehearsal(server: Server) -> ServedNight:
    night = ServedNight.unseeded(server)
    rehearse(night, "--declared", "0")
    return night


def rehearse(night: ServedNight, *options: str) -> None:
    night.server.manage("rehearse", night.slug, "--speed", "0", "--seats", str(SEATS), *options)


def opened(address: str, context: BrowserContext) -> Page:
    page = context.new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    page.goto(address)
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")
    return page


def test_rehearsal_shifts_nothing_and_ends_equal_to_fresh_pages(
    rehearsal: ServedNight,
    phone: BrowserContext,
    desktop: BrowserContext,
    new_context: Callable[..., BrowserContext],
) -> None:
    tablet = new_context(viewport={"width": 768, "height": 1024})
    pages = [opened(rehearsal.url(), context) for context in (phone, tablet, desktop)]
    small, _middle, large = pages
    for page in (small, large):
        open_region(page)
    first = large.locator("#seats .row a").first.get_attribute("href")
    assert first is not None
    pages.append(opened(rehearsal.server.url(first), desktop))

    rehearse(rehearsal)

    expect(large.locator("#progress")).to_contain_text(f"{SEATS} of {SEATS} declared")
    newest = rehearsal.server.seed(front.newest_sequence, rehearsal.slug)
    for page in pages:
        expect(page.locator("#connection-status .sequence")).to_have_text(str(newest))
        assert page.evaluate("window.neverReloaded")
        assert page.evaluate(SHIFTS) == []
        assert_equal_to_a_fresh_one(page, open_region if page in (small, large) else None)
    large.reload()
    open_region(large)
    for part in PARTS:
        assert _words(small, part) == _words(large, part)
        assert _words(large, part) or part == "#expected"


def open_region(page: Page) -> None:
    """Open the list of a region, with which the page fetches the rows of all.

    What the reader opens moves what is below it: only what moves later is counted.
    """
    page.locator("#seats summary").first.click()
    expect(page.locator("#seats .row")).to_have_count(SEATS)
    expect(page.locator("#seats details[open] .row a").first).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # further down, new entries of the feed wait
    page.evaluate(COUNT_FROM_NOW)


def _words(page: Page, selector: str) -> str:
    if selector == ".hexmap":
        # Hexagons have letters only where a large map has been in view.
        won = page.locator(".hexmap [data-party]")
        seats = won.evaluate_all("all => all.map((hex) => hex.id + hex.dataset.party)")
        return "\n".join(seats)
    parts = page.locator(selector).all_text_contents()
    return "\n".join(" ".join(words.replace("★", "").replace("☆", "").split()) for words in parts)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_region_opens_although_the_list_comes_while_it_is_pressed(
    rehearsal: ServedNight, desktop: BrowserContext, by: str
) -> None:
    """What is pressed and gone before it is let go of is no click: nothing opened."""
    page = opened(rehearsal.url(), desktop)
    held: list[Route] = []
    page.route("**/seats/", lambda route: held.append(route))
    region = page.locator("#seats summary").first
    with page.expect_request("**/seats/"):
        if by == "mouse":
            region.hover()
            page.mouse.down()
        else:
            region.focus()
            page.keyboard.down("Space")
    wait_for(page, lambda: bool(held))
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/seats/")):
        held[0].continue_()
    page.evaluate(COUNT_FROM_NOW)  # time enough to put the list in its place
    if by == "mouse":
        page.mouse.up()
    else:
        page.keyboard.up("Space")
    expect(page.locator("#seats .row")).to_have_count(SEATS)
    expect(page.locator("#seats details[open] .row a").first).to_be_visible()


def test_band_of_a_rehearsal_is_read_where_no_ground_is_drawn(
    rehearsal: ServedNight, desktop: BrowserContext, new_context: Callable[..., BrowserContext]
) -> None:
    """White words on no ground were nothing on paper."""
    style = "band => { const s = getComputedStyle(band); return [s.color, s.borderTopWidth]; }"
    page = desktop.new_page()
    page.goto(rehearsal.url("feed/"))
    page.emulate_media(media="print")
    color, border = page.locator(".rehearsal").evaluate(style)
    assert color != "rgb(255, 255, 255)"
    assert border == "2px"
    forced = new_context(forced_colors="active").new_page()
    forced.goto(rehearsal.url("feed/"))
    assert forced.locator(".rehearsal").evaluate(style)[1] == "2px"

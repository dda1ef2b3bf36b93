"""The table of counting areas, on a phone and on paper."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pages import open_live
from tests.seeds import narrow
from tests.served_night import ServedNight
from tests.servers import Server

#: Replaces the result of the page by the same, as a bulletin does.
SWAP = """async () => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const address = loaded.find((name) => /reader\\/replace[^/]*[.]js/.test(name));
  const { swapFragment } = await import(address);
  const old = document.querySelector("[id^=seat-]:has(.areas), .separate-results:has(.areas)");
  swapFragment(old, old.outerHTML);
  document.dispatchEvent(new CustomEvent("desk:applied", { detail: { ids: [old.id] } }));
  return old.isConnected;
}"""
#: Moves it to the side, until its scroll event has come.
MOVE = """(around) => new Promise((moved) => {
  document.addEventListener("scroll", () => setTimeout(moved), { capture: true, once: true });
  around.scrollLeft = 40;
})"""
SIDE = "(around) => around.scrollLeft"
GROUND = "(name) => getComputedStyle(name).backgroundColor"


@pytest.fixture
def page(server: Server, desktop: BrowserContext) -> Page:
    """The page of the first mayor, of whom some areas are counted."""
    night = ServedNight.seeded(server, narrow.mayors)
    page = open_live(desktop, night.url())
    page.set_viewport_size({"width": 320, "height": 800})
    page.locator(".separate-results article a").last.wait_for()
    address = page.locator("article:has-text('counting areas') a").last.get_attribute("href")
    page.goto(server.url(address or ""))
    expect(page.locator(".areas tbody tr").first).to_be_visible()
    return page


def test_table_stays_where_the_reader_has_moved_it(page: Page) -> None:
    around = page.locator(".wide-table")
    around.evaluate(MOVE)
    assert around.evaluate(SIDE) == 40
    assert not page.evaluate(SWAP)
    assert around.evaluate(SIDE) == 40


def test_table_of_an_embed_stays_as_well(page: Page, server: Server) -> None:
    _origin, slug, contest = page.url.rstrip("/").rsplit("/", 2)
    page.goto(server.url(f"/embed/{slug}/{contest}/"))
    around = page.locator(".wide-table")
    around.evaluate(MOVE)
    assert around.evaluate(SIDE) == 40
    assert not page.evaluate(SWAP)
    assert around.evaluate(SIDE) == 40


def test_table_of_the_page_of_the_night_stays_as_well(
    server: Server, desktop: BrowserContext
) -> None:
    """A referendum's areas stand there."""
    page = open_live(desktop, ServedNight.seeded(server, narrow.referendum).url())
    page.set_viewport_size({"width": 240, "height": 800})
    around = page.locator(".wide-table")
    around.evaluate(MOVE)
    assert around.evaluate(SIDE) == 40
    assert not page.evaluate(SWAP)
    assert around.evaluate(SIDE) == 40


def test_names_have_no_ground_on_paper(page: Page) -> None:
    name = page.locator(".areas tbody .name").first
    assert name.evaluate(GROUND) != "rgba(0, 0, 0, 0)"
    page.emulate_media(media="print")
    assert name.evaluate(GROUND) == "rgba(0, 0, 0, 0)"

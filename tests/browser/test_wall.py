"""The wall: nothing is cut on any screen, it updates itself, and turns its pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from results.live.party_patterns import PATTERNS
from tests.seeds import front, narrow, reading, wall
from tests.served_night import ServedNight
from tests.servers import Server

#: What is cut, off the screen, smaller than 26 pixels of a screen 1,920 wide, or over other words.
FLAWS = """() => {
  const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 20;
  const shown = [...document.querySelectorAll("body.wall, body.wall *")]
    .filter((one) => one.checkVisibility());
  const flaws = [];
  const boxes = "body, .headline, .row, .gains li, .panel, .tiles li, .contest, .lists, .board, "
    + ".top, .state-of-the-night, .panels, .panels-head, .candidates li, td, th";
  for (const one of shown.filter((each) => each.matches(boxes))) {
    const [across, down] = [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight];
    if (across > 1 || down > 2) flaws.push(["cut", one.className, across, down, one.innerText]);
  }
  const words = [];
  for (const one of shown) for (const node of one.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = node.textContent.trim();
    const scale = one.ownerSVGElement ? one.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(one).fontSize) * scale;
    if (size < 26 * unit - 0.1) flaws.push(["small", text]);
    // A line's box is taller than its letters: they reach about 0.42 of their size from its middle.
    for (const box of range.getClientRects()) {
      const [middle, half] = [(box.top + box.bottom) / 2, 0.42 * size];
      const { left, right, width } = box;
      if (width > 1) words.push([text, { left, right, top: middle - half, bottom: middle + half }]);
    }
  }
  for (const [text, box] of words) {
    const outside = [-box.left, -box.top, box.right - innerWidth, box.bottom - innerHeight];
    if (Math.max(...outside) > 1) flaws.push(["off", text]);
  }
  words.forEach(([first, a], at) => words.slice(at + 1).forEach(([second, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && down > 2 * unit) flaws.push(["over", first, second]);
  }));
  return flaws;
}"""
SCREENS = [(1920, 1080), (3840, 2160), (1366, 768)]


@pytest.fixture
def screen(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context(viewport={"width": 1920, "height": 1080})


def flaws_of_every_page(page: Page) -> list[object]:
    """Each flaw with the screen and the page of the wall that has it; every page is turned to."""
    flaws: list[object] = []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for _panel in range(page.locator(".panel").count()):
            found = page.evaluate(FLAWS)
            shown = page.locator(".panel:not([hidden])").get_attribute("id")
            flaws += [(width, shown, flaw) for flaw in found]
            page.keyboard.press("ArrowRight")
    return flaws


def test_nothing_is_cut_on_any_screen(server: Server, screen: BrowserContext) -> None:
    """Of a House with long names and a long headline, of councils, of regions, before the night."""
    night = ServedNight.seeded(server, wall.night)
    regions = ServedNight.seeded(server, narrow.regions)
    server.seed(reading.elections)
    page = screen.new_page()
    addresses = [night.url("wall/?group=ours"), night.url("wall/?theme=light")]
    addresses.append(regions.url("wall/"))
    others = ["/locals/wall/", "/locals/bodies/northshire/wall/", "/empty/wall/", "/dummy/wall/"]
    for address in [*addresses, *map(server.url, others)]:
        page.goto(address)
        page.evaluate("document.fonts.ready")
        assert flaws_of_every_page(page) == [], address


#: Swatches and lengths of the bar of parties with a pattern: what it is, the party, what is drawn.
PATTERNED = """labels => {
  const drawn = [];
  for (const one of document.querySelectorAll(".swatch, .bar .part")) {
    const party = one.closest("[data-party]")?.dataset.party;
    if (!labels.includes(party)) continue;
    const { fill, backgroundImage } = getComputedStyle(one);
    const id = fill.match(/url\\(.*#(.*?)"?\\)/)?.[1];
    const pattern = one.matches(".part") ? document.getElementById(id)?.tagName : backgroundImage;
    drawn.push([one.getAttribute("class"), party, pattern ?? "none"]);
  }
  return drawn;
}"""


def test_parties_have_their_patterns_on_the_wall(server: Server, screen: BrowserContext) -> None:
    """As wherever else a party is a shape, for those who do not see its colour."""
    night = ServedNight.seeded(server, wall.patterned)
    page = screen.new_page()
    found = set()
    for address in (night.url("wall/"), night.url("wall/?theme=light")):
        page.goto(address)
        drawn = page.evaluate(PATTERNED, list(PATTERNS))
        assert [one for one in drawn if one[2] == "none"] == []
        found |= {(kind, party) for kind, party, _pattern in drawn}
    assert found >= {("swatch", "ld"), ("swatch", "green"), ("part", "ld"), ("part", "green")}


def test_wall_equals_a_fresh_one_after_every_bulletin(
    server: Server, screen: BrowserContext
) -> None:
    """A declaration, a withdrawal and a headline: its page stays the one that was turned to."""
    night = ServedNight.seeded(server, wall.night)
    page = screen.new_page()
    page.goto(night.url("wall/?group=ours&seconds=600"))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#wall-gains")).to_be_visible()
    server.seed(front.declare, night.slug, "vale-20")
    expect(page.locator("#wall-gains")).to_contain_text("Vale 20")
    server.seed(wall.withdraw, night.slug, "vale-20")
    expect(page.locator("#wall-gains")).not_to_contain_text("Vale 20")
    server.seed(wall.headline, night.slug, "Half-way through")
    expect(page.locator("h1")).to_have_text("Half-way through")
    assert page.evaluate("window.neverReloaded")
    expect(page.locator("#wall-gains")).to_be_visible()
    read = """() => [...document.querySelectorAll("main [id]:not(#connection-status), .panel")]
      .map((part) => [part.id, part.textContent.replace(/\\s+/g, " ")])"""
    grown = page.evaluate(read)
    page.reload()
    assert page.evaluate(read) == grown
    assert page.evaluate("document.querySelectorAll('a, button:not([hidden])').length") == 0 or (
        page.locator("a:visible, button:visible").count() == 0
    )

"""Helpers for a reader's open page, shared by many tests."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from tests.chromium import wait_for

#: Each part of the page that has an id, with what it shows.
PARTS = """() => Object.fromEntries([...document.querySelectorAll("main [id]")]
    .map((element) => [element.id, element.innerText]))"""

# Every layout shift since the first paint, as browsers report it.
OBSERVE_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shifts.push(entry);
}).observe({type: "layout-shift", buffered: true});
"""
SHIFTS = """shifts.filter((shift) => shift.startTime > (window.countedFrom ?? 0))
  .map((shift) => [shift.value, shift.sources.map((source) => [
  source.node && (source.node.id || source.node.className),
  ...[source.previousRect, source.currentRect].map((at) => [at.x, at.y, at.width, at.height]),
])])"""


def open_live(context: BrowserContext, url: str, *, clock: bool = False) -> Page:
    """Open a page and wait until its socket was heard; `neverReloaded` is lost if it reloads.

    With `clock` its timers run by playwright's clock, which a test may move.
    """
    page = context.new_page()
    if clock:
        page.clock.install()
    page.goto(url)
    expect(page.locator("#sign-of-life .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")
    return page


def stop_clock(page: Page) -> None:
    """Let no timer of the page end until the test lets its time pass.

    For states that a page leaves by itself after a random time, which may be over before the test
    looks.
    """
    now = page.evaluate("Date.now()") / 1_000
    page.clock.pause_at(datetime.fromtimestamp(now + 1, tz=UTC))


def pass_time_until(page: Page, state: str) -> None:
    """Let the page's time pass until its connection status is `state`.

    Five times as fast as real time, so that what it starts has real time to be answered before the
    page's own timeouts end it.
    """
    status = page.locator("#sign-of-life")

    def has_come() -> bool:
        if status.get_attribute("data-state") == state:
            return True
        page.clock.run_for(1_000)
        page.wait_for_timeout(200)
        return False

    wait_for(page, has_come)


#: The list beside the map is counted from its seats as they are now, which a module does that comes
#: with the first bulletin.
KEY_IS_COUNTED = """() => {
  const key = document.querySelector("#map-key .key-parties");
  if (!key) return true;
  const seats = [...document.querySelectorAll("#map :is(.hex, .tile)")];
  const won = seats.filter((seat) => seat.matches("[data-party]:not(.open)"));
  const parties = (won.length ? won : seats).map((seat) => seat.dataset.party).filter(Boolean);
  const counts = {};
  for (const party of parties) counts[party] = (counts[party] ?? 0) + 1;
  const says = (row, number) => Number(row.querySelector("b").textContent) === number;
  const rows = [...key.querySelectorAll("li[data-party]")];
  const listed = new Set(rows.map((row) => row.dataset.party));
  return parties.every((party) => listed.has(party))
    && rows.every((row) => says(row, counts[row.dataset.party] ?? 0))
    && says(key.querySelector(".key-to-come"), seats.length - won.length)
    && says(key.querySelector(".key-changed"), won.filter((seat) => seat.dataset.from).length);
}"""


def assert_equal_to_a_fresh_one(page: Page, use: Callable[[Page], None] | None = None) -> None:
    """The page as it stands shows, part for part, what it shows after loading it again.

    `use` does to the page that was loaded again what the reader has done to this one.
    """
    expect(page.locator(".fresh")).to_have_count(0)
    # A party's name comes within seconds of its first seat.
    page.wait_for_function(KEY_IS_COUNTED)
    _bring_the_map_into_view(page)
    grown = page.evaluate(PARTS)
    page.reload()
    _bring_the_map_into_view(page)
    if use:
        use(page)
    fresh = page.evaluate(PARTS)
    different = {name for name in {*grown, *fresh} if grown.get(name) != fresh.get(name)}
    assert not different, [(name, grown.get(name), fresh.get(name)) for name in different]


def _bring_the_map_into_view(page: Page) -> None:
    """Have the card and, of hexagons, the buttons, which come when the map is first in view."""
    if not page.locator("#map :is(.hex, .tile)").count():
        return
    page.mouse.move(0, 0)  # over a seat it would name that seat
    page.locator("#map").scroll_into_view_if_needed()
    expect(page.locator(".map-card")).to_have_count(1)
    expect(page.locator(".map-card")).to_be_hidden()
    if page.locator("#map .hexmap").count():
        expect(page.locator(".map-buttons")).to_have_count(1)

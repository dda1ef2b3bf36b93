"""The wall over an unattended night: it stays awake, small and up to date, and turns pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Route, expect

from tests.browser.pages import answer_by_clock, is_live, pass_time, pass_time_until, stop_clock
from tests.chromium import wait_for
from tests.seeds import front, wall
from tests.served_night import ServedNight
from tests.servers import Server
from tests.soak import rounds

#: A wake lock of the browser's kind, which the test counts and takes away.
WAKE_LOCK = """
window.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
  if (window.refused) throw new DOMException("no power", "NotAllowedError");
  const lock = Object.assign(new EventTarget(), { kind, released: false });
  lock.takeAway = () => { lock.released = true; lock.dispatchEvent(new Event("release")); };
  locks.push(lock);
  return lock;
} } });
"""
SHOW = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
HELD = "locks.filter((lock) => !lock.released).length"


@pytest.fixture
def screen(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context(viewport={"width": 1920, "height": 1080})


@pytest.fixture
def wall_night(server: Server) -> ServedNight:
    return ServedNight.seeded(server, wall.night)


def open_wall(screen: BrowserContext, night: ServedNight, path: str = "wall/?group=ours") -> Page:
    """Open a wall whose time passes only as the test says; wait until its socket was heard."""
    page = screen.new_page()
    stop_clock(page, datetime(2019, 12, 12, 23, 50, tzinfo=UTC))
    page.goto(night.url(path))
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("window.neverReloaded = true")
    return page


def shown_panel(page: Page) -> str:
    return page.locator(".panel:not([hidden])").get_attribute("id") or ""


def test_asks_for_its_wake_lock_again(screen: BrowserContext, wall_night: ServedNight) -> None:
    """When the page is visible again, when the lock was taken away, and after it was refused."""
    screen.add_init_script(WAKE_LOCK)
    page = open_wall(screen, wall_night)
    assert page.evaluate(HELD) == 1
    page.evaluate(SHOW, True)
    page.evaluate("locks.at(-1).takeAway()")
    assert page.evaluate(HELD) == 0
    page.evaluate(SHOW, False)
    pass_time_until(page, lambda: page.evaluate(HELD) == 1)
    page.evaluate("window.refused = true; locks.at(-1).takeAway()")
    page.clock.run_for(10_000)
    assert page.evaluate(HELD) == 0
    page.evaluate("window.refused = false")
    page.clock.run_for(300_000)
    assert page.evaluate(HELD) == 1


def pass_panels(page: Page) -> None:
    for _panel in range(page.locator(".panel").count()):
        page.keyboard.press("ArrowRight")


def show_headlines(page: Page, night: ServedNight, number: int) -> None:
    """Publish headlines, and wait until the wall shows the last and asks for nothing more."""
    newest = night.server.seed(wall.headlines, night.slug, number)
    expect(page.locator("html")).to_have_attribute("data-sequence", str(newest))
    pass_time(page, 1)
    expect(page.locator("h1")).to_have_text("Still half-way through")


def weigh(session: CDPSession) -> tuple[int, int, int]:
    """The page's nodes, listeners and bytes of JavaScript, after what can go has gone."""
    for _round in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return metrics["Nodes"], metrics["JSEventListeners"], metrics["JSHeapUsedSize"]


@pytest.mark.soak
def test_grows_no_heavier_over_many_bulletins(
    screen: BrowserContext, wall_night: ServedNight
) -> None:
    """It has the nodes and listeners that it had before six times as many bulletins."""
    first = rounds(20, 500)
    page = open_wall(screen, wall_night, "wall/?group=ours&seconds=600")
    session = screen.new_cdp_session(page)
    session.send("Performance.enable")
    weights = []
    for number in (first, 6 * first):
        show_headlines(page, wall_night, number)
        pass_panels(page)
        show_headlines(page, wall_night, 2)
        weights.append(weigh(session))
    (nodes, listeners, heap), (more_nodes, more_listeners, more_heap) = weights
    assert more_nodes == nodes
    assert more_listeners == listeners
    assert more_heap < heap * 1.1 + 200_000


def test_goes_on_turning_over_midnight(screen: BrowserContext, wall_night: ServedNight) -> None:
    page = open_wall(screen, wall_night)
    seen = []
    for _turn in range(60):
        page.clock.run_for(20_000)
        seen.append(shown_panel(page))
    assert all(one != other for one, other in pairwise(seen))
    assert set(seen) == {panel.get_attribute("id") for panel in page.locator(".panel").all()}
    page.route("**/now/", answer_by_clock)
    page.evaluate("dispatchEvent(new Event('online'))")  # it asks at once
    expect(page.locator("#connection-status .when")).to_have_text("00:10")


def test_catches_up_after_hours_without_a_network(
    screen: BrowserContext, wall_night: ServedNight
) -> None:
    page = open_wall(screen, wall_night)
    screen.set_offline(True)
    page.clock.fast_forward("04:00:00")
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "offline")
    before = shown_panel(page)
    page.clock.run_for(20_000)
    assert shown_panel(page) != before
    wall_night.declare("vale-20")
    wall_night.server.seed(wall.headline, wall_night.slug, "After hours")
    screen.set_offline(False)
    pass_time_until(page, lambda: page.locator("h1").inner_text() == "After hours")
    pass_time_until(page, lambda: is_live(page))
    assert page.evaluate("window.neverReloaded")


def test_outlives_restarts_and_new_epochs(
    make_desk: Callable[..., Server], screen: BrowserContext
) -> None:
    """The server stops three times; each time the night has another epoch when it is back."""
    desk = make_desk()
    desk.start()
    night = ServedNight.seeded(desk, wall.night)
    page = open_wall(screen, night)
    body = page.locator("body")

    def names(party: str) -> Callable[[], bool]:
        return lambda: party in body.inner_text()

    for name in ("Labour A", "Labour B", "Labour C"):
        desk.stop()
        desk.seed(front.rename_labour, night.slug, name)
        pass_time_until(page, lambda: not is_live(page))
        page.clock.run_for(600_000)
        desk.start()
        pass_time_until(page, names(name))
        pass_time_until(page, lambda: is_live(page))


def test_withdrawn_night_stays_hidden_while_the_server_fails(
    screen: BrowserContext, wall_night: ServedNight
) -> None:
    page = open_wall(screen, wall_night)
    status = {"now": 410, "failed": 0}

    def fail(route: Route) -> None:
        status["failed"] += status["now"] == 503
        route.fulfill(status=status["now"])

    page.route("**/wall/**", fail)
    pass_time_until(page, page.locator("body").is_hidden)
    status["now"] = 503
    page.clock.run_for(300_000)
    wait_for(page, lambda: status["failed"] > 0)
    assert page.locator("body").is_hidden()
    page.unroute_all()
    pass_time_until(page, page.locator("body").is_visible)


@pytest.mark.parametrize("missing", ["not found", "no answer"])
def test_new_release_is_shown_once_all_of_it_can_be_loaded(
    screen: BrowserContext, wall_night: ServedNight, missing: str
) -> None:
    page = open_wall(screen, wall_night)
    asked: list[Route] = []

    def as_new_release(route: Route) -> None:
        response = route.fetch()
        text = response.text().replace('data-release="', 'data-release="next-')
        route.fulfill(response=response, body=text)

    def fail(route: Route) -> None:
        asked.append(route)
        if missing == "not found":
            route.fulfill(status=404)

    page.route("**/wall/**", as_new_release)
    page.route("**/wall*.css", fail)
    page.evaluate("window.leftUnanswered = /wall[^/]*css/")
    pass_time_until(page, lambda: len(asked) > 1)
    assert page.evaluate("window.neverReloaded")
    page.unroute("**/wall*.css")
    for route in asked if missing == "no answer" else ():
        route.abort()
    loads: list[Page] = []
    page.on("load", lambda loaded: loads.append(loaded))
    pass_time_until(page, lambda: bool(loads))


def test_page_that_is_held_turns_again_by_itself(
    screen: BrowserContext, wall_night: ServedNight
) -> None:
    """A key pressed by somebody who has gone home must not stop it for the night."""
    page = open_wall(screen, wall_night)
    page.keyboard.press(" ")
    held = shown_panel(page)
    page.clock.run_for(120_000)
    assert shown_panel(page) == held
    page.clock.run_for(600_000)
    assert page.locator("#wall-panels").get_attribute("data-held") is None
    before = shown_panel(page)
    page.clock.run_for(20_000)
    assert shown_panel(page) != before

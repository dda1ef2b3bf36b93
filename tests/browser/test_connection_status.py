"""The connection status of a reader's page is true through every failure."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Route,
    expect,
)

from tests import needs
from tests.browser.controlled_desk import Desk, expect_words
from tests.browser.pages import OBSERVE_SHIFTS, SHIFTS, answer_by_clock, stop_clock
from tests.chromium import FLAGS, WAIT_SECONDS, wait_for
from tests.seeds import front
from tests.served_night import ServedNight
from tests.servers import Server

#: Collects every state that the page shows, with its text, from its first on.
HISTORY = """
const element = () => document.getElementById("connection-status");
const text = (part) => element().querySelector(part).textContent.trim();
const note = () => {
  if (!element()?.querySelector(".when")) return;  // not parsed yet
  const shown = [element().dataset.state, text(".state"), text(".when")].join(" ").trim();
  if (history.at(-1) !== shown) history.push(shown);
};
let history = globalThis.shown = [];
addEventListener("pageshow", (event) => {
  globalThis.restored = event.persisted;
  if (!event.persisted) return;
  globalThis.shown = history = [];
  note();
});
const all = { attributes: true, childList: true, characterData: true, subtree: true };
new MutationObserver(note).observe(document, all);
"""


#: Longer than a page waits between two polls, and before the first new socket.
POLL_SECONDS, RETRY_SECONDS = 21, 11
SILENCE_SECONDS = 45


@pytest.fixture
def page(desktop: BrowserContext) -> Page:
    page = desktop.new_page()
    page.add_init_script(HISTORY)
    return page


@pytest.fixture
def desk(page: Page, still_night: ServedNight) -> Desk:
    return Desk(page, still_night)


def states(page: Page) -> list[str]:
    """Return the states shown so far, in order."""
    return [entry.split()[0] for entry in page.evaluate("shown")]


# --- States from facts ------------------------------------------------------------------------

FRESH, OLD = SILENCE_SECONDS * 1_000, SILENCE_SECONDS * 1_000 + 1
HEARD: dict[str, Any] = {"by": "socket", "failed": False, "behind": False}


#: What is known, how long the server was silent, whether the browser is online, and the state.
STATES: list[tuple[dict[str, Any], int, bool, str]] = [
    ({}, FRESH, True, "live"),
    ({}, FRESH, False, "live"),  # heard all the same: a desk on this very machine
    ({}, OLD, True, "reconnecting"),
    ({}, OLD, False, "offline"),
    ({"failed": True}, OLD, True, "unreachable"),
    ({"behind": True}, FRESH, True, "catching-up"),
    ({"behind": True}, OLD, True, "reconnecting"),
    ({"by": "request"}, FRESH, True, "polling"),
    ({"by": "request"}, FRESH, False, "polling"),
    ({"by": "request"}, OLD, True, "reconnecting"),
    ({"by": "request", "behind": True}, FRESH, True, "catching-up"),
    ({"by": "request", "failed": True}, FRESH, True, "unreachable"),
    ({"by": "request", "failed": True}, FRESH, False, "offline"),
    ({"by": "page"}, FRESH, True, "page"),
    ({"by": "page"}, OLD, True, "page"),
    ({"by": "page"}, FRESH, False, "offline"),
    ({"by": "page", "failed": True}, FRESH, True, "unreachable"),
    ({"by": None}, FRESH, True, "reconnecting"),
    ({"by": None}, FRESH, False, "offline"),
    ({"by": None, "failed": True}, FRESH, True, "unreachable"),
    ({"by": None, "failed": True}, FRESH, False, "offline"),
]


def test_state_follows_from_the_facts(still_night: ServedNight, page: Page) -> None:
    page.goto(still_night.url("corrections/"))
    results = page.evaluate(
        """async (all) => {
            const { stateOf } = await import('/static/reader/connection_status.js');
            return all.map((given) => stateOf(...given));
        }""",
        [[HEARD | facts, silence, online] for facts, silence, online, _state in STATES],
    )
    found = [(*given, result) for (*given, _), result in zip(STATES, results, strict=True)]
    assert found == STATES


# --- Sockets and polling ----------------------------------------------------------------------


def test_polls_when_the_socket_is_refused(desk: Desk, page: Page) -> None:
    desk.refuses_sockets = True
    desk.open_page()
    expect_words(page, "polling", "Updating 22:43")
    desk.pass_time(3 * RETRY_SECONDS)
    assert set(states(page)) == {"page", "polling"}


def test_polls_when_the_socket_is_lost(desk: Desk, page: Page) -> None:
    desk.go_live()
    desk.refuses_sockets = True
    desk.sockets[-1].close(code=1011)
    expect(page.locator("#connection-status")).not_to_have_attribute("data-state", "live")
    desk.pass_time(RETRY_SECONDS)
    expect_words(page, "polling", "Updating 22:43")
    assert set(states(page)) <= {"page", "live", "reconnecting", "polling"}


def test_page_of_a_night_that_came_back_by_its_socket_reconnects_soon(
    desk: Desk, page: Page
) -> None:
    """While the socket opens a request may fail, or a cache say that there is no such night."""
    desk.go_live()
    desk.answer = lambda route: route.fulfill(status=404)
    desk.refuses_sockets = True
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#connection-status .state")).to_have_text("Not updated since")
    desk.pass_time(5 * 60)
    desk.answer = lambda route: route.abort()
    desk.refuses_sockets = False
    before = len(desk.sockets)
    page.evaluate("dispatchEvent(new Event('online'))")
    desk.wait_for_socket(before + 1)
    desk.beat()
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "live")
    desk.pass_time(SILENCE_SECONDS - 10)  # so long that its loss is not answered with a request
    desk.sockets[-1].close(code=1011)
    expect(page.locator("#connection-status")).not_to_have_attribute("data-state", "live")
    desk.pass_time(RETRY_SECONDS)
    desk.wait_for_socket(before + 2)
    desk.beat()
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "live")


def test_silent_open_socket_is_not_live(desk: Desk, page: Page) -> None:
    desk.go_live()
    desk.answer = lambda route: route.abort()
    page.clock.run_for((SILENCE_SECONDS - 1) * 1_000)
    expect_words(page, "live", "Live 22:43")
    page.clock.run_for(2_000)
    expect(page.locator("#connection-status")).not_to_have_attribute("data-state", "live")
    page.clock.run_for(RETRY_SECONDS * 1_000)
    desk.wait_for_socket(2)
    desk.beat()
    expect_words(page, "live", "Live 22:43")


def test_page_whose_sockets_deliver_nothing_polls(desk: Desk, page: Page) -> None:
    """A proxy lets them through, and keeps back what they bring."""
    desk.open_page()
    desk.pass_time(SILENCE_SECONDS + 2)
    expect_words(page, "polling", "Updating 22:43")
    # Far enough into that minute for a poll to have been due in it, however the page chose.
    desk.pass_time(2 * 60 + POLL_SECONDS - (SILENCE_SECONDS + 2))
    assert len(desk.sockets) > 1
    expect_words(page, "polling", "Updating 22:45")


def test_page_polls_while_the_next_socket_delivers_nothing(desk: Desk, page: Page) -> None:
    desk.go_live()
    desk.pass_time(SILENCE_SECONDS + POLL_SECONDS + 1)
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "polling")


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(lambda route: route.abort(), id="no connection"),
        pytest.param(lambda route: route.fulfill(status=503), id="503"),
        pytest.param(lambda route: route.fulfill(status=200, body="<p>Welcome"), id="portal"),
    ],
)
def test_unreachable_server_shows_no_answer(
    desk: Desk, page: Page, fail: Callable[[Route], None]
) -> None:
    desk.go_live()
    desk.answer = fail
    desk.refuses_sockets = True
    desk.sockets[-1].close(code=1011)
    page.clock.run_for(60_000)
    expect_words(page, "unreachable", "No answer since 22:43")
    assert "polling" not in states(page)
    desk.answer = answer_by_clock
    desk.pass_time(POLL_SECONDS)
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "polling")


def test_page_that_cannot_fetch_a_gap_is_catching_up(desk: Desk, page: Page) -> None:
    desk.go_live()
    page.route("**/updates/**", lambda route: route.abort())
    number = int(page.evaluate("document.documentElement.dataset.sequence"))
    epoch = page.evaluate("document.documentElement.dataset.epoch")
    frame = {"epoch": epoch, "since": number + 1, "sequence": number + 2, "fragments": {}}
    desk.sockets[-1].send(json.dumps(frame))
    expect_words(page, "catching-up", "Catching up")
    desk.sockets[-1].send(json.dumps(frame))
    expect_words(page, "catching-up", "Catching up")


# --- The browser and its network --------------------------------------------------------------


def test_offline_follows_the_browser_until_the_server_is_heard(desk: Desk, page: Page) -> None:
    desk.go_live()
    page.clock.run_for(10_000)
    page.context.set_offline(True)
    expect_words(page, "offline", "Offline since 22:43")
    page.clock.run_for(120_000)
    expect_words(page, "offline", "Offline since 22:43")
    page.context.set_offline(False)
    expect_words(page, "polling", "Updating 22:45")
    desk.beat()
    expect_words(page, "live", "Live 22:45")


@pytest.mark.parametrize("lost", ["**/map_modes*.js", "**/map.json"])
def test_map_mode_chosen_without_a_network_does_not_leave_the_page(
    page: Page, still_night: ServedNight, lost: str
) -> None:
    """What the page shows would be lost for the browser's own words about the network."""
    page.goto(still_night.url())
    turnout = page.locator("#map label", has_text="Turnout")
    turnout.scroll_into_view_if_needed()
    page.route(lost, lambda route: route.abort("internetdisconnected"))
    page.context.set_offline(lost.endswith(".js"))
    turnout.click()
    expect(page.locator("#map [value=winner]")).to_be_checked()
    expect(page.locator("#headline h1")).to_be_visible()
    page.context.set_offline(False)
    page.unroute(lost)
    turnout.click()
    expect(page.locator("#map")).to_have_attribute("data-mode", "turnout")


def test_online_event_during_a_failing_request_starts_another(desk: Desk, page: Page) -> None:
    desk.refuses_sockets = True
    held: list[Route] = []
    desk.answer = held.append
    desk.open_page()
    wait_for(page, lambda: bool(held))
    desk.answer = answer_by_clock
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_words(page, "polling", "Updating 22:43")
    held[0].abort()
    page.clock.run_for(1_000)
    expect_words(page, "polling", "Updating 22:43")


def test_reconnects_after_sleep(desk: Desk, page: Page) -> None:
    desk.go_live()
    desk.answer = lambda route: route.abort()
    page.clock.fast_forward("10:00")
    expect_words(page, "unreachable", "No answer since 22:43")
    desk.wait_for_socket(2)
    desk.beat()
    expect_words(page, "live", "Live 22:53")


# --- Layout -----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
@pytest.mark.parametrize("path", ["{night}", "/embed{night}scoreboard/"])
def test_masthead_keeps_its_layout_when_the_page_goes_live(
    still_night: ServedNight, new_context: Callable[..., BrowserContext], width: int, path: str
) -> None:
    """Its script loads long after the first paint, as on a slow connection."""
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(OBSERVE_SHIFTS)
    held: list[Route] = []
    take: Callable[[Route], None] = held.append
    page.route("**/*.js", lambda route: take(route))
    address = path.format(night=still_night.path)
    page.goto(still_night.server.url(address), wait_until="commit")
    expect(page.locator("#connection-status .state")).to_have_text("As of")
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    wait_for(page, lambda: bool(page.evaluate(painted)))
    take = Route.continue_
    for route in held:
        route.continue_()
    expect(page.locator("#connection-status .state")).to_have_text("Live")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate(SHIFTS) == []


# --- Back and forward -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keeps_pages(chromium: Browser) -> Iterator[Browser]:
    """A browser with the back/forward cache, which Playwright's own launch turns off."""
    browser = chromium.browser_type.launch(
        executable_path=needs.program("chromium", package="chromium"),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def test_back_forward_cache_never_shows_offline(keeps_pages: Browser, server: Server) -> None:
    night = ServedNight.seeded(server)
    with keeps_pages.new_context(locale="en-GB") as context:
        context.set_default_timeout(WAIT_SECONDS * 1_000)
        page = context.new_page()
        page.add_init_script(HISTORY)
        live = page.locator("#connection-status[data-state=live]")
        for path in ("", "parties/"):
            page.goto(night.url(path))
            expect(live).to_be_visible()
        night.declare("vale-20")
        for go in (page.go_back, page.go_forward, page.go_back):
            go(wait_until="commit")
            expect(live).to_be_visible()
            expect(page.locator("#connection-status .sequence")).to_have_text("13")
            assert page.evaluate("restored")
            assert page.evaluate("shown")[0] == "reconnecting Reconnecting"
            assert set(states(page)) <= {"reconnecting", "polling", "catching-up", "live"}
        expect(page.locator("#progress")).to_contain_text("13 of 31 declared")


def test_page_from_the_browsers_cache_shows_its_bulletins_time(
    make_desk: Callable[..., Server], page: Page
) -> None:
    with make_desk() as server:
        night = ServedNight.seeded(server)
        page.goto(night.url())
        served = re.findall(r'when">([^<]*)', server.get(night.path))[0]
        # No live page: as its socket is refused, it may still be answered what is new, and that
        # answer be in the cache as well.
        page.goto(night.server.url("/robots.txt"))
    page.go_back()
    status = page.locator("#connection-status")
    expect(status).to_have_attribute("data-state", "unreachable")
    expect_words(page, "unreachable", f"No answer, as of {served}")


# --- Notices of the server --------------------------------------------------------------------


def test_server_without_room_for_sockets_shows_updating(
    make_desk: Callable[..., Server], page: Page
) -> None:
    with make_desk(environment={"READERS_PER_PROCESS": "0"}) as server:
        night = ServedNight.seeded(server)
        page.goto(night.url())
        expect(page.locator("#connection-status")).to_have_attribute("data-state", "polling")
        assert set(states(page)) == {"page", "polling"}


def test_states_during_a_restart_of_the_server(
    make_desk: Callable[..., Server], page: Page
) -> None:
    with make_desk() as server:
        night = ServedNight.seeded(server)
        status = page.locator("#connection-status")
        stop_clock(page)
        page.goto(night.url())
        expect(status).to_have_attribute("data-state", "live")
        server.stop()
        expect(status).to_have_attribute("data-state", "reconnecting")
        page.clock.run_for(60_000)
        expect(status).to_have_attribute("data-state", "unreachable")
        page.clock.resume()
        server.seed(front.declare, night.slug, "vale-20")
        server.start()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(status).to_have_attribute("data-state", "live")
        expect(status.locator(".sequence")).to_have_text("13")
        assert "offline" not in states(page)


@pytest.mark.parametrize("paused", [False, True])
def test_longest_status_fits_the_screen(desk: Desk, page: Page, paused: bool) -> None:
    desk.go_live()
    if paused:
        page.get_by_role("button", name="Pause").click()
    desk.answer = lambda route: route.abort()
    desk.refuses_sockets = True
    desk.sockets[-1].close(code=1011)
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "unreachable")
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 800})
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, width

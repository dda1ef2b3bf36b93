"""What readers' pages say of times is the server's, whatever the clock of the device says."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.controlled_desk import START, Desk, expect_words
from tests.browser.pages import tell_time
from tests.chromium import wait_for
from tests.seeds import reading
from tests.served_night import ServedNight
from tests.servers import Server

HOUR_MS = 3_600_000
#: A device whose clock is wrong by `skew` milliseconds, and whose other clock is not.
SKEW = """
globalThis.skew = %d;
const now = Date.now;
Date.now = () => now() + skew;
"""


@pytest.fixture
def page(desktop: BrowserContext) -> Page:
    return desktop.new_page()


@pytest.fixture
def desk(page: Page, still_night: ServedNight) -> Desk:
    return Desk(page, still_night)


def minutes_of(page: Page) -> set[str]:
    """The time of now, as readers read it, and of the minute that may just have begun."""
    zone = ZoneInfo(page.evaluate("document.documentElement.dataset.zone"))
    now = datetime.now(zone)
    return {f"{now - timedelta(minutes=ago):%H:%M}" for ago in range(3)}


@pytest.mark.parametrize("skew", [HOUR_MS, -HOUR_MS])
@pytest.mark.parametrize("sockets", [True, False], ids=["socket", "polling"])
def test_time_shown_is_the_servers(
    still_night: ServedNight, page: Page, skew: int, sockets: bool
) -> None:
    page.add_init_script(SKEW % skew)
    if not sockets:
        page.route_web_socket("**/live/**", lambda socket: socket.close(code=1011))
    page.goto(still_night.url())
    state = "live" if sockets else "polling"
    expect(page.locator("#connection-status")).to_have_attribute("data-state", state)
    wait_for(
        page, lambda: page.locator("#connection-status .when").inner_text() in minutes_of(page)
    )


def test_silence_is_noticed_though_the_clock_was_set_back(desk: Desk, page: Page) -> None:
    desk.go_live()
    desk.answer = lambda route: route.abort()
    desk.refuses_sockets = True
    page.clock.set_system_time(START - timedelta(hours=1))
    page.clock.run_for(46_000)
    expect(page.locator("#connection-status")).not_to_have_attribute("data-state", "live")
    page.clock.run_for(60_000)
    expect_words(page, "unreachable", "No answer since 22:43")


def test_no_time_is_claimed_once_the_clocks_disagree(desk: Desk, page: Page) -> None:
    """The device slept, or its clock was set forward: the server has to say the time again."""
    desk.go_live()
    page.clock.set_system_time(START + timedelta(hours=2))
    socket = desk.sockets[-1]
    root = page.evaluate("({...document.documentElement.dataset})")
    number = int(root["sequence"])
    frame = {"epoch": root["epoch"], "since": number, "sequence": number, "fragments": {}}
    socket.send(json.dumps(frame))
    expect_words(page, "live", "Live")


@pytest.mark.parametrize(("device", "overdue"), [(-60, True), (60, False)])
def test_overdue_follows_the_servers_clock(
    server: Server, desktop: BrowserContext, device: int, overdue: bool
) -> None:
    """By a device that is an hour slow what is overdue is not, and by a fast one all is."""
    server.seed(reading.awaited)
    page = desktop.new_page()
    at = datetime(2093, 5, 5, 0, 41 if overdue else 35, tzinfo=UTC)
    tell_time(page, at)
    page.clock.set_fixed_time(at + timedelta(minutes=device))
    page.goto(server.url("/house/wall/"))
    names = page.locator(".expected .row").filter(has=page.locator(".overdue:visible"))
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "live")
    expect(names.locator(".name")).to_have_text(["Vale"] if overdue else [])
